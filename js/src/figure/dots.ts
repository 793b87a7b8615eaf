// Where on lighter ground was something measured?

import type { Trace } from "../plotly";
import type { Scene } from "./scene";

export interface Dot {
  readonly x: number;
  readonly y: number;
  /** Drawn units. */
  readonly height: number;
  /** Its number among the cells. */
  readonly cell: number;
}

/** More of them would be a net over the picture. */
export const MOST_DOTS = 1100;

/** The measured cells, while others are interpolated and these are few enough to be told apart. */
export function dotsOf({ x, y, cells, measured, heights }: Scene): readonly Dot[] {
  const count = measured.reduce((sum, row) => row.reduce((a, b) => a + b, sum), 0);
  if (count === x.length * y.length || count > MOST_DOTS) return [];
  const all = cells.flatMap((row, r) => [...row].map((cell, c) => ({ cell, r, c })));
  return all
    .filter(({ r, c }) => measured[r]?.[c] === 1)
    .map(({ cell, r, c }) => ({
      cell,
      x: x[c] as number,
      y: y[r] as number,
      height: heights[r]?.[c] as number,
    }))
    .filter(({ height }) => Number.isFinite(height));
}

/** Smaller the more there are, from 25 to a thousand; nothing where there are none. */
export function dotTrace(
  dots: readonly Dot[],
  { theme }: Pick<Scene, "theme">,
  place: Pick<Trace, "type"> & Readonly<Record<string, unknown>>,
): Trace[] {
  if (dots.length === 0) return [];
  return [
    {
      ...place,
      name: "measured",
      mode: "markers",
      marker: { size: sizeOf(dots.length, place.type), color: theme.dot, line: { width: 0 } },
      customdata: dots.map(({ cell }) => cell),
      hoverinfo: "none",
      showlegend: false,
    },
  ];
}

function sizeOf(count: number, type: Trace["type"]): number {
  const size = 5.2 - 0.37 * Math.log2(count);
  return type === "scatter" ? Math.max(1, size) : Math.max(0.6, 0.5 * size);
}
