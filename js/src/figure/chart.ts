// What stands around the lines: two value axes in their lines' colours, and where nothing is drawn.

import { FAILED, UNCONVERGED } from "../cell-state";
import { type Drawable, drawable } from "../lattice";
import type { Layout } from "../plotly";
import type { Range } from "../protocol";
import { drawsOf, type Surface } from "../surface";
import { coordinateTicks, directionTitle, plain, SHOWN_TICKS, spikes, ticks } from "./axes";
import { barrierName } from "./barrier";
import { ends, unknownGround } from "./ground";
import { landmarksOf, markNames } from "./marks";
import { chartPins } from "./pins";
import type { View } from "./scene";
import { heightOn, type Side } from "./sides";
import { valueTitle } from "./titles";

/** `sides` is empty before the first level. */
export function chartLayout(surface: Surface | null, sides: readonly Side[], view: View): Layout {
  const { request, theme } = view;
  const blanks = surface && sides[0] ? blanksOf(surface, sides[0], view) : [];
  return {
    xaxis: {
      ...frame(view),
      ...spikes(theme),
      ...coordinateTicks(request.x, theme),
      range: [...request.x],
      title: {
        text: directionTitle(surface, request, 0, theme.compact),
        font: { size: theme.fontSize },
        standoff: 8,
      },
    },
    yaxis: frame(view),
    ...Object.fromEntries(sides.map((side) => valueAxis(surface, side, view))),
    showlegend: surface !== null && needsLegend(surface, sides),
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { color: theme.muted } },
    shapes: blanks.map(({ range: [x0, x1], color }) => ({
      type: "rect",
      layer: "below",
      yref: "paper",
      x0,
      x1,
      y0: 0,
      y1: 1,
      fillcolor: color,
      line: { width: 0 },
    })),
    annotations: [
      ...blanks.map(({ range, text }) => ({
        text,
        yref: "paper",
        x: (range[0] + range[1]) / 2,
        y: 0.5,
        textangle: -90,
        showarrow: false,
        font: { color: theme.muted, size: theme.fontSize - 1 },
      })),
      ...(surface && sides[0] ? names(surface, sides[0], view) : []),
      ...(surface && sides[0] ? chartPins(surface, sides[0], view) : []),
      ...(surface ? barrierName(surface, sides, view) : []),
    ],
  };
}

/** Once there are several lines, be they of several metrics or of one drawn more than once. */
function needsLegend(surface: Surface, sides: readonly Side[]): boolean {
  const metrics = sides.flatMap((side) => side.metrics);
  return metrics.flatMap((metric) => drawsOf(surface, metric)).length > 1;
}

interface Blank {
  readonly range: Range;
  readonly text: string;
  readonly color: string;
}

function blanksOf(surface: Surface, side: Side, { request, theme }: View): Blank[] {
  const height: Range = [0, 1];
  const unknown = unknownGround({ x: request.x, y: height }, { x: ends(surface.x), y: height });
  const drawn = drawable(surface, side.metrics[0] ?? 0);
  const isFailed = (cell: number) => surface.states[cell] === FAILED;
  const holes = stretches(drawn, (value, cell) => !Number.isFinite(value) && !isFailed(cell));
  const failed = stretches(drawn, (_, cell) => isFailed(cell));
  const doubtful = stretches(drawn, (_, cell) => surface.states[cell] === UNCONVERGED);
  return [
    ...unknown.map(({ x }) => ({ range: x, text: "not computed", color: theme.unknown })),
    ...holes.map((range) => ({ range, text: "not finite", color: theme.wall })),
    ...failed.map((range) => ({ range, text: "failed", color: theme.wall })),
    ...doubtful.map((range) => ({ range, text: "not converged", color: theme.wall })),
  ];
}

/** Stretches of which something is so, out to halfway to their neighbours. */
function stretches(
  drawn: Drawable | null,
  claim: (value: number, cell: number) => boolean,
): Range[] {
  const found: [number, number][] = [];
  drawn?.x.forEach((x, index) => {
    const [value, cell] = [drawn.rows[0]?.[index] as number, drawn.cells[0]?.[index] as number];
    if (!claim(value, cell)) return;
    const from = (x + (drawn.x[index - 1] ?? x)) / 2;
    const to = (x + (drawn.x[index + 1] ?? x)) / 2;
    const last = found.at(-1);
    if (last?.[1] === from) last[1] = to;
    else found.push([from, to]);
  });
  return found;
}

function names(surface: Surface, side: Side, { theme, request }: View): Layout[] {
  const around = { theme, window: [request.x], path: null, isFlat: true };
  return markNames(landmarksOf(surface, side.metrics[0] ?? 0), around, (mark) => ({
    x: mark.coordinates[0],
    y: heightOn(side, mark.value) ?? side.range[0],
  }));
}

function valueAxis(surface: Surface | null, side: Side, view: View): [string, Layout] {
  const { theme } = view;
  const title = plain(valueTitle(surface?.metrics[side.metrics[0] ?? 0], side.scale));
  const right = side.axis === "y2";
  const axis = {
    ...frame(view),
    ...ticks(side.scale.ticks(...side.range)),
    range: [...side.range],
    title: { text: title, font: { color: side.color, size: theme.fontSize }, standoff: 10 },
    tickfont: { color: side.color, size: theme.fontSize - 1 },
  };
  return right
    ? ["yaxis2", { ...axis, overlaying: "y", side: "right" }]
    : ["yaxis", { ...axis, showgrid: true, gridcolor: theme.grid }];
}

function frame({ theme }: View): Layout {
  return {
    showgrid: false,
    zeroline: false,
    fixedrange: true,
    automargin: true,
    ...SHOWN_TICKS,
    ticks: "outside",
    ticklen: 4,
    tickcolor: theme.grid,
  };
}
