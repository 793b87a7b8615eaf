// At which values do contour lines run: round ones, the paper's, or those asked for?

import { formatNumber } from "../numbers/format";
import type { Ticks } from "../numbers/scale";
import type { Levels } from "../protocol";
import type { Scene } from "./scene";

/** How many lines at most, where nobody says which. */
const LINES = 12;

/** Li et al. (2018): 0.1, 0.6, …, 9.6. */
export const PAPER_LEVELS = Array.from({ length: 20 }, (_, index) => (1 + 5 * index) / 10);
/** And beside a trajectory, which comes from far above: 10, 100, …, 10⁸. */
export const PAPER_DECADES = Array.from({ length: 8 }, (_, index) => 10 ** (index + 1));

/** The lines inside the range, in drawn units and in raw ones. */
export function levelsOf({ request, surface, scale, heightRange: [low, high] }: Scene): Ticks {
  const asked = valuesOf(request.levels, surface.path !== null);
  const all = asked
    ? { values: asked.map(scale.forward), labels: asked.map((value) => formatNumber(value)) }
    : scale.ticks(low, high, LINES);
  const inside = [...all.values.keys()].filter((index) => {
    const height = all.values[index] as number;
    return height > low && height < high;
  });
  return {
    values: inside.map((index) => all.values[index] as number),
    labels: inside.map((index) => all.labels[index] as string),
  };
}

/** Raw values; null where the picture chooses. */
function valuesOf(levels: Levels, hasPath: boolean): readonly number[] | null {
  if (levels === "auto") return null;
  if (levels === "paper") return hasPath ? [...PAPER_LEVELS, ...PAPER_DECADES] : PAPER_LEVELS;
  return levels;
}
