// What does each control do to the mathematics, and what does its word mean? One table for tooltips, help and docs.

import type { Choices } from "../protocol";
import table from "./definitions.json";

export type ControlName = keyof typeof table;

/** One row of the table. */
export interface Definition {
  readonly group: Group;
  /** The traits it changes, where its name isn't one. */
  readonly sets?: string;
  /** As it stands on the control. */
  readonly word: string;
  /** One sentence, the control's tooltip. */
  readonly does: string;
  readonly means: string;
  /** What there has to be for it to have a control at all. */
  readonly if?: "trajectory" | "batch_norm";
}

/** By the question they answer, in the order of the face; and a sentence on what is behind it. */
export const GROUPS = {
  where: [
    "Where do we look?",
    "Which networks the picture shows: yours at 0, and others in two directions.",
  ],
  measured: [
    "How is it measured?",
    "How many networks, and how surely the loss of each one is known.",
  ],
  drawn: ["How is it drawn?", "How values become heights and colours; nothing is computed for it."],
  status: ["Is it ready?", "How far the run is, and what can be done about it."],
  training: ["How did training go?", "The checkpoints of a training run, in this picture."],
  lesson: ["How is it taught?", "Notes in the picture, and steps that lead through it."],
  view: ["What can be taken along?", "The view itself: back and forth, larger, copied, explained."],
} as const satisfies Readonly<Record<string, readonly [title: string, about: string]>>;

export type Group = keyof typeof GROUPS;

const DEFINITIONS = table as Readonly<Record<ControlName, Definition>>;

/** What marks a control, and its tooltip; to be spread into the options it is made with. */
export interface Defined {
  /** Its name and the traits it changes, with spaces in between. */
  readonly control: string;
  readonly hint: string;
}

export function defined(name: ControlName): Defined {
  const { does, sets } = DEFINITIONS[name];
  return { control: sets ? `${name} ${sets}` : name, hint: does };
}

/** Every definition that this widget has a use for. */
export function definitionsFor(choices: Choices): readonly Definition[] {
  const there = {
    trajectory: choices.has_trajectory,
    batch_norm: choices.batch_norms.length > 0,
  };
  return Object.values(DEFINITIONS).filter((definition) => !definition.if || there[definition.if]);
}
