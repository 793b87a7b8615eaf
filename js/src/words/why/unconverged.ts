// Which eigenvalues weren't found as well as was asked for?

import { formatCount } from "../../numbers/format";
import { unconvergedCells } from "../../surface";
import { finding, type Rule } from "./finding";

export const unconverged: Rule = ({ surface }) => {
  const cells = surface ? unconvergedCells(surface) : 0;
  if (cells === 0) return [];
  return finding(
    "doubtful",
    `In ${formatCount(cells)} ${cells === 1 ? "cell" : "cells"} the eigenvalues did not converge.`,
    "The iteration came to its end before the residual was as small as asked for. The best values found are drawn, and hatched.",
    { advice: "Point at a hatched cell to read its residual; a larger tolerance accepts it." },
  );
};
