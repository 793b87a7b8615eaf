// Over which ground do the sliders of the panel and the toolbar run? Pure.

import { byRatio, type Ground } from "../controls/slider";
import { choose } from "../numbers/scale";
import type { Scale } from "../protocol";
import type { Surface } from "../surface";
import { finiteValues } from "./counts";

/** Odd numbers of cells, which keep one on the origin; the field takes any. */
export const CELLS: Ground = byRatio([5, 201], (value) => 2 * Math.round((value - 1) / 2) + 1, 2);

/** Of a surface in space, a quarter to four times as high; 1 in the middle. */
export const HEIGHTS: Ground = byRatio([0.25, 4], (value) => Number(value.toPrecision(2)), 0.05);

/** From a handful of samples to all of them. */
export function samplesGround(size: number): Ground {
  const step = Math.max(1, Math.round(size / 100));
  return byRatio([Math.min(16, size), size], Math.round, step);
}

/** Along the drawn axis, from the lowest value to the highest. */
export function clipGround(surface: Surface | null, metric: number, scale: Scale): Ground {
  const values = surface && metric >= 0 ? finiteValues(surface, metric) : new Float32Array();
  const { forward, inverse } = choose(scale, values);
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const range = low < high ? ([low, high] as const) : ([0, 1] as const);
  const step = (range[1] - range[0]) / 100;
  return { range, step, page: 10 * step, forward, inverse, settle: (value) => value };
}
