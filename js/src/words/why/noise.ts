// Are the contour lines surer than the samples they are measured on?

import { isMeasured } from "../../cell-state";
import { formatCount, formatError } from "../../numbers/format";
import { cellCount, type Surface, standardError } from "../../surface";
import { type Evidence, finding, type Rule } from "./finding";

/** Lines closer than this many standard errors can't be told apart. */
export const TOLD_APART = 2;

const WHY =
  "Another subset of the data would move each cell by its standard error. Every cell is measured on the same samples, so the shape is surer than the heights.";

export const noise: Rule = (evidence) => {
  const { surface, metric, levels, choices } = evidence;
  const measured = surface?.metrics[metric];
  if (!surface || !measured || measured.samples >= measured.size || surface.map !== null) return [];
  const all = formatCount(measured.size);
  const rest = {
    advice: `Measure every cell on all ${all} samples.`,
    remedy: {
      label: "use all samples",
      does: { changes: { samples: choices.size } },
    },
  };
  const doubted = noisyLevels(evidence).length;
  if (doubted === 0) {
    const some = `${formatCount(measured.samples)} of ${all} samples`;
    const error = formatError(typicalError(surface, metric, () => true));
    return finding("plain", `Each cell is measured on ${some}, ${error}.`, WHY, rest);
  }
  const lines = levels.length === 1 ? "the only contour line" : `${levels.length} contour lines`;
  return finding(
    2 * doubted > levels.length ? "wrong" : "doubtful",
    `${doubted} of ${lines} ${doubted === 1 ? "is" : "are"} no surer than the samples: closer to the next than twice the standard error.`,
    WHY,
    rest,
  );
};

/** Which of the levels lie closer to a neighbour than twice the error of the cells between. */
export function noisyLevels({
  surface,
  metric,
  levels,
}: Pick<Evidence, "surface" | "metric" | "levels">): readonly number[] {
  if (!surface || levels.length < 2) return [];
  return [...levels.keys()].filter((index) => {
    const level = levels[index] as number;
    const [below = -Infinity, above = Infinity] = [levels[index - 1], levels[index + 1]];
    const isBeside = (value: number) => value >= below && value <= above;
    const gap = Math.min(level - below, above - level);
    return gap < TOLD_APART * typicalError(surface, metric, isBeside);
  });
}

/** The median standard error of the measured cells whose value is among those meant; 0 where there are none. */
function typicalError(
  surface: Surface,
  metric: number,
  isMeant: (value: number) => boolean,
): number {
  const errors: number[] = [];
  for (let cell = 0; cell < cellCount(surface); cell++) {
    const value = surface.values[metric]?.[cell] ?? Number.NaN;
    if (!isMeasured(surface.states[cell]) || !Number.isFinite(value) || !isMeant(value)) continue;
    const error = standardError(surface, metric, cell);
    if (!Number.isNaN(error)) errors.push(error);
  }
  return Float64Array.from(errors).sort()[Math.floor(errors.length / 2)] ?? 0;
}
