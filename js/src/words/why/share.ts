// How much of the network moves in this picture?

import { formatNumber } from "../../numbers/format";
import { finding, type Rule } from "./finding";

/** With less of the norm moving, the picture is one of a part. */
const MOST = 0.5;

export const share: Rule = ({ facts }) => {
  if (facts.share === null) return [];
  const isAll = facts.share >= 1;
  const moved = isAll ? "All" : `${formatNumber(100 * facts.share)} %`;
  return finding(
    facts.share < MOST ? "doubtful" : "plain",
    `${moved} of the network's squared norm moves in this picture.`,
    isAll
      ? "Every parameter has its part in the directions."
      : "What stands still (frozen parameters, and by default biases, gains and BatchNorm) can't show how the loss depends on it.",
    { advice: isAll ? "" : 'To move more: parameters="all", or one_dimensional="scaled".' },
  );
};
