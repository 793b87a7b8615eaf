// What folds away, and under which title?

import { signal as cell } from "@preact/signals-core";
import { element, explain, set, watch } from "./element";
import { icon } from "./icons";

export interface DisclosureOptions {
  readonly title: string;
  /** What is in it, by which it can be found. */
  readonly control?: string;
  /** One sentence on what is in it. */
  readonly hint?: string;
  /** The present values in a few words, so that a folded part still tells. */
  readonly summary?: () => string;
  readonly open?: boolean;
}

export function disclosure(
  { title, control, hint, summary, open: initially = false }: DisclosureOptions,
  body: HTMLElement,
  signal: AbortSignal,
): HTMLElement {
  const open = cell(initially);
  const note = element("span", { class: "lw-summary" });
  const head = element(
    "button",
    { type: "button", class: "lw-disclosure" },
    icon("fold"),
    element("span", { class: "lw-title" }, title),
    note,
  );
  explain(head, hint ?? null);
  head.addEventListener("click", () => (open.value = !open.value), { signal });
  watch(signal, () => {
    set(head, "aria-expanded", String(open.value));
    body.hidden = !open.value;
    note.textContent = open.value ? "" : (summary?.() ?? "");
  });
  return element(
    "section",
    { class: "lw-fold", "aria-label": title, "data-control": control ?? null },
    head,
    body,
  );
}
