// How do loss and accuracy run along one direction?

import type { Layout, Trace } from "../plotly";
import type { Range } from "../protocol";
import { choose, isFlat, type ValueScale } from "../scale";
import { drawable, metricIndex, standardError, type Surface } from "../surface";
import { coordinateTicks, directionTitle, plain, ticks } from "./axes";
import { ends, unknownGround } from "./ground";
import { marksOf, markTrace } from "./marks";
import { chosenMetric, metricTitle, type View, valueTitle, wantedScale } from "./scene";

/** What shares an axis: a metric on the training data and the same on the test data. */
interface Side {
  readonly metrics: readonly number[];
  readonly color: string;
  readonly yaxis: "y" | "y2";
  readonly scale: ValueScale;
  readonly range: Range;
  readonly limit: number;
}

/** Loss left, accuracy right; train solid, test dashed, each with the band of its standard error. */
export function line(surface: Surface, view: View): { data: Trace[]; layout: Layout } {
  const sides = sidesOf(surface, view);
  const data = sides.flatMap((side) => [
    ...side.metrics.map((metric) => band(surface, metric, side)),
    ...side.metrics.map((metric) => curve(surface, metric, side, view)),
  ]);
  const marks = sides.map((side) => markers(surface, side, view));
  return { data: [...data, ...marks], layout: lineLayout(surface, sides, view) };
}

export function lineLayout(surface: Surface | null, sides: readonly Side[], view: View): Layout {
  const { request, theme } = view;
  const unknown = surface?.x.length
    ? unknownGround({ x: request.x, y: [0, 1] }, { x: ends(surface.x), y: [0, 1] })
    : [];
  const holes = surface && sides[0] ? holesOf(surface, sides[0].metrics[0] ?? 0) : [];
  const shade = (range: Range, color: string) => ({
    type: "rect",
    layer: "below",
    xref: "x",
    yref: "paper",
    x0: range[0],
    x1: range[1],
    y0: 0,
    y1: 1,
    fillcolor: color,
    line: { width: 0 },
  });
  const note = (range: Range, text: string) => ({
    text,
    xref: "x",
    yref: "paper",
    x: (range[0] + range[1]) / 2,
    y: 0.5,
    textangle: -90,
    showarrow: false,
    font: { color: theme.muted, size: theme.fontSize - 1 },
  });
  return {
    xaxis: {
      ...plainAxis(view),
      range: [...request.x],
      title: { text: directionTitle(surface, request, 0), standoff: 8 },
      ...coordinateTicks(request.x, theme),
      showspikes: true,
      spikemode: "across",
      spikesnap: "hovered data",
      spikethickness: 1,
      spikedash: "solid",
      spikecolor: theme.muted,
    },
    ...Object.fromEntries(sides.map((side) => valueAxis(surface, side, view))),
    showlegend: (surface?.metrics.length ?? 0) > 1,
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { color: theme.muted } },
    shapes: [
      ...unknown.map(({ x }) => shade(x, theme.unknown)),
      ...holes.map((range) => shade(range, theme.wall)),
    ],
    annotations: [
      ...unknown.map(({ x }) => note(x, "not computed")),
      ...holes.map((range) => note(range, "not finite")),
    ],
  };
}

function sidesOf(surface: Surface, view: View): Side[] {
  const chosen = chosenMetric(surface, view.request);
  const isPercent = (metric: number) => surface.metrics[metric]?.unit === "%";
  const numbers = surface.metrics.map((_, metric) => metric);
  const left = isPercent(chosen) ? numbers.find((metric) => !isPercent(metric)) : chosen;
  const right = isPercent(chosen) ? chosen : numbers.find(isPercent);
  return [
    ...(left === undefined ? [] : [sideOf(surface, pair(surface, left), "y", view)]),
    ...(right === undefined ? [] : [sideOf(surface, pair(surface, right), "y2", view)]),
  ];
}

/** A metric with its twin on the test data, training first. */
function pair(surface: Surface, metric: number): number[] {
  const name = (surface.metrics[metric]?.name ?? "").replace(/^test_/, "");
  return [name, `test_${name}`]
    .map((candidate) => metricIndex(surface, candidate))
    .filter((index) => index >= 0);
}

function sideOf(surface: Surface, metrics: number[], yaxis: "y" | "y2", view: View): Side {
  const { request, theme } = view;
  const clips = metrics.includes(chosenMetric(surface, request));
  const limit = (clips ? request.clip : null) ?? Infinity;
  const values = metrics
    .flatMap((metric) => [...(drawable(surface, metric)?.rows[0] ?? [])])
    .filter(Number.isFinite)
    .map((value) => Math.min(value, limit));
  const scale = choose(wantedScale(surface, metrics[0] ?? 0, request), values);
  const [low, high] = [Math.min(...values), Math.max(...values)].map(scale.forward);
  const room =
    low === undefined || high === undefined || isFlat(low, high)
      ? Math.abs(low ?? 0) / 10 || 1
      : (high - low) / 20;
  const range: Range = values.length ? [(low ?? 0) - room, (high ?? 0) + room] : [0, 1];
  return { metrics, color: theme.lines[yaxis === "y" ? 0 : 1], yaxis, scale, range, limit };
}

