// Does a linear scale hide the valley below the walls?

import { formatRange } from "../../numbers/format";
import { finding, type Rule } from "./finding";

/** Where `auto` would have chosen a logarithm. */
const TWO_DECADES = 100;

export const wideRange: Rule = ({ extent, isLinear, surface, metric }) => {
  const [low, high] = extent ?? [0, 0];
  const isShare = surface?.metrics[metric]?.unit === "%";
  if (!isLinear || isShare || low <= 0 || high / low <= TWO_DECADES) return [];
  return finding(
    "plain",
    `Values from ${formatRange(low, high)} stand on a linear scale.`,
    "The walls take all the height, so the valley looks flat whatever its shape.",
    { remedy: { label: "log scale", does: { changes: { scale: "log" } } } },
  );
};
