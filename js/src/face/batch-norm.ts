// How are BatchNorm's statistics treated in a shifted network? Only where it has any; a warning where it matters.

import { bind } from "../controls/binding";
import { choice } from "../controls/choice";
import { element, watch } from "../controls/element";
import { row } from "../controls/row";
import type { Store } from "../store";
import { sensitivityText } from "../words/batch-norm";
import { defined } from "../words/definitions";

export function createBatchNorm(store: Store, signal: AbortSignal): HTMLElement {
  const options = store.choices.peek().batch_norms;
  const binding = bind<string>(
    store,
    ["batch_norm"],
    (request) => request.batch_norm ?? "",
    (key) => ({ batch_norm: options.find((option) => option.key === key)?.key ?? null }),
  );
  const group = choice({ label: "BatchNorm", options, binding }, signal);
  const about = { label: "BatchNorm", ...defined("batch_norm"), refusal: binding.refusal };
  const node = row(about, signal, group);
  node.classList.add("lw-stacked");
  node.hidden = options.length === 0;
  return node;
}

/** In sight whatever is folded: how much it matters, where it does. */
export function createCaution(store: Store, signal: AbortSignal): HTMLElement {
  const note = element("p", { class: "lw-caution", role: "note" });
  watch(signal, () => {
    const text = sensitivityText(store.status.value.sensitivity);
    note.textContent = text ?? "";
    note.hidden = text === null;
  });
  return note;
}
