// Who tells it to someone who can't see it? Two nodes that only a screen reader notices; the visible status is quiet.

import type { ReadonlySignal } from "@preact/signals-core";
import { element, watch } from "../controls/element";
import { announcement, heardOf, NOTHING_HEARD } from "../words/announcement";
import type { Situation, State } from "../words/state";

/** Milliseconds between two levels that are told of. */
export const SELDOM = 5000;

export function createAnnouncer(
  situation: ReadonlySignal<Situation>,
  state: ReadonlySignal<State>,
  signal: AbortSignal,
): HTMLElement {
  const polite = element("p", { role: "status" });
  const urgent = element("p", { role: "alert" });
  let heard = NOTHING_HEARD;
  let spoken = Number.NEGATIVE_INFINITY;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  function say(node: HTMLElement, text: string): void {
    clearTimeout(waiting);
    waiting = undefined;
    spoken = performance.now();
    urgent.textContent = "";
    node.textContent = text;
  }

  function later(text: string): void {
    clearTimeout(waiting);
    waiting = setTimeout(() => say(polite, text), Math.max(0, spoken + SELDOM - performance.now()));
  }

  watch(signal, () => {
    const next = announcement(heard, situation.value, state.value);
    heard = heardOf(situation.value, state.value);
    if (next?.when === "seldom") later(next.text);
    else if (next) say(next.when === "now" ? urgent : polite, next.text);
  });
  signal.addEventListener("abort", () => clearTimeout(waiting), { once: true });
  return element("div", { class: "lw-unseen lw-announcer" }, polite, urgent);
}
