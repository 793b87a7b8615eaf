// Do the principal components explain more than those of a random walk would?

import { shareText } from "../interpolation";
import { finding, type Rule } from "./finding";

/** Less than this many times what chance gives says nothing about training. */
const BEYOND = 1.1;

export const randomWalk: Rule = ({ surface }) => {
  const { explained = [], byChance = [] } = surface?.path ?? {};
  const pairs = explained.flatMap((share, axis) => {
    const chance = byChance[axis] ?? null;
    return share === null || chance === null ? [] : [[share, chance] as const];
  });
  if (pairs.length === 0) return [];
  const [own, chance] = [0, 1].map((side) =>
    pairs.reduce((sum, pair) => sum + (pair[side] ?? 0), 0),
  );
  const [found, walked] = [own ?? 0, chance ?? 0];
  const isBeyond = found > BEYOND * walked;
  return finding(
    isBeyond ? "plain" : "doubtful",
    `The axes hold ${shareText(found)} of the trajectory's variance; a random walk with the same steps gives ${shareText(walked)}.`,
    isBeyond
      ? "What is beyond the random walk is the training's own: it went somewhere."
      : "Even steps in random directions look so low-dimensional when their own principal components are drawn, so this is no evidence that training is.",
    { advice: isBeyond ? "" : "Read the percentage only beside the random walk's." },
  );
};
