// How does a cut run through its frame? Numbers into SVG paths; pure.

import type { Cut } from "../figure/cuts";
import type { Range } from "../protocol";
import type { Frame } from "./outlines";

export interface Profile {
  /** All of it, and what of it is measured. */
  readonly ground: string;
  readonly measured: string;
  /** One standard error below and above; empty where there is none. */
  readonly band: string;
  /** A point for each measured cell; empty where all are, or too many. */
  readonly dots: string;
  /** Where the point is, 0 to 1 from the left and from the bottom; null where it is out of sight. */
  readonly here: { readonly across: number; readonly up: number } | null;
}

/** More of them would be a line of its own. */
const MOST_DOTS = 70;

/** Within a window along the axis and a range of heights, those of the picture. */
export function profileOf(frame: Frame, cut: Cut, window: Range, heights: Range): Profile {
  const across = (index: number) => share(cut.places[index] ?? Number.NaN, window);
  const up = (height: number | undefined) => share(height ?? Number.NaN, heights);
  const at = (index: number, height: number | undefined) =>
    `${rounded(frame.width * across(index))} ${rounded(frame.height * (1 - up(height)))}`;
  const indices = [...cut.places.keys()];
  const isMeasured = (index: number) => cut.measured[index] === 1;
  const run = (isIn: (index: number) => boolean, values: ArrayLike<number>) => {
    let pen = "M";
    return indices
      .map((index) => {
        const isDrawn = isIn(index) && Number.isFinite(values[index]);
        const point = isDrawn ? `${pen}${at(index, values[index])}` : "";
        pen = isDrawn ? "L" : "M";
        return point;
      })
      .join("");
  };
  const known = indices.filter(isMeasured);
  const shown = known.filter((index) => Number.isFinite(cut.heights[index]));
  const isWhole = known.length === indices.length;
  const middle = cut.heights[cut.here];
  const [x, y] = [across(cut.here), up(middle)];
  return {
    ground: run(() => true, cut.heights),
    measured: run(isMeasured, cut.heights),
    band: bandOf(known, cut, at),
    dots:
      isWhole || shown.length > MOST_DOTS
        ? ""
        : shown.map((index) => `M${at(index, cut.heights[index])}h0`).join(""),
    here: x >= 0 && x <= 1 ? { across: x, up: Number.isFinite(y) ? y : 0 } : null,
  };
}

/** There and back, over the cells whose error is known. */
function bandOf(
  known: readonly number[],
  { lows, highs }: Cut,
  at: (index: number, height: number | undefined) => string,
): string {
  const sure = known.filter(
    (index) => Number.isFinite(lows[index]) && Number.isFinite(highs[index]),
  );
  if (sure.length < 2) return "";
  const there = sure.map((index) => at(index, highs[index]));
  const back = sure.map((index) => at(index, lows[index])).reverse();
  return `M${[...there, ...back].join("L")}Z`;
}

function share(value: number, [low, high]: Range): number {
  return (value - low) / (high - low);
}

function rounded(value: number): number {
  return Math.round(10 * value) / 10;
}
