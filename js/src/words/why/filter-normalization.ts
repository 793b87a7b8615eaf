// What do the lengths of random directions settle, and what not?

import { hasRandom, optionOf } from "../directions";
import type { Evidence } from "./finding";
import { finding, type Rule } from "./finding";

export const filterNormalization: Rule = (evidence) => {
  const { request, choices } = evidence;
  const used = normalizationsOf(evidence);
  if (!hasRandom(request, choices) || used.size === 0) return [];
  if (used.has("none")) {
    const offered = choices.normalizations.some(({ key }) => key === "filter");
    return finding(
      "doubtful",
      "The directions aren't normalized.",
      "The same step is a smaller part of larger weights, so a network with larger weights looks flatter though it computes the same.",
      {
        advice: "Normalize by filters before you compare networks.",
        remedy: offered
          ? { label: "normalize by filters", does: { changes: { normalization: "filter" } } }
          : null,
      },
    );
  }
  if (!used.has("filter") && !used.has("layer")) return [];
  return finding(
    "plain",
    "Flat and sharp depend on how the network is written down, also here.",
    "Filter normalization takes away the scale of whole layers. Rescaling single units, which leaves what the network computes as it is, still changes this picture, by more than it shows.",
    { advice: 'normalization="weight" is blind to that too. Compare only like with like.' },
  );
};

/** Of the random directions. */
function normalizationsOf({ request, choices }: Evidence): ReadonlySet<string> {
  const { directions, normalization } = request;
  const seeded = directions.filter(({ key }) => optionOf(choices, key)?.seeded);
  return new Set(seeded.map((direction) => direction.normalization ?? normalization));
}
