// Is it true, and is it ready? A thin bar, a sentence, the facts, and the buttons for this moment.

import { computed, type ReadonlySignal } from "@preact/signals-core";
import { element, focusedBeside, set, watch } from "../controls/element";
import { asDrawn } from "../figure/wanted";
import type { Store } from "../store";
import { levelOf, PRESSES, type Situation, type State } from "../words/state";
import { progressShare, statusPieces } from "../words/status-text";
import { LEVELS } from "../words/why";
import { fill } from "./pieces";
import { pressButton } from "./presses";
import { createTraceback } from "./traceback";

export function createStatusLine(
  store: Store,
  situation: ReadonlySignal<Situation>,
  state: ReadonlySignal<State>,
  copy: (text: string) => void,
  signal: AbortSignal,
): HTMLElement {
  const pieces = element("div", { class: "lw-pieces" });
  watch(signal, () => {
    const { status, surface, metric } = situation.value;
    const { limits } = asDrawn(surface, store.request.value);
    fill(pieces, "lw-piece", statusPieces(status, surface, metric, limits));
  });
  return element(
    "footer",
    { class: "lw-footer", "data-control": "status" },
    progress(store, signal),
    element(
      "div",
      { class: "lw-status" },
      element("div", { class: "lw-facts" }, message(store, state, signal), pieces),
      buttons(store, state, copy, signal),
    ),
  );
}

function progress(store: Store, signal: AbortSignal): HTMLElement {
  const bar = element("div", { class: "lw-progress-bar" });
  const node = element("div", { class: "lw-progress", role: "progressbar" }, bar);
  set(node, "aria-label", "cells known");
  watch(signal, () => {
    const percent = Math.round(100 * progressShare(store.status.value));
    set(node, "aria-valuenow", percent);
    bar.style.width = `${percent}%`;
  });
  return node;
}

function message(store: Store, state: ReadonlySignal<State>, signal: AbortSignal): HTMLElement {
  const said = computed(() => state.value.sentence);
  const level = computed(() => levelOf(state.value));
  const mark = element("span", { class: "lw-mark", "aria-hidden": "true" });
  const sentence = element("p", { class: "lw-sentence" });
  const line = element("div", { class: "lw-line" }, mark, sentence);
  const node = element("div", { class: "lw-message" }, line, createTraceback(store, signal));
  watch(signal, () => {
    set(node, "data-level", level.value);
    mark.textContent = LEVELS[level.value].mark;
    mark.hidden = level.value === "plain";
    sentence.textContent = said.value;
  });
  return node;
}

/** Focus moves along when the button that had it makes room for the next: pause becomes resume. */
function buttons(
  store: Store,
  state: ReadonlySignal<State>,
  copy: (text: string) => void,
  signal: AbortSignal,
): HTMLElement {
  const all = PRESSES.map((press) => ({ press, node: pressButton(press, store, copy, signal) }));
  const group = element("div", { class: "lw-buttons" }, ...all.map(({ node }) => node));
  watch(signal, () => {
    const focused = focusedBeside(group);
    for (const { press, node } of all) node.hidden = !state.value.buttons.includes(press);
    const left = all.find(({ node }) => node === focused);
    if (left?.node.hidden) all.find(({ node }) => !node.hidden)?.node.focus();
  });
  return group;
}
