// Which one of many? The browser's own list, with the chosen option's sentence as its description.

import type { Binding } from "./binding";
import type { Option } from "./choice";
import { element, explain, set, watch } from "./element";

export interface SelectOptions<T extends string> {
  readonly label: string;
  readonly options: readonly Option<T>[];
  readonly binding: Binding<T>;
  /** Options that would make no sense now. */
  readonly disabled?: (key: T) => boolean;
}

export function select<T extends string>(
  { label, options, binding, disabled }: SelectOptions<T>,
  signal: AbortSignal,
): HTMLSelectElement {
  const entries = options.map((option) => element("option", { value: option.key }, option.label));
  const node = element("select", { class: "lw-select", "aria-label": label }, ...entries);
  watch(signal, () => {
    const chosen = options.find(({ key }) => key === binding.value.value);
    node.value = binding.value.value;
    explain(node, chosen?.hint ?? null);
    set(node, "aria-invalid", String(binding.refusal.value !== null));
    for (const [index, option] of options.entries()) {
      const entry = entries[index];
      if (entry) entry.disabled = disabled?.(option.key) ?? false;
    }
  });
  node.addEventListener(
    "change",
    () => {
      const chosen = options[node.selectedIndex];
      if (chosen) binding.change(chosen.key);
      node.value = binding.value.peek();
    },
    { signal },
  );
  return node;
}
