// What does one expect, before one looks? A calm sheet over the picture, until somebody reveals it.

import { button } from "../controls/button";
import { element, set, watch } from "../controls/element";
import type { Store } from "../store";
import { defined } from "../words/definitions";

export interface Prediction {
  readonly node: HTMLElement;
  /** False where nothing is covered. */
  reveal(): boolean;
}

/** Over `ground`, which can't be reached while it is covered; `picture` has the focus afterwards. */
export function createPrediction(
  store: Store,
  picture: HTMLElement,
  signal: AbortSignal,
): Prediction {
  const show = () => {
    store.reveal();
    if (!store.covered.peek()) picture.focus();
  };
  const node = element(
    "div",
    { class: "lw-cover", role: "group", "aria-label": "covered" },
    element("p", { class: "lw-cover-question" }, "What do you expect?"),
    element(
      "p",
      { class: "lw-quiet" },
      "Sketch it, or say it: where is it low, how steep are the walls?",
    ),
    button({ label: "reveal", ...defined("covered"), press: show }, signal),
  );
  watch(signal, () => {
    const isCovered = store.covered.value;
    node.hidden = !isCovered;
    set(picture, "inert", isCovered);
  });
  return {
    node,
    reveal() {
      if (!store.covered.peek()) return false;
      show();
      return true;
    },
  };
}
