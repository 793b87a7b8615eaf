// What do the words mean, and which keys are there? Inside the widget, so that full window has it too.

import { button } from "./controls/button";
import { element, focusedBeside } from "./controls/element";
import { KEYS } from "./keyboard";

const PAPER = "Li et al. 2018, section 4";

/** Word, and what it means with where it comes from. */
export const WORDS: readonly (readonly [string, string])[] = [
  [
    "filter",
    `Each filter of the direction is scaled to the length of the network's own filter, so that networks with larger weights don't look flatter (${PAPER}).`,
  ],
  [
    "layer",
    "Each layer of the direction is scaled to the length of the network's own layer; filters within it keep the lengths they were drawn with (Li et al. 2018, appendix).",
  ],
  [
    "weight",
    "Each number of the direction is multiplied by the weight it moves, so that small weights move little (the paper's code, github.com/tomgoldstein/loss-landscape).",
  ],
  [
    "none",
    `The direction as it was drawn; networks with larger weights then look flatter than they are (${PAPER}).`,
  ],
  [
    "axis",
    "A direction in the space of all weights. At 0 is your network; 1 is one whole direction away.",
  ],
  ["angle", "Between the two axes. Random ones are nearly at 90°; chance says how nearly."],
  ["samples", "How much of your data each cell is measured on; ± is the standard error of that."],
  ["clip", "Values above are drawn flat and counted, so that a wall doesn't hide the valley."],
];

export interface Help {
  readonly node: HTMLElement;
  toggle(): void;
}

export function createHelp(signal: AbortSignal): Help {
  let opener: HTMLElement | null = null;
  const toggle = () => {
    node.hidden = !node.hidden;
    if (node.hidden) {
      opener?.focus();
    } else {
      opener = focusedBeside(node);
      close.focus();
    }
  };
  const close = button({ label: "close help", icon: "close", press: toggle }, signal);
  const node = element(
    "section",
    { class: "lw-help", role: "dialog", "aria-label": "help", hidden: true },
    close,
    element("h4", {}, "What the words mean"),
    definitions(WORDS),
    element("h4", {}, "Keys"),
    definitions(KEYS),
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

function definitions(entries: readonly (readonly [string, string])[]): HTMLElement {
  const rows = entries.flatMap(([word, meaning]) => [
    element("dt", {}, word),
    element("dd", {}, meaning),
  ]);
  return element("dl", {}, ...rows);
}
