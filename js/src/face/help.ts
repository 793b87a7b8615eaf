// What do the words mean, and which keys are there? Inside the widget, so that full window has it too.

import { button } from "../controls/button";
import { element, focusedBeside } from "../controls/element";
import type { Choices } from "../protocol";
import { type Chapter, chapters } from "../words/chapters";
import { keysOf } from "./keyboard";

export interface Help {
  readonly node: HTMLElement;
  toggle(): void;
}

export function createHelp(choices: Choices, signal: AbortSignal): Help {
  let opener: HTMLElement | null = null;
  const toggle = () => {
    node.hidden = !node.hidden;
    if (node.hidden) {
      opener?.focus();
    } else {
      opener = focusedBeside(node);
      search.focus();
    }
  };
  const search = element("input", {
    type: "search",
    class: "lw-search",
    placeholder: "find a word",
    "aria-label": "find a word",
  });
  const count = element("span", { class: "lw-quiet", role: "status" });
  const all = [...chapters(choices), { title: "Keys", entries: keysOf(choices) }].map(part);
  const close = button({ label: "close help", icon: "close", press: toggle }, signal);
  const node = element(
    "section",
    { class: "lw-help", role: "dialog", "aria-label": "help", hidden: true },
    element("header", { class: "lw-help-head" }, search, count, close),
    element(
      "div",
      { class: "lw-chapters", tabindex: 0, role: "group", "aria-label": "definitions" },
      element("div", { class: "lw-columns" }, ...all.map((one) => one.node)),
    ),
  );
  search.addEventListener(
    "input",
    () => {
      const found = all.reduce((sum, { show }) => sum + show(search.value), 0);
      count.textContent = search.value.trim() === "" ? "" : `${found || "nothing"} found`;
    },
    { signal },
  );
  node.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape") toggle();
    },
    { signal },
  );
  return { node, toggle };
}

/** A chapter, and how to leave in it only what holds a text; told is how much that was. */
function part({ title, entries }: Chapter) {
  const rows = entries.map(([word, meaning]) =>
    element("div", {}, element("dt", {}, word), element("dd", {}, meaning)),
  );
  const node = element("section", {}, element("h4", {}, title), element("dl", {}, ...rows));
  const show = (text: string) => {
    const wanted = text.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.textContent?.toLowerCase().includes(wanted);
    const found = rows.filter((row) => !row.hidden).length;
    node.hidden = found === 0;
    return found;
  };
  return { node, show };
}
