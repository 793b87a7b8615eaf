// What does a control show, and whom does it tell? The one thing that passes between controls and the store.

import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Request } from "../protocol";
import type { Store } from "../store";

export interface Binding<T> {
  readonly value: ReadonlySignal<T>;
  /** Why the last value was not taken; null once the control has moved on. */
  readonly refusal: ReadonlySignal<string | null>;
  /** A settled value: one step of undo. */
  change(value: T): void;
  /** A value in the middle of a gesture. */
  preview(value: T): void;
  /** Let values from Python wait until the returned function is called. */
  hold(): () => void;
  /** Say beside the control why nothing was changed. */
  refuse(reason: string): void;
}

/**
 * Bind a control to the parts of the request named, all held while it is; `write` says what a new value changes.
 * The first name is the control's own: its refusals are shown.
 */
export function bind<T>(
  store: Store,
  names: readonly [keyof Request, ...(keyof Request)[]],
  read: (request: Request) => T,
  write: (value: T) => Partial<Request>,
): Binding<T> {
  const own = signal<string | null>(null);
  const refused = refusalOf(store, names[0]);
  return {
    value: computed(() => read(store.request.value)),
    refusal: computed(() => own.value ?? refused.value),
    change(value) {
      own.value = null;
      store.change(write(value));
    },
    preview(value) {
      own.value = null;
      store.preview(write(value));
    },
    hold: () => store.hold(names),
    refuse(reason) {
      own.value = reason;
    },
  };
}

/** Why Python refused the last value of `name`. */
export function refusalOf(store: Store, name: string): ReadonlySignal<string | null> {
  return computed(() => {
    const refusal = store.refusal.value;
    return refusal?.name === name ? refusal.reason : null;
  });
}

/** Bind to one part of what another binding holds, such as the low end of a range. */
export function part<T, P>(
  whole: Binding<T>,
  read: (value: T) => P,
  write: (value: T, part: P) => T,
): Binding<P> {
  const written = (value: P) => write(whole.value.peek(), value);
  return {
    value: computed(() => read(whole.value.value)),
    refusal: whole.refusal,
    change: (value) => whole.change(written(value)),
    preview: (value) => whole.preview(written(value)),
    hold: () => whole.hold(),
    refuse: (reason) => whole.refuse(reason),
  };
}
