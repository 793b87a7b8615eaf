// In which cells did the loss raise an error?

import { formatCount } from "../../numbers/format";
import { failedCells } from "../../surface";
import { failedText } from "../failed";
import { finding, type Rule } from "./finding";

export const failed: Rule = ({ surface, status }) => {
  const cells = surface ? failedCells(surface) : 0;
  if (cells === 0) return [];
  return finding(
    "doubtful",
    `In ${formatCount(cells)} ${cells === 1 ? "cell" : "cells"} the loss raised an error.`,
    `${failedText("The first one said", status.first_error)}. The run went on without them: they are holes with a hatched floor, and nothing is filled in.`,
    { advice: 'Run with on_error="stop" to see where in your loss it happens.' },
  );
};
