// How does the density of eigenvalues run through a small chart, on a logarithmic scale? Pure.

import type { Spectrum } from "../protocol";
import { curveIn, type Frame } from "./outlines";

/** Below this share of the highest value there is nothing but rounding. */
const LEAST = 1e-5;

export interface DensityLines {
  readonly curve: string;
  /** How far from the left an outlier stands, one each. */
  readonly marks: readonly number[];
  /** The ends of the axis. */
  readonly ends: readonly [number, number];
}

/** The curve fills the frame from the least that counts to the highest. */
export function densityIn(frame: Frame, { grid, density, outliers }: Spectrum): DensityLines {
  const least = LEAST * Math.max(...density);
  const heights = density.map((value) => Math.log10(Math.max(value, least)));
  const [low, high] = [grid[0] ?? 0, grid.at(-1) ?? 0];
  const across = (value: number) => (frame.width * (value - low)) / (high - low || 1);
  return {
    curve: curveIn(frame, grid, heights),
    marks: outliers.map((value) => Math.min(frame.width, Math.max(0, across(value)))),
    ends: [low, high],
  };
}
