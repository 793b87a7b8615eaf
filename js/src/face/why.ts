// Why does it look so? What is seen, why, and what to do about it, the gravest first; folded, its count and its worst.

import type { ReadonlySignal } from "@preact/signals-core";
import { button } from "../controls/button";
import { disclosure } from "../controls/disclosure";
import { element, set, watch } from "../controls/element";
import { type Request, viewNames } from "../protocol";
import type { Store } from "../store";
import { namesIn } from "../store/history";
import { findingsOf } from "../words/evidence";
import { LEVELS, summaryOf, worstOf } from "../words/why";
import type { Finding, Remedy } from "../words/why/finding";

export function createWhy(store: Store, signal: AbortSignal): HTMLElement {
  const found = findingsOf(store);
  const fold = disclosure(
    {
      title: "why does it look so?",
      control: "status why",
      hint: "What is true of this picture and what is not: each reason, and what to do about it.",
      summary: () => summaryOf(found.value),
    },
    createFindings(store, found, signal),
    signal,
  );
  fold.classList.add("lw-why");
  watch(signal, () => set(fold, "data-worst", worstOf(found.value)));
  return fold;
}

/** What hasn't changed keeps its node, and so its focus and whether it is unfolded. */
function createFindings(
  store: Store,
  found: ReadonlySignal<readonly Finding[]>,
  signal: AbortSignal,
): HTMLElement {
  const list = element("ul", { class: "lw-findings" });
  const empty = element(
    "li",
    { class: "lw-quiet" },
    "Nothing yet: the directions are still to be drawn.",
  );
  let known = new Map<string, HTMLElement>();
  watch(signal, () => {
    const next = new Map<string, HTMLElement>();
    for (const one of found.value) {
      const key = JSON.stringify(one);
      next.set(key, known.get(key) ?? item(one, store, signal));
    }
    known = next;
    list.replaceChildren(...(next.size > 0 ? next.values() : [empty]));
  });
  return list;
}

/** Grave ones are unfolded, or they would look like the others. */
function item(one: Finding, store: Store, signal: AbortSignal): HTMLElement {
  const { mark, word } = LEVELS[one.level];
  const isGrave = one.level !== "plain";
  const seen = [
    element("span", { class: "lw-mark", "aria-hidden": "true" }, mark),
    element(
      "span",
      {},
      ...(isGrave ? [element("span", { class: "lw-unseen" }, `${word}: `)] : []),
      one.seen,
    ),
  ];
  const node = element("li", { class: "lw-finding", "data-level": one.level });
  const remedy = one.remedy && remedyButton(one.remedy, store, signal);
  if (one.why === "" && !remedy) node.append(element("div", { class: "lw-seen" }, ...seen));
  else {
    const more = [one.why, one.advice].filter(Boolean).map((text) => element("p", {}, text));
    node.append(
      element(
        "details",
        { open: isGrave },
        element("summary", { class: "lw-seen" }, ...seen),
        element("div", { class: "lw-because" }, ...more, ...(remedy ? [remedy] : [])),
      ),
    );
  }
  return node;
}

/** Null where only a kernel could do it and there is none. */
function remedyButton(remedy: Remedy, store: Store, signal: AbortSignal): HTMLElement | null {
  const { label, does } = remedy;
  if ("action" in does) {
    const { kind } = does.action;
    if (store.connection.peek() === "page") return null;
    return button({ label, control: kind, press: () => store.act(does.action) }, signal);
  }
  const names = namesIn(does.changes);
  if (store.connection.peek() === "page" && names.some((name) => !VIEWING.has(name))) return null;
  return button(
    { label, control: names.join(" "), press: () => store.change(does.changes) },
    signal,
  );
}

const VIEWING: ReadonlySet<keyof Request> = new Set(viewNames);
