// Where is a number typed? Any value may be; Python decides what makes sense.

import type { Binding } from "./binding";
import { element, watch } from "./element";
import { parseNumber } from "./parse-number";

export interface NumberFieldOptions {
  readonly label: string;
  readonly binding: Binding<number>;
  readonly text: (value: number) => string;
  /** What the arrow keys move by; without it they move the caret. */
  readonly step?: number;
  /** Words that may be typed for a number, such as "none" for no clipping; an empty field means the first. */
  readonly words?: Readonly<Record<string, number>>;
  /** Room for this many characters. */
  readonly characters?: number;
}

export function numberField(options: NumberFieldOptions, signal: AbortSignal): HTMLInputElement {
  const { binding, words = {} } = options;
  const node = element("input", {
    class: "lw-field",
    type: "text",
    inputmode: "text",
    spellcheck: "false",
    autocomplete: "off",
    "aria-label": options.label,
    style: `width: ${(options.characters ?? 6) + 2.2}ch`,
  });
  const show = () => {
    delete node.dataset.editing;
    node.value = options.text(binding.value.peek());
  };
  const commit = () => {
    if (node.dataset.editing === undefined) return;
    const text = node.value.trim().toLowerCase();
    const value = text === "" ? Object.values(words)[0] : (words[text] ?? parseNumber(text));
    if (value === undefined || value === null) {
      binding.refuse(`“${node.value.trim()}” is not a number; type one such as 0.5 or 2e-3.`);
    } else {
      binding.change(value);
    }
    show();
  };

  watch(signal, () => {
    const { value } = binding.value;
    node.setAttribute("aria-invalid", String(binding.refusal.value !== null));
    if (node.dataset.editing === undefined) node.value = options.text(value);
  });
  const listen = <Name extends keyof HTMLElementEventMap>(
    name: Name,
    run: (event: HTMLElementEventMap[Name]) => void,
  ) => node.addEventListener(name, run, { signal });
  listen("input", () => {
    node.dataset.editing = "true";
  });
  listen("change", commit);
  listen("blur", commit);
  listen("focus", () => node.select());
  listen("keydown", ({ key }) => {
    if (key === "Enter") commit();
    if (key === "Escape") show();
  });
  if (options.step !== undefined) arrows(node, binding, options.step, signal);
  return node;
}

function arrows(
  node: HTMLInputElement,
  binding: Binding<number>,
  step: number,
  signal: AbortSignal,
): void {
  node.addEventListener(
    "keydown",
    (event) => {
      const sign = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
      if (!sign || node.dataset.editing !== undefined) return;
      event.preventDefault();
      binding.change(binding.value.peek() + sign * step);
    },
    { signal },
  );
}
