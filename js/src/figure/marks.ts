// Which points carry a name, and where do they stand?

import type { Theme } from "../picture/theme";
import type { Layout, Trace } from "../plotly";
import type { Surface } from "../surface";
import { plain } from "./axes";

export interface Mark {
  readonly label: string;
  readonly coordinates: readonly number[];
  readonly value: number;
  /** Its number among cells and points. */
  readonly cell: number;
}

const ORIGIN = "origin";

/** The origin and other models, with the value of one metric. */
export function marksOf(surface: Surface, metric: number): Mark[] {
  const cells = surface.x.length * Math.max(1, surface.y.length);
  const dimensions = surface.y.length === 0 ? 1 : 2;
  return surface.points.map((label, point) => ({
    label,
    coordinates: Array.from(
      surface.pointCoordinates.subarray(point * dimensions, (point + 1) * dimensions),
    ),
    value: surface.values[metric]?.[cells + point] ?? Number.NaN,
    cell: cells + point,
  }));
}

/** Markers on top of everything: origin ●, other models ◆ with their names. */
export function markTrace(
  marks: readonly Mark[],
  place: Pick<Trace, "type"> & Readonly<Record<string, unknown>>,
): Trace {
  const flat = place.type === "scatter";
  return {
    ...place,
    name: "marks",
    mode: "markers",
    marker: {
      symbol: marks.map((mark) => (mark.label === ORIGIN ? "circle" : "diamond")),
      size: flat ? 10 : 6,
      color: "#ffffff",
      line: { color: "#16181d", width: flat ? 2 : 1.5 },
    },
    customdata: marks.map((mark) => mark.cell),
    hoverinfo: "none",
    showlegend: false,
    ...(flat ? { cliponaxis: false } : {}),
  };
}

/** The names of other models, beside their markers; the origin needs none. */
export function markNames(
  marks: readonly Mark[],
  theme: Theme,
  place: (mark: Mark) => Layout,
): Layout[] {
  return marks
    .filter((mark) => mark.label !== ORIGIN)
    .map((mark) => ({
      ...place(mark),
      text: plain(mark.label),
      showarrow: false,
      yshift: 18,
      bgcolor: theme.paper,
      opacity: 0.85,
      borderpad: 2,
      font: { color: theme.text, size: theme.fontSize - 1 },
    }));
}
