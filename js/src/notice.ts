// What stands over the picture when something is to be known or done?

import { computed, type ReadonlySignal } from "@preact/signals-core";
import { disclosure } from "./controls/disclosure";
import { element, set, watch } from "./controls/element";
import { pressButton } from "./presses";
import type { Press, State } from "./states";
import type { Store } from "./store";

const HERE: readonly Press[] = ["copy", "try again", "auto range", "widen"];

/** The sentence of a notable state, its buttons, and the traceback folded behind. */
export function createNotice(
  store: Store,
  state: ReadonlySignal<State>,
  copy: (text: string) => void,
  signal: AbortSignal,
): HTMLElement {
  const sentence = element("p", { class: "lw-sentence" });
  const buttons = element("div", { class: "lw-buttons" });
  const traceback = element("pre", { tabindex: 0 });
  const behind = disclosure({ title: "traceback" }, traceback, signal);
  const node = element("div", { class: "lw-notice" }, sentence, buttons, behind);
  const all = new Map(HERE.map((press) => [press, pressButton(press, store, copy, signal)]));
  const shown = computed(() => HERE.filter((press) => state.value.buttons.includes(press)).join());

  watch(signal, () => {
    node.hidden = !state.value.notable;
    set(node, "role", state.value.name === "failed" ? "alert" : "status");
    if (sentence.textContent !== state.value.sentence) sentence.textContent = state.value.sentence;
  });
  watch(signal, () => {
    const pressable = shown.value.split(",");
    for (const [press, node] of all) node.hidden = !pressable.includes(press);
    buttons.replaceChildren(...all.values());
  });
  watch(signal, () => {
    traceback.textContent = store.error.value?.traceback ?? "";
    behind.hidden = state.value.name !== "failed" || !store.error.value?.traceback;
  });
  return node;
}
