// Where does the panel stand when there is little room? Folded under the picture.

import { signal as cell } from "@preact/signals-core";
import { button } from "../controls/button";
import { element, set, watch } from "../controls/element";
import { defined } from "../words/definitions";

/** The button is there in narrow cells only, by the style sheet. */
export function createSide(panel: HTMLElement, signal: AbortSignal): HTMLElement {
  const open = cell(false);
  const side = element("div", { class: "lw-side" });
  const toggle = button(
    {
      label: "what is computed",
      ...defined("panel"),
      icon: "fold",
      words: true,
      press: () => (open.value = !open.value),
    },
    signal,
  );
  toggle.classList.add("lw-side-toggle");
  watch(signal, () => {
    set(toggle, "aria-expanded", String(open.value));
    side.classList.toggle("lw-open", open.value);
  });
  side.append(toggle, panel);
  return side;
}
