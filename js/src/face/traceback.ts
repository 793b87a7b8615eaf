// Where in a person's code did it fail? The traceback, folded behind the message.

import { disclosure } from "../controls/disclosure";
import { element, watch } from "../controls/element";
import type { Store } from "../store";
import { defined } from "../words/definitions";

export function createTraceback(store: Store, signal: AbortSignal): HTMLElement {
  const text = element("pre", { tabindex: 0, "aria-label": "traceback" });
  const node = disclosure({ title: "traceback", ...defined("traceback") }, text, signal);
  watch(signal, () => {
    text.textContent = store.error.value?.traceback ?? "";
    node.hidden = !store.error.value?.traceback;
  });
  return node;
}
