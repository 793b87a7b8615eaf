// What do the words mean, and which keys are there? Inside the widget, so that full window has it too.

import { button } from "../controls/button";
import { element, focusedBeside } from "../controls/element";
import type { Choices } from "../protocol";
import { keysOf } from "./keyboard";

type Definition = readonly [word: string, meaning: string];

const WORDS: readonly Definition[] = [
  [
    "axis",
    "A direction in the space of all weights. At 0 is your network; 1 is one whole direction away.",
  ],
  ["angle", "Between the two axes. Random ones are nearly at 90°; chance says how nearly."],
  [
    "lighter",
    "Ground that is interpolated between measured cells, which have dots. The status line says how far off it may be.",
  ],
  ["samples", "How much of your data each cell is measured on; ± is the standard error of that."],
  ["clip", "Values above are drawn flat and counted, so that a wall doesn't hide the valley."],
];

const TRAINING: readonly Definition[] = [
  [
    "path",
    "The checkpoints of your training run, each at the nearest point of the plane or line, light to dark. Red: the learning rate dropped.",
  ],
  [
    "halo",
    "How far a checkpoint is from the plane. In space it stands at its own loss, on a stalk from the ground under it.",
  ],
  [
    "random walk",
    "The share that steps of the same lengths in random directions would give. Only what is well above it says something about training.",
  ],
];

const CURVATURE: readonly Definition[] = [
  [
    "curvature",
    "Of the loss in a cell: the largest and the smallest eigenvalue of the Hessian. Where λ_min is below 0 the loss curves downwards along directions that the picture may not show; |λ_min/λ_max| says how strongly.",
  ],
  [
    "hatched",
    "Cells without a finite value, and cells whose eigenvalues were not found to the tolerance asked for.",
  ],
];

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
      close.focus();
    }
  };
  const close = button({ label: "close help", icon: "close", press: toggle }, signal);
  const node = element(
    "section",
    { class: "lw-help", role: "dialog", "aria-label": "help", hidden: true },
    close,
    part(
      "Normalization",
      choices.normalizations.map(({ label, hint }) => [label, hint]),
    ),
    ...(choices.batch_norms.length > 0
      ? [
          part(
            "BatchNorm",
            choices.batch_norms.map(({ label, hint }) => [label, hint]),
          ),
        ]
      : []),
    part("Words", wordsOf(choices)),
    part("Keys", keysOf(choices)),
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

function wordsOf({ has_trajectory, metrics }: Choices): readonly Definition[] {
  const hasMaps = metrics.some(({ map }) => map !== null);
  return [...WORDS, ...(has_trajectory ? TRAINING : []), ...(hasMaps ? CURVATURE : [])];
}

function part(title: string, definitions: readonly Definition[]): HTMLElement {
  const rows = definitions.flatMap(([word, meaning]) => [
    element("dt", {}, word),
    element("dd", {}, meaning),
  ]);
  return element("section", {}, element("h4", {}, title), element("dl", {}, ...rows));
}
