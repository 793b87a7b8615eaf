// What stands where a map will be: what it is, when it comes, what it costs, and how far it is?

import { element, set, watch } from "../controls/element";
import type { Store } from "../store";
import { mapHint, mapSentence, mapStatus } from "../words/maps";
import { labelOf, metricNamed } from "../words/metrics";
import { share } from "../words/status-text";

/** Over the empty axes, until the first level of the map is there. */
export function createWaiting(store: Store, signal: AbortSignal): HTMLElement {
  const name = element("p", { class: "lw-waiting-name" });
  const sentence = element("p", {});
  const about = element("p", { class: "lw-quiet" });
  const bar = element("div", { class: "lw-progress-bar" });
  const progress = element("div", { class: "lw-progress", role: "progressbar" }, bar);
  const card = element("div", { class: "lw-card" }, name, sentence, progress, about);
  const node = element("div", { class: "lw-waiting" }, card);
  set(progress, "aria-label", "cells of the map known");
  watch(signal, () => {
    const [surface, status] = [store.surface.value, store.status.value];
    const map = mapStatus(status, surface);
    node.hidden = map === null || surface === null || surface.level >= 0;
    if (map === null) return;
    const percent = Math.round(100 * share(map));
    name.textContent = labelOf(metricNamed(store.choices.value, store.request.value.metric));
    sentence.textContent = mapSentence(map, status);
    about.textContent = map.note || mapHint(map);
    set(progress, "aria-valuenow", percent);
    bar.style.width = `${percent}%`;
    progress.hidden = map.phase !== "measuring";
  });
  return node;
}
