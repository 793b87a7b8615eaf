// How does one metric run along several draws of the same line: each thin, their mean thick, and what they span?

import { drawable } from "../lattice";
import type { Trace } from "../plotly";
import { drawsOf, type Surface } from "../surface";
import { plain } from "./axes";
import { mix } from "./colors";
import type { View } from "./scene";
import { heightOn, type Side } from "./sides";
import { metricTitle } from "./titles";

/** How far a single draw goes towards the paper. */
const LIGHTER_LINE = 0.5;

/** "5 draws: mean, lowest to highest" */
export function drawsTitle(count: number): string {
  return `${count} draws: mean, lowest to highest`;
}

/** Measured cells only; a cell where one draw isn't finite has no mean. */
export function repeats(surface: Surface, metric: number, side: Side, view: View): Trace[] {
  const facts = surface.metrics[metric];
  const drawn = drawsOf(surface, metric).map((draw) => drawable(surface, draw));
  const x = drawn[0]?.x ?? new Float64Array();
  const rows = drawn.map((one) => one?.rows[0] ?? new Float32Array());
  const at = (index: number) => rows.map((row) => row[index] as number);
  const over = (change: (values: number[]) => number) =>
    Array.from(x, (_, index) => heightOn(side, change(at(index))));
  const dash = facts?.name.startsWith("test_") ? "dash" : "solid";
  const trace = (changes: Partial<Trace>): Trace => ({
    type: "scatter",
    mode: "lines",
    x,
    yaxis: side.axis,
    opacity: view.previous ? 0.35 : 1,
    hoverinfo: "none",
    showlegend: false,
    ...changes,
  });
  const thin = { width: 1, dash, color: mix(side.color, view.theme.paper, LIGHTER_LINE) };
  const low = over((values) => Math.min(...values));
  const high = over((values) => Math.max(...values));
  return [
    trace({
      name: drawsTitle(rows.length),
      ...band(x, low, high),
      ...filled(side, view),
      showlegend: metric === 0,
    }),
    ...rows.map((row, draw) =>
      trace({ name: `draw ${draw + 1}`, y: Array.from(row, (v) => heightOn(side, v)), line: thin }),
    ),
    trace({
      name: facts ? plain(metricTitle(facts)) : "",
      y: over((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
      line: { width: 3, dash, color: side.color },
      showlegend: true,
    }),
  ];
}

function filled(side: Side, view: View): Partial<Trace> {
  return {
    fill: "toself",
    fillcolor: side.color,
    opacity: view.previous ? 0.06 : 0.16,
    line: { width: 0 },
    hoverinfo: "skip",
  };
}

/** One closed outline for each stretch that has both a lowest and a highest. */
export function band(
  x: ArrayLike<number>,
  low: readonly (number | null)[],
  high: readonly (number | null)[],
): { readonly x: (number | null)[]; readonly y: (number | null)[] } {
  const outline: { x: (number | null)[]; y: (number | null)[] } = { x: [], y: [] };
  let stretch: number[] = [];
  const close = () => {
    const back = [...stretch].reverse();
    if (stretch.length === 0) return;
    outline.x.push(...[...stretch, ...back].map((index) => x[index] as number), null);
    outline.y.push(
      ...stretch.map((index) => high[index] as number),
      ...back.map((index) => low[index] as number),
      null,
    );
    stretch = [];
  };
  low.forEach((value, index) => {
    if (value !== null && (high[index] ?? null) !== null) stretch.push(index);
    else close();
  });
  close();
  return outline;
}
