// How many cells are there, between which values do they lie, and how many does a clip cut off? Pure.

import { isMeasured } from "../cell-state";
import type { Range } from "../protocol";
import { cellCount, type Surface } from "../surface";

/** The finite values among the cells measured so far. */
export function finiteValues(surface: Surface, metric: number): Float32Array {
  const { states } = surface;
  const values = surface.values[metric]?.subarray(0, cellCount(surface)) ?? new Float32Array();
  return values.filter((value, cell) => isMeasured(states[cell]) && Number.isFinite(value));
}

/** From the lowest to the highest finite value; null while there is none. */
export function extent(surface: Surface, metric: number): Range | null {
  let [low, high] = [Infinity, -Infinity];
  for (const value of finiteValues(surface, metric)) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : null;
}

/** How many measured cells a clip draws flat. */
export function clippedCells(surface: Surface, metric: number, clip: number | null): number {
  if (clip === null) return 0;
  return finiteValues(surface, metric).filter((value) => value > clip).length;
}

/** "33×33", or "33" along a line. */
export function sizeText([columns, rows]: readonly [number, number]): string {
  return rows > 1 ? `${columns}×${rows}` : String(columns);
}
