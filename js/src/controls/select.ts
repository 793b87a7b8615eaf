// Which one of many? The browser's own list, with the chosen option's sentence as its description.

import type { Binding } from "./binding";
import type { Option } from "./choice";
import { element, explain, set, watch } from "./element";

export interface SelectOptions<T extends string> {
  readonly label: string;
  /** What it sets, by which it can be found. */
  readonly control?: string;
  /** What it is for, said where the chosen option has nothing to say. */
  readonly hint?: string;
  readonly options: readonly Option<T>[];
  readonly binding: Binding<T>;
  /** What a value is called that is none of these, since Python may set any. */
  readonly other?: (key: T) => Option<T>;
  /** Options that would make no sense now. */
  readonly disabled?: (key: T) => boolean;
}

export function select<T extends string>(
  { label, control, hint, options: fixed, binding, other, disabled }: SelectOptions<T>,
  signal: AbortSignal,
): HTMLSelectElement {
  const node = element("select", {
    class: "lw-select",
    "aria-label": label,
    "data-control": control ?? null,
  });
  let options = fixed;
  node.append(...entries(options));
  watch(signal, () => {
    const { value } = binding.value;
    const isListed = fixed.some(({ key }) => key === value);
    const now = isListed || !other ? fixed : [...fixed, other(value)];
    if (now !== options) node.replaceChildren(...entries(now));
    options = now;
    node.value = value;
    explain(node, sentence(options.find(({ key }) => key === value)?.hint, hint));
    set(node, "aria-invalid", String(binding.refusal.value !== null));
    for (const [index, option] of options.entries()) {
      const entry = node.options[index];
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

/** What the control is for comes first, then what is chosen. */
function sentence(chosen?: string, hint?: string): string | null {
  return [hint, chosen].filter(Boolean).join("\n") || null;
}

/** Neighbours of one group stand together under its name. */
function entries<T extends string>(options: readonly Option<T>[]): readonly HTMLElement[] {
  const nodes: HTMLElement[] = [];
  for (const { key, label, group } of options) {
    const entry = element("option", { value: key }, label);
    const last = nodes.at(-1);
    if (group === undefined) nodes.push(entry);
    else if (last instanceof HTMLOptGroupElement && last.label === group) last.append(entry);
    else nodes.push(element("optgroup", { label: group }, entry));
  }
  return nodes;
}
