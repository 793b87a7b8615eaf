// Where is there no value at all?

import { formatCount } from "../../numbers/format";
import { notFinite as countOf, knownCells } from "../../surface";
import { finding, type Rule } from "./finding";

export const notFinite: Rule = ({ surface, metric }) => {
  if (!surface || surface.map !== null) return [];
  const [broken, known] = [countOf(surface, metric), knownCells(surface)];
  if (broken === 0) return [];
  return finding(
    2 * broken > known ? "wrong" : "doubtful",
    `${formatCount(broken)} of ${formatCount(known)} measured cells ${broken === 1 ? "is" : "are"} NaN or infinite.`,
    "So far from your network the loss overflows, or takes a logarithm of nothing. These cells are holes with a hatched floor; nothing is filled in.",
    {
      advice: "Look at a smaller range.",
      remedy: { label: "auto range", does: { action: { kind: "auto_range", factor: 10 } } },
    },
  );
};
