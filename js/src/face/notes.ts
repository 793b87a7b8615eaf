// Which notes are pinned to the picture, and how are they written? A numbered list under it.

import { signal as cell, computed, type ReadonlySignal } from "@preact/signals-core";
import { button } from "../controls/button";
import { element, explain, set, watch } from "../controls/element";
import { icon } from "../controls/icons";
import { pinsInSight, reworded, withPin } from "../lesson/pins";
import { formatNumber } from "../numbers/format";
import type { Pin } from "../protocol";
import type { Store } from "../store";
import { defined } from "../words/definitions";
import { createWriting } from "./writing";

/** Pixels below which pictures show numbers instead of words. */
const COMPACT = 480;

export interface Notes {
  readonly node: HTMLElement;
  /** Where the next note would stand; null while no place is pointed at or kept, or what is there is covered. */
  place(): readonly number[] | null;
  /** Begin a note there; false where there is no place. */
  pin(): boolean;
}

export function createNotes(store: Store, signal: AbortSignal): Notes {
  /** Null until a hand has said so: then it is open where the picture has room for numbers only. */
  const opened = cell<boolean | null>(null);
  const isSmall = cell(false);
  const open = computed(() => opened.value ?? isSmall.value);
  /** The place of a note that is being written, or the number of one that is changed. */
  const editing = cell<readonly number[] | number | null>(null);
  const list = element("ol", { class: "lw-note-list" });
  const head = createHead(store, open, () => (opened.value = !open.peek()), signal);
  const node = element(
    "section",
    { class: "lw-notes", "aria-label": "notes", "data-control": "pins" },
    head,
    list,
  );

  function place(): readonly number[] | null {
    const { marked, directions } = store.request.value;
    if (store.covered.value) return null;
    return marked?.slice(0, directions.length) ?? store.reading.value?.coordinates ?? null;
  }

  function written(text: string): void {
    const at = editing.peek();
    editing.value = null;
    if (typeof at === "number") store.change(reworded(store.request.peek(), at, text));
    else if (at && text.trim() !== "") store.change(withPin(store.request.peek(), at, text.trim()));
    head.focus();
  }

  function item(pin: Pin, index: number): HTMLElement {
    if (editing.value === index) return element("li", {}, writing(pin.text, `note ${index + 1}`));
    const words = element("button", { type: "button", class: "lw-note-text" }, pin.text);
    explain(words, `At ${placeText([pin.x, pin.y])}. Press to change what it says.`);
    words.addEventListener("click", () => (editing.value = index), { signal });
    const remove = () => {
      store.change(reworded(store.request.peek(), index, ""));
      head.focus();
    };
    const label = `delete note ${index + 1}`;
    const away = button({ label, icon: "close", ...defined("pins"), press: remove }, signal);
    return element("li", {}, element("div", { class: "lw-note-row" }, words, away));
  }

  function writing(text: string, label: string): HTMLElement {
    const cancel = () => {
      editing.value = null;
      head.focus();
    };
    return createWriting({ text, label, written, cancel }, signal);
  }

  watch(signal, () => {
    const { pins } = store.request.value;
    const at = editing.value;
    const items = pins.map(item);
    const isNew = at !== null && typeof at !== "number";
    if (isNew) items.push(element("li", {}, writing("", `note at ${placeText(at)}`)));
    list.replaceChildren(...items);
    node.hidden = items.length === 0 || store.covered.value;
    set(list, "data-open", open.value || at !== null);
    list.querySelector("textarea")?.focus();
  });

  const sizes = new ResizeObserver(() => {
    if (node.clientWidth === 0) return;
    isSmall.value = node.clientWidth < COMPACT || node.closest(".lw-comparison") !== null;
  });
  sizes.observe(node);
  signal.addEventListener("abort", () => sizes.disconnect(), { once: true });

  return {
    node,
    place,
    pin() {
      const at = place();
      if (at !== null) editing.value = at;
      return at !== null;
    },
  };
}

/** "2 notes", which unfolds the list where the notes stand in the picture anyway. */
function createHead(
  store: Store,
  open: ReadonlySignal<boolean>,
  press: () => void,
  signal: AbortSignal,
): HTMLButtonElement {
  const words = element("span", {});
  const node = element(
    "button",
    { type: "button", class: "lw-disclosure lw-notes-head" },
    icon("fold"),
    words,
  );
  node.addEventListener("click", press, { signal });
  explain(node, defined("pins").hint);
  watch(signal, () => {
    const { pins } = store.request.value;
    const away = pins.length - pinsInSight(store.request.value).length;
    const count = pins.length === 1 ? "1 note" : `${pins.length} notes`;
    words.textContent = away > 0 ? `${count}, ${away} of them elsewhere` : count;
    set(node, "aria-expanded", String(open.value));
  });
  return node;
}

function placeText(place: readonly (number | null)[]): string {
  return place.flatMap((at) => (at === null ? [] : [formatNumber(at)])).join(", ");
}
