// Why don't the members share a scale, and what if a person wants it all the same?

import { button } from "../controls/button";
import { element, set, watch } from "../controls/element";

export interface Sharing {
  /** A sentence each; empty where nothing speaks against one scale. */
  readonly differences: () => readonly string[];
  readonly insists: () => boolean;
  insist(insists: boolean): void;
}

export function createRefusal(sharing: Sharing, signal: AbortSignal): HTMLElement {
  const sentence = element("span");
  const list = element("ul", { class: "lw-differences" });
  const share = press(
    "share the scale all the same",
    "One height and one colour for the same number, though the numbers mean different things.",
    true,
  );
  const apart = press(
    "a scale each",
    "Each picture from its own lowest to its own highest value.",
    false,
  );
  const node = element(
    "div",
    { class: "lw-refusal-of-scale", role: "note" },
    element("p", {}, sentence),
    list,
    share,
    apart,
  );
  watch(signal, () => {
    const differences = sharing.differences();
    const insists = sharing.insists();
    node.hidden = differences.length === 0;
    sentence.textContent = insists
      ? "One scale, though the pictures differ in more than their networks:"
      : "A scale each, since the pictures differ in more than their networks:";
    list.replaceChildren(...differences.map((one) => element("li", {}, one)));
    set(share, "hidden", insists);
    set(apart, "hidden", !insists);
  });
  return node;

  function press(label: string, hint: string, insists: boolean): HTMLElement {
    return button({ label, hint, press: () => sharing.insist(insists) }, signal);
  }
}
