// How do ranges move: snapped to the lattice, zoomed, linked? Pure arithmetic.

import type { Range } from "../protocol";

/** Drop the dust that adding steps leaves: 0.30000000000000004 is 0.3. */
export function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/** The distance between neighbouring cells. */
export function stepOf([low, high]: Range, points: number): number {
  return (high - low) / Math.max(points - 1, 1);
}

/** The lattice point nearest to `value`, counted from `origin`. */
export function snap(value: number, origin: number, step: number): number {
  return tidy(origin + Math.round((value - origin) / step) * step);
}

/** Three times the range about its own middle: the ground a slider's track covers. */
export function tripled(range: Range): Range {
  return zoomed(range, 3);
}

/** `factor` times as wide about the middle; 2 and 1/2 keep every cell that is still inside on the lattice. */
export function zoomed([low, high]: Range, factor: number): Range {
  const middle = (low + high) / 2;
  const half = ((high - low) / 2) * factor;
  return [tidy(middle - half), tidy(middle + half)];
}

/** Both ends moved by the same amount. */
export function shifted([low, high]: Range, amount: number): Range {
  return [tidy(low + amount), tidy(high + amount)];
}

/** What happens to `other` when a range linked to it goes from `before` to `after`: each end moves by the same share. */
export function followed(other: Range, before: Range, after: Range): Range {
  if (!(before[1] > before[0]) || !(after[1] > after[0])) return other;
  const ratio = (other[1] - other[0]) / (before[1] - before[0]);
  return [
    tidy(other[0] + ratio * (after[0] - before[0])),
    tidy(other[1] + ratio * (after[1] - before[1])),
  ];
}

export function sameRange(a: Range, b: Range): boolean {
  return a[0] === b[0] && a[1] === b[1];
}
