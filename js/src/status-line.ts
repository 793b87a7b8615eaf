// Is it true, and is it ready? A thin bar, a sentence, the facts, and the buttons for this moment.

import { computed, type ReadonlySignal } from "@preact/signals-core";
import { element, explain, set, watch } from "./controls/element";
import { pressButton } from "./presses";
import type { Press, Situation, State } from "./states";
import { progressShare, statusPieces } from "./status-text";
import type { Store } from "./store";

const HERE: readonly Press[] = ["pause", "resume", "stop", "refine further"];

export function createStatusLine(
  store: Store,
  situation: ReadonlySignal<Situation>,
  state: ReadonlySignal<State>,
  signal: AbortSignal,
): HTMLElement {
  const bar = element("div", { class: "lw-progress-bar" });
  const progress = element(
    "div",
    {
      class: "lw-progress",
      role: "progressbar",
      "aria-label": "cells known",
      "aria-valuemin": 0,
      "aria-valuemax": 100,
    },
    bar,
  );
  const sentence = element("span", { class: "lw-sentence", role: "status" });
  const pieces = element("span", { class: "lw-pieces" });
  const buttons = HERE.map((press) => pressButton(press, store, () => {}, signal));
  const said = computed(() => (state.value.notable ? "" : state.value.sentence));

  watch(signal, () => {
    const percent = Math.round(100 * progressShare(store.status.value));
    set(progress, "aria-valuenow", percent);
    bar.style.width = `${percent}%`;
  });
  watch(signal, () => {
    sentence.textContent = said.value;
    sentence.hidden = said.value === "";
  });
  watch(signal, () => {
    const { status, surface, metric } = situation.value;
    fill(pieces, statusPieces(status, surface, metric));
  });
  watch(signal, () => {
    for (const [index, press] of HERE.entries()) {
      const node = buttons[index];
      if (node) node.hidden = !state.value.buttons.includes(press);
    }
  });
  return element(
    "footer",
    { class: "lw-status" },
    progress,
    element("div", { class: "lw-facts" }, sentence, pieces),
    element("div", { class: "lw-buttons" }, ...buttons),
  );
}

/** Reuse the nodes there are, so that focus and an open description survive the next patch. */
function fill(list: HTMLElement, pieces: readonly { text: string; hint: string }[]): void {
  for (const [index, { text, hint }] of pieces.entries()) {
    const node =
      list.children[index] ?? list.appendChild(element("span", { class: "lw-piece", tabindex: 0 }));
    if (node.textContent !== text) node.textContent = text;
    explain(node, hint);
  }
  while (list.children.length > pieces.length) list.lastElementChild?.remove();
}
