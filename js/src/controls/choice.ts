// Which one of a few, all in sight? A segmented radio group; the arrows choose.

import type { Binding } from "./binding";
import { element, explain, set, watch } from "./element";

export interface Option<T extends string> {
  readonly key: T;
  readonly label: string;
  readonly hint?: string;
  /** What it stands under in a long list, together with its neighbours. */
  readonly group?: string;
}

export interface ChoiceOptions<T extends string> {
  readonly label: string;
  /** What it sets, by which it can be found. */
  readonly control?: string;
  /** What it is for, said by options that have nothing to say. */
  readonly hint?: string;
  readonly options: readonly Option<T>[];
  readonly binding: Binding<T>;
}

export function choice<T extends string>(
  { label, control, hint, options, binding }: ChoiceOptions<T>,
  signal: AbortSignal,
): HTMLElement {
  const radios = options.map((option) => {
    const radio = element(
      "button",
      { type: "button", role: "radio", class: "lw-radio" },
      option.label,
    );
    radio.addEventListener("click", () => binding.change(option.key), { signal });
    return explain(radio, option.hint ?? hint ?? null);
  });
  watch(signal, () => {
    const chosen = options.findIndex(({ key }) => key === binding.value.value);
    for (const [index, radio] of radios.entries()) {
      set(radio, "aria-checked", String(index === chosen));
      set(radio, "tabindex", index === Math.max(chosen, 0) ? 0 : -1);
    }
  });
  const group = element(
    "div",
    {
      class: "lw-choice",
      role: "radiogroup",
      "aria-label": label,
      "data-control": control ?? null,
    },
    ...radios,
  );
  group.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const here = radios.findIndex((radio) => event.composedPath().includes(radio));
      const next = neighbour(event.key, Math.max(here, 0), options.length);
      const [option, radio] = [options[next], radios[next]];
      if (!option || !radio) return;
      event.preventDefault();
      radio.focus();
      binding.change(option.key);
    },
    { signal },
  );
  return group;
}

function neighbour(key: string, here: number, count: number): number {
  switch (key) {
    case "ArrowRight":
    case "ArrowDown":
      return (here + 1) % count;
    case "ArrowLeft":
    case "ArrowUp":
      return (here + count - 1) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return -1;
  }
}
