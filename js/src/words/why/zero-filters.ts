// Which filters can't move?

import { formatCount } from "../../numbers/format";
import { finding, type Rule } from "./finding";

export const zeroFilters: Rule = ({ facts: { zeros } }) => {
  if (zeros === 0) return [];
  const [are, their] = zeros === 1 ? ["filter is", "its"] : ["filters are", "their"];
  return finding(
    "plain",
    `${formatCount(zeros)} ${are} zero, so ${their} directions are zero too.`,
    "A normalized direction is as long as the filter it belongs to: dead units, and adapters that start at zero, stand still.",
    { advice: 'normalization="none" moves them.' },
  );
};
