// What is shown, but not to be changed, since a page without a kernel can't compute it?

import { element, set } from "../controls/element";
import type { Store } from "../store";

export const NO_KERNEL = "This page has no kernel: open the notebook to compute.";

/** The controls as they are, or in a saved page with their values only, and why. */
export function still(store: Store, controls: HTMLElement): HTMLElement {
  if (store.connection.peek() !== "page") return controls;
  for (const thumb of controls.querySelectorAll("[role=slider]")) {
    set(thumb, "aria-disabled", "true");
    set(thumb, "tabindex", null);
  }
  const why = element("p", { class: "lw-quiet" }, NO_KERNEL);
  return element("fieldset", { class: "lw-still", disabled: true }, why, controls);
}
