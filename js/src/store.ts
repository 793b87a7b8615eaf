// What the widget knows: signals that controls and picture read, and the few ways to change them.

import type { ReadonlySignal, Signal } from "@preact/signals-core";
import type { Action, Choices, Failure, Refusal, Request, Status } from "./protocol";
import type { Reading, Surface } from "./surface";

/** live: answers · busy: silent, a long cell runs · disconnected: the kernel is gone · saved: no kernel, restored. */
export type Connection = "live" | "busy" | "disconnected" | "saved";

export interface Store {
  readonly request: ReadonlySignal<Request>;
  readonly surface: ReadonlySignal<Surface | null>;
  /** True while `surface` belongs to an older request than the one asked for. */
  readonly previous: ReadonlySignal<boolean>;
  readonly status: ReadonlySignal<Status>;
  readonly error: ReadonlySignal<Failure | null>;
  readonly choices: ReadonlySignal<Choices>;
  readonly connection: ReadonlySignal<Connection>;
  /** When the kernel last said something. */
  readonly heard: ReadonlySignal<Date | null>;
  /** The last value that Python refused, until that control changes again. */
  readonly refusal: ReadonlySignal<Refusal | null>;
  readonly canUndo: ReadonlySignal<boolean>;
  readonly canRedo: ReadonlySignal<boolean>;
  /** The cell under the pointer or the last click. */
  readonly reading: Signal<Reading | null>;
  /** A settled change: one step of undo. */
  change(changes: Partial<Request>): void;
  /** A change in the middle of a drag: acts at once, no step of undo until `change`. */
  preview(changes: Partial<Request>): void;
  /** While a control is held, values that come from Python for these names wait. */
  hold(names: readonly (keyof Request)[]): () => void;
  undo(): void;
  redo(): void;
  act(action: Action): void;
}
