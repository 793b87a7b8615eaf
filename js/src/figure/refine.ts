// How fine must a sheet be, so that plotly draws it as it is?

import type { Scene } from "./scene";

/**
 * Coarser sheets plotly refines by itself, and on uneven axes, as levels have, up to 720 × 720: seconds for each draw.
 */
const FINE = 120;

export interface Fine {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Straight between drawn cells; NaN beside NaN. */
  readonly spread: (rows: readonly Float64Array[]) => readonly Float64Array[];
}

/** Where a point lies between two drawn columns, or rows. */
interface Place {
  readonly from: number;
  readonly share: number;
}

/** An even lattice that has every cell of the surface on it, whichever of them are drawn. */
export function refined({ surface, cells }: Scene): Fine {
  const width = surface.x.length;
  const columns = Array.from(cells[0] ?? [], (cell) => cell % width);
  const rows = cells.map((row) => Math.floor((row[0] ?? 0) / width));
  const [across, up] = [places(columns), places(rows)];
  return {
    x: along(surface.x, across.length),
    y: along(surface.y, up.length),
    spread(heights) {
      const wide = heights.map((row) =>
        Float64Array.from(across, (at) => between(row, row, at.from, at.from + 1, at.share)),
      );
      return up.map(({ from, share }) => {
        const [low, high] = [wide[from], wide[from + 1]];
        return Float64Array.from(across, (_, x) => between(low, high, x, x, share));
      });
    },
  };
}

/** A whole number of steps between neighbouring cells. */
function places(indices: readonly number[]): readonly Place[] {
  const last = indices.at(-1) ?? 0;
  const steps = Math.max(1, Math.ceil((FINE - 1) / Math.max(1, last)));
  let from = 0;
  return Array.from({ length: steps * last + 1 }, (_, point) => {
    const index = point / steps;
    while (from + 1 < indices.length && (indices[from + 1] as number) <= index) from++;
    const [low, high] = [indices[from] as number, indices[from + 1] ?? last];
    return { from, share: high > low ? (index - low) / (high - low) : 0 };
  });
}

function between(
  low: Float64Array | undefined,
  high: Float64Array | undefined,
  from: number,
  to: number,
  share: number,
): number {
  const start = low?.[from] ?? Number.NaN;
  return share === 0 ? start : start + ((high?.[to] ?? Number.NaN) - start) * share;
}

function along(axis: Float64Array, points: number): Float64Array {
  return Float64Array.from({ length: points }, (_, point) => {
    const index = (point * (axis.length - 1)) / Math.max(1, points - 1);
    return between(axis, axis, Math.floor(index), Math.floor(index) + 1, index % 1);
  });
}
