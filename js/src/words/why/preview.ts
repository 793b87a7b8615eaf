// Is this only a first look, on a few samples?

import { formatCount } from "../../numbers/format";
import { hasPreview } from "../../surface";
import { finding, type Rule } from "./finding";

export const preview: Rule = ({ surface, status }) => {
  if (!surface || !hasPreview(surface)) return [];
  return finding(
    "doubtful",
    `Some cells are a preview on ${formatCount(surface.preview)} samples.`,
    "A few samples show the shape at once; each cell is replaced as soon as it is measured on all that are asked for.",
    status.phase === "computing" ? {} : { advice: "Resume to have them measured." },
  );
};
