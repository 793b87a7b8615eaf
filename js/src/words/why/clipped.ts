// What does a clip cut off?

import { formatCount, formatNumber } from "../../numbers/format";
import { clippedCells } from "../counts";
import { finding, type Rule } from "./finding";

export const clipped: Rule = ({ surface, metric, request: { clip } }) => {
  const cells = surface ? clippedCells(surface, metric, clip) : 0;
  if (clip === null || cells === 0) return [];
  return finding(
    "plain",
    `${formatCount(cells)} ${cells === 1 ? "cell lies" : "cells lie"} above ${formatNumber(clip)} and ${cells === 1 ? "is" : "are"} drawn flat, in another tone.`,
    "A clip keeps high walls from hiding the valley; the plateau is its work, not the network's.",
    { advice: "", remedy: { label: "no clip", does: { changes: { clip: null } } } },
  );
};
