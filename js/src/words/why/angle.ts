// Do the two directions stand as upright on each other as chance would have it?

import { formatAngle, formatNumber } from "../../numbers/format";
import { finding, type Rule } from "./finding";

/** Standard deviations that chance reaches once in four hundred times. */
const UNLIKELY = 3;
/** Degrees from upright at which a picture is visibly sheared, and at which its axes are nearly one. */
const SHEARED = 15;
const NEARLY_ONE = 60;

export const angle: Rule = ({ facts: { angle, spread } }) => {
  if (angle === null) return [];
  const away = Math.abs(90 - angle);
  const isRare = spread !== null && away > UNLIKELY * spread;
  const chance =
    spread === null ? "" : `; chance gives 90 ± ${formatNumber(spread, { significant: 2 })}°`;
  const seen = `The directions stand at ${formatAngle(angle)}${chance}.`;
  const isSheared = away > SHEARED;
  if (!isRare && !isSheared) {
    return spread === null ? [] : finding("plain", seen, UPRIGHT);
  }
  return finding(away > NEARLY_ONE ? "wrong" : "doubtful", seen, isSheared ? SHEARS : RARE, {
    advice: "Make the second direction upright with orthogonalize=True, or draw another seed.",
  });
};

const UPRIGHT =
  "Of two random directions in so many weights neither has much of the other, so the axes say different things. Chance is wider than 1/√N, since few large filters count most.";
const SHEARS =
  "The axes are drawn upright though the directions aren't, so the picture is sheared: circles in weights are ellipses here.";
const RARE =
  "That is further from upright than two independent draws come: the directions share something, such as a seed or a few dominating filters.";