function curve(surface: Surface, metric: number, side: Side, view: View): Trace {
  const drawn = drawable(surface, metric);
  const facts = surface.metrics[metric];
  return {
    type: "scatter",
    name: facts ? plain(metricTitle(facts)) : "",
    mode: "lines",
    x: drawn?.x ?? [],
    y: Array.from(drawn?.rows[0] ?? [], (value) => shown(value, side)),
    yaxis: side.yaxis,
    connectgaps: false,
    opacity: view.previous ? 0.35 : 1,
    line: {
      color: side.color,
      width: 2,
      dash: facts?.name.startsWith("test_") ? "dash" : "solid",
    },
    hoverinfo: "none",
  };
}

/** One closed outline for each stretch whose error is known. */
function band(surface: Surface, metric: number, side: Side): Trace {
  const drawn = drawable(surface, metric);
  const outline: { x: (number | null)[]; y: (number | null)[] } = { x: [], y: [] };
  let stretch: { x: number; low: number; high: number }[] = [];
  const close = () => {
    const back = [...stretch].reverse();
    outline.x.push(...stretch.map((at) => at.x), ...back.map((at) => at.x), null);
    outline.y.push(...stretch.map((at) => at.high), ...back.map((at) => at.low), null);
    stretch = [];
  };
  drawn?.x.forEach((x, index) => {
    const value = drawn.rows[0]?.[index] ?? Number.NaN;
    const error = standardError(surface, metric, surface.x.indexOf(x));
    const [low, high] = [shown(value - error, side), shown(value + error, side)];
    if (low !== null && high !== null && error > 0) stretch.push({ x, low, high });
    else close();
  });
  close();
  return {
    type: "scatter",
    name: "standard error",
    mode: "lines",
    ...outline,
    yaxis: side.yaxis,
    fill: "toself",
    fillcolor: side.color,
    opacity: 0.18,
    line: { width: 0 },
    hoverinfo: "skip",
    showlegend: false,
  };
}

function markers(surface: Surface, side: Side, { theme }: View): Trace {
  const marks = marksOf(surface, side.metrics[0] ?? 0);
  return markTrace(marks, theme, {
    type: "scatter",
    x: marks.map((mark) => mark.coordinates[0]),
    y: marks.map((mark) => shown(mark.value, side)),
    yaxis: side.yaxis,
  });
}

function valueAxis(surface: Surface | null, side: Side, view: View): [string, Layout] {
  const { theme } = view;
  const metric = surface?.metrics[side.metrics[0] ?? 0];
  const right = side.yaxis === "y2";
  return [
    right ? "yaxis2" : "yaxis",
    {
      ...plainAxis(view),
      range: [...side.range],
      ...ticks(side.scale.ticks(side.range[0], side.range[1])),
      title: {
        text: plain(valueTitle(metric, side.scale)),
        font: { color: side.color },
        standoff: 10,
      },
      tickfont: { color: side.color, size: theme.fontSize - 1 },
      ...(right ? { overlaying: "y", side: "right" } : { showgrid: true, gridcolor: theme.grid }),
    },
  ];
}

function plainAxis({ theme }: View): Layout {
  return {
    showgrid: false,
    zeroline: false,
    fixedrange: true,
    automargin: true,
    ticks: "outside",
    ticklen: 4,
    tickcolor: theme.grid,
  };
}

/** Stretches of the first metric's line that aren't finite, out to halfway to their neighbours. */
function holesOf(surface: Surface, metric: number): Range[] {
  const drawn = drawable(surface, metric);
  const holes: [number, number][] = [];
  drawn?.x.forEach((x, index) => {
    if (Number.isFinite(drawn.rows[0]?.[index])) return;
    const from = (x + (drawn.x[index - 1] ?? x)) / 2;
    const to = (x + (drawn.x[index + 1] ?? x)) / 2;
    const last = holes.at(-1);
    if (last && last[1] === from) last[1] = to;
    else holes.push([from, to]);
  });
  return holes;
}

/** Drawn units; null where there is nothing to draw. */
function shown(value: number, side: Side): number | null {
  if (!Number.isFinite(value)) return null;
  const height = side.scale.forward(Math.min(value, side.limit));
  return Number.isFinite(height) ? height : null;
}
