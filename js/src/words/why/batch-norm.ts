// Does the picture hang on what is done with BatchNorm's statistics?

import { sensitivityText } from "../batch-norm";
import { finding, type Rule } from "./finding";

/** A loss that one treatment makes so many times another's is no longer the same picture. */
const ANOTHER = 2;

export const batchNorm: Rule = ({ status: { sensitivity }, request, choices }) => {
  const text = sensitivityText(sensitivity);
  if (text === null || sensitivity === null) return [];
  const { batch_norm } = request;
  const isOffered = choices.batch_norms.some(({ key }) => key === "reestimate");
  const isTried = batch_norm === "reestimate" || !isOffered;
  return finding(
    (sensitivity.worst ?? Infinity) >= ANOTHER ? "wrong" : "doubtful",
    `${text}.`,
    "The running statistics belong to your network. A shifted one has others, so frozen ones can make walls that a training step would never meet.",
    {
      advice: isTried
        ? "Compare only pictures with the same treatment."
        : "Look at both treatments before you read the walls.",
      remedy: isTried
        ? null
        : {
            label: "re-estimate BatchNorm",
            does: { changes: { batch_norm: "reestimate" } },
          },
    },
  );
};
