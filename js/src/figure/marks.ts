// Which points carry a name, and where do they stand?

import type { Trace } from "../plotly";
import type { Surface } from "../surface";
import type { Theme } from "../theme";
import { plain } from "./axes";

export interface Mark {
  readonly label: string;
  readonly coordinates: readonly number[];
  readonly value: number;
  /** Its number among cells and points. */
  readonly cell: number;
}

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
  theme: Theme,
  place: Pick<Trace, "type"> & Readonly<Record<string, unknown>>,
): Trace {
  const flat = place.type === "scatter";
  return {
    ...place,
    name: "marks",
    mode: "markers+text",
    text: marks.map((mark) => (mark.label === "origin" ? "" : plain(mark.label))),
    textposition: "top center",
    textfont: { color: theme.text, size: theme.fontSize },
    marker: {
      symbol: marks.map((mark) => (mark.label === "origin" ? "circle" : "diamond")),
      size: flat ? 10 : 6,
      color: "#ffffff",
      line: { color: "#16181d", width: flat ? 2 : 1.5 },
    },
    customdata: marks.map((mark) => mark.cell),
    hoverinfo: "none",
    showlegend: false,
    cliponaxis: true,
  };
}
