// What can be looked up in the help, under which title? Pure.

import type { Choices } from "../protocol";
import { definitionsFor, GROUPS, type Group } from "./definitions";

export type Entry = readonly [word: string, meaning: string];

export interface Chapter {
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** What stands in the picture and beside it without being a control. */
const SIGNS: readonly Entry[] = [
  ["angle", "Between the two axes. Random ones are nearly at 90°; chance says how nearly."],
  ["±", "The standard error of a value measured on a subset of your data, against all of it."],
  [
    "lighter",
    "Ground that is interpolated between measured cells, which have dots. The status line says how far off it may be.",
  ],
  ["preview", "Measured on a few samples so far, and soon on all that were asked for."],
  [
    "hatched",
    "Cells without a finite value, and cells whose eigenvalues were not found to the tolerance asked for.",
  ],
];

const TRAINING: readonly Entry[] = [
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

const CURVATURE: Entry = [
  "curvature",
  "Of the loss in a cell: the largest and the smallest eigenvalue of the Hessian. Where λ_min is below 0 the loss curves downwards along directions that the picture may not show; |λ_min/λ_max| says how strongly.",
];

/** In the order of the face; each control of this widget, and the signs that it draws. */
export function chapters(choices: Choices): readonly Chapter[] {
  const definitions = definitionsFor(choices);
  const signs: Partial<Record<Group, readonly Entry[]>> = {
    where: choices.normalizations.map(({ label, hint }) => [label, hint]),
    measured: choices.batch_norms.map(({ label, hint }) => [`BatchNorm ${label}`, hint]),
    drawn: hasMaps(choices) ? [...SIGNS, CURVATURE] : SIGNS,
    training: choices.has_trajectory ? TRAINING : [],
  };
  return Object.entries(GROUPS)
    .map(([group, [title]]) => {
      const own = definitions.filter((definition) => definition.group === group);
      const entries = own.map(({ word, does, means }): Entry => [word, `${does} ${means}`]);
      return { title, entries: [...entries, ...(signs[group as Group] ?? [])] };
    })
    .filter(({ entries }) => entries.length > 0);
}

function hasMaps({ metrics }: Choices): boolean {
  return metrics.some(({ map }) => map !== null);
}
