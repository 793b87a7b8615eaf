// What does a teacher add to the face? Steps over the picture, a sheet on it, notes under it, and locks everywhere.

import type { Store } from "../store";
import { addStep } from "./lesson";
import { createLocks } from "./locks";
import { createNotes } from "./notes";
import { createPrediction } from "./predict";
import { createSteps } from "./steps";

/** What keys and the menu may ask for; false where there is nothing to be done. */
export interface Teaching {
  next(): boolean;
  back(): boolean;
  reveal(): boolean;
  pin(): boolean;
  canPin(): boolean;
  addStep(): void;
}

export interface Stage {
  readonly root: HTMLElement;
  /** Holds the picture and what lies on it. */
  readonly ground: HTMLElement;
  readonly picture: HTMLElement;
}

/** Put it around and over the picture. */
export function createTeaching(
  store: Store,
  { root, ground, picture }: Stage,
  signal: AbortSignal,
): Teaching {
  const steps = createSteps(store, signal);
  const prediction = createPrediction(store, picture, signal);
  const notes = createNotes(store, signal);
  ground.before(steps.node);
  ground.append(prediction.node);
  ground.after(notes.node);
  createLocks(root, store, signal);
  return {
    next: steps.next,
    back: steps.back,
    reveal: prediction.reveal,
    pin: notes.pin,
    canPin: () => notes.place() !== null && !store.covered.value,
    addStep: () => addStep(store),
  };
}
