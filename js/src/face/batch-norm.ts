// How are BatchNorm's statistics treated in a shifted network? Only where it has any.

import { bind } from "../controls/binding";
import { choice } from "../controls/choice";
import { row } from "../controls/row";
import type { Store } from "../store";
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
