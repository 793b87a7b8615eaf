// What else is true of this picture? The kernel's notes, and what the facts say in words.

import { element, watch } from "../controls/element";
import { formatCount, formatNumber } from "../numbers/format";
import type { Facts, How, MapStatus } from "../protocol";
import type { Store } from "../store";
import { mapTruth } from "../words/maps";

/** Pure: one sentence a fact, most general first. */
export function truths(
  facts: Facts,
  how: How | null = null,
  maps: readonly MapStatus[] = [],
): readonly string[] {
  const moved =
    facts.share !== null && facts.share < 1 ? `${formatNumber(100 * facts.share)} %` : "All";
  return [
    ...(facts.share === null
      ? []
      : [`${moved} of the network's squared norm moves in this picture.`]),
    ...(facts.zeros > 0
      ? [
          `${formatCount(facts.zeros)} filters of the network are zero, so their directions are zero too.`,
        ]
      : []),
    ...facts.notes,
    ...(how?.notes ?? []),
    ...maps.map(mapTruth),
  ];
}

export function createTruth(store: Store, signal: AbortSignal): HTMLElement {
  const list = element("ul", { class: "lw-truths" });
  watch(signal, () => {
    const { facts, how, maps } = store.status.value;
    const sentences = facts
      ? truths(facts, how, maps)
      : ["Nothing yet: the directions are still to be drawn."];
    list.replaceChildren(...sentences.map((sentence) => element("li", {}, sentence)));
  });
  return list;
}
