// How does a small chart run through its frame? Numbers into SVG paths; pure.

export interface Frame {
  readonly width: number;
  readonly height: number;
}

/** The upper outline of a histogram whose bins are as wide as one another; `most` fills the height. */
export function outlineIn({ width, height }: Frame, counts: readonly number[], most: number) {
  const step = width / Math.max(counts.length, 1);
  const up = (count: number) => rounded(height * (1 - count / Math.max(most, 1)));
  const steps = counts.map((count, bin) => `V${up(count)}H${rounded((bin + 1) * step)}`);
  return `M0 ${rounded(height)}${steps.join("")}V${rounded(height)}`;
}

/** A line from point to point, from the lowest value to the highest; broken where one isn't finite. */
export function curveIn(
  { width, height }: Frame,
  along: ArrayLike<number>,
  values: ArrayLike<number>,
): string {
  const [x, y] = [shares(along), shares(values)];
  let pen = "M";
  return x
    .map((share, index) => {
      const up = y[index] ?? Number.NaN;
      if (!Number.isFinite(share) || !Number.isFinite(up)) {
        pen = "M";
        return "";
      }
      const point = `${pen}${rounded(width * share)} ${rounded(height * (1 - up))}`;
      pen = "L";
      return point;
    })
    .join("");
}

/** 0 at the lowest, 1 at the highest; in the middle where all are the same. */
function shares(values: ArrayLike<number>): readonly number[] {
  const all = Array.from(values);
  const finite = all.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return all.map((value) => (high > low ? (value - low) / (high - low) : value - low + 0.5));
}

function rounded(value: number): number {
  return Math.round(10 * value) / 10;
}
