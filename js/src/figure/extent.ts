// Between which heights is a surface drawn: those asked for, or those of its values?

import { isFlat, type ValueScale } from "../numbers/scale";
import type { Range, Request } from "../protocol";

/** What is drawn of a value: beyond the limits and above the clip it lies at their ends. Not finite is never drawn. */
export function bounded(value: number, { limits, clip }: Pick<Request, "limits" | "clip">): number {
  if (!Number.isFinite(value)) return Number.NaN;
  const [low, high] = limits ?? [-Infinity, Infinity];
  return Math.max(low, Math.min(value, high, clip ?? Infinity));
}

/** Whether a clip cuts anything off; beside limits it does so by itself, whatever the values. */
export function clips(request: Request, rows: readonly Float32Array[]): boolean {
  const { clip, limits } = request;
  if (clip === null) return false;
  if (limits) return clip < limits[1];
  return rows.some((row) => row.some((value) => value > clip && value !== Infinity));
}

/** The limits in drawn units; from lowest to highest where there are none, or where they have no height. */
export function heightRange(
  rows: readonly Float64Array[],
  scale: ValueScale,
  request: Request,
  clipped: boolean,
): Range {
  const top = clipped ? scale.forward(request.clip ?? Infinity) : -Infinity;
  const found = rangeOf(rows, top);
  if (request.limits === null) return found;
  const [low, high] = request.limits.map(scale.forward) as [number, number];
  const [from, to] = [Number.isNaN(low) ? Math.min(found[0], high) : low, clipped ? top : high];
  return from < to ? [from, to] : found;
}

/** From lowest to highest; a flat surface gets room on both sides, none gets a unit. */
function rangeOf(rows: readonly Float64Array[], atLeast: number): Range {
  let [low, high] = [Infinity, atLeast];
  for (const row of rows) {
    for (const height of row) {
      if (height < low) low = height;
      if (height > high) high = height;
    }
  }
  if (low > high) return [0, 1];
  if (!isFlat(low, high)) return [low, high];
  const room = Math.abs(low) / 10 || 1;
  return [low - room, high + room];
}
