// How does a control stand in its place: its word on the left, and beneath it why a value was refused?

import type { ReadonlySignal } from "@preact/signals-core";
import { element, explain, explainAll, watch } from "./element";

export interface RowOptions {
  readonly label: string;
  /** What it sets, by which it can be found. */
  readonly control?: string;
  /** The sentence that its word shows on hover, and its controls on focus too. */
  readonly hint?: string;
  readonly refusal?: ReadonlySignal<string | null>;
}

export function row(
  { label, control, hint, refusal }: RowOptions,
  signal: AbortSignal,
  ...controls: readonly Node[]
): HTMLElement {
  const word = element("span", { class: "lw-label" }, label);
  const node = element(
    "div",
    { class: "lw-row", "data-control": control ?? null },
    explain(word, hint ?? null),
    element("div", { class: "lw-controls" }, ...controls),
  );
  if (hint) explainAll(node, hint);
  if (refusal) node.append(refusalNote(refusal, signal));
  return node;
}

/** The reason in words; takes no room while there is none. */
export function refusalNote(
  refusal: ReadonlySignal<string | null>,
  signal: AbortSignal,
): HTMLElement {
  const note = element("p", { class: "lw-refusal", role: "alert" });
  watch(signal, () => {
    note.textContent = refusal.value ?? "";
    note.hidden = refusal.value === null;
  });
  return note;
}
