// What does a person need to be told once, the first time a picture grows?

import { signal as cell } from "@preact/signals-core";
import { button } from "../controls/button";
import { element, watch } from "../controls/element";
import type { Kind } from "../protocol";

const SEEN = Symbol.for("landscape-widget.hints");

/** Three sentences, one after the other. */
export function hints(kind: Kind): readonly [string, string, string] {
  const first =
    kind === "surface"
      ? "Drag the picture to rotate it."
      : "Move over the picture: a cross follows, with its numbers below.";
  return [
    first,
    "Drag the thumbs of x and y, or type a number, to look somewhere else.",
    "Click a point to keep its value in sight.",
  ];
}

/** Shown by the first widget of a page only; `ready` is true once there is something to drag. */
export function createHints(
  kind: () => Kind,
  ready: () => boolean,
  signal: AbortSignal,
): HTMLElement {
  const step = cell(claim() ? 0 : 3);
  signal.addEventListener("abort", () => {
    if (step.peek() < 3) Reflect.deleteProperty(globalThis, SEEN);
  });
  const sentence = element("span");
  const count = element("span", { class: "lw-quiet" });
  const next = button({ label: "got it", press: () => (step.value += 1) }, signal);
  const node = element("div", { class: "lw-hint", role: "status" }, sentence, count, next);
  watch(signal, () => {
    node.hidden = !ready() || step.value > 2;
    sentence.textContent = hints(kind())[step.value] ?? "";
    count.textContent = `${Math.min(step.value + 1, 3)} of 3`;
  });
  return node;
}

/** Remembered as long as the page lives, by every copy of this module; given back by a view that leaves early. */
function claim(): boolean {
  if (Reflect.has(globalThis, SEEN)) return false;
  Reflect.set(globalThis, SEEN, true);
  return true;
}
