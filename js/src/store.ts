// What the widget knows: signals that controls and picture read, and the few ways to change them.

import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import { allowed, mayAct, traitsOf } from "./lesson/controls";
import type {
  Action,
  Choices,
  Failure,
  Refusal,
  Request,
  Sharpness,
  Status,
  Telling,
} from "./protocol";
import { createCover } from "./store/cover";
import * as history from "./store/history";
import { createHolds } from "./store/holds";
import {
  isPrevious,
  type Known,
  type Learned,
  learn,
  nothingKnown,
  surfaceFor,
} from "./store/known";
import type { Reading, Surface } from "./surface";

/** live: answers · busy: silent, a long cell runs · disconnected: the kernel is gone · saved: no kernel, restored · page: a saved page, which never has one. */
export type Connection = "live" | "busy" | "disconnected" | "saved" | "page";

/** A cell's number means something on one surface only. */
export interface Pointed {
  readonly map: string | null;
  readonly generation: number;
  readonly cell: number;
  /** The checkpoint there, if it is one. */
  readonly checkpoint: number | null;
}

export interface Store {
  readonly request: ReadonlySignal<Request>;
  /** All that the kernel has told; `surface` is what holds the metric asked for. */
  readonly known: ReadonlySignal<Known>;
  readonly surface: ReadonlySignal<Surface | null>;
  /** True while `surface` belongs to an older request than the one asked for. */
  readonly previous: ReadonlySignal<boolean>;
  readonly status: ReadonlySignal<Status>;
  readonly error: ReadonlySignal<Failure | null>;
  /** Of the minimum at the origin; null until somebody asks. */
  readonly sharpness: ReadonlySignal<Sharpness | null>;
  readonly choices: ReadonlySignal<Choices>;
  readonly connection: ReadonlySignal<Connection>;
  /** When the kernel last said something. */
  readonly heard: ReadonlySignal<Date | null>;
  /** The last value that Python refused, until that control changes again. */
  readonly refusal: ReadonlySignal<Refusal | null>;
  /** The last file that the kernel sent; null before the first. */
  readonly page: ReadonlySignal<DataView | null>;
  /** The values are hidden until somebody reveals them; a view sees none, see `underCover`. */
  readonly covered: ReadonlySignal<boolean>;
  readonly canUndo: ReadonlySignal<boolean>;
  readonly canRedo: ReadonlySignal<boolean>;
  /** Where a hand points, in whichever view. */
  readonly hovered: Signal<Pointed | null>;
  /** The cell there, or else the one that is kept. */
  readonly reading: Signal<Reading | null>;
  /** The checkpoint there, if it is one. */
  readonly visited: Signal<number | null>;
  /** A settled change: one step of undo. */
  change(changes: Partial<Request>): void;
  /** A change in the middle of a drag: acts at once, no step of undo until `change`. */
  preview(changes: Partial<Request>): void;
  /** While a control is held, values that come from Python for these names wait. */
  hold(names: readonly (keyof Request)[]): () => void;
  undo(): void;
  redo(): void;
  act(action: Action): void;
  reveal(): void;
}

/** The store as the kernel's side sees it: it tells the results. */
export interface KernelStore extends Store {
  readonly status: Signal<Status>;
  readonly error: Signal<Failure | null>;
  readonly sharpness: Signal<Sharpness | null>;
  readonly choices: Signal<Choices>;
  readonly connection: Signal<Connection>;
  readonly heard: Signal<Date | null>;
  readonly refusal: Signal<Refusal | null>;
  readonly page: Signal<DataView | null>;
  /** Values that Python has set. */
  receive(changes: Partial<Request>): void;
  arrive(message: Telling): Learned;
}

export interface Initial {
  readonly request: Request;
  readonly status: Status;
  readonly error: Failure | null;
  readonly choices: Choices;
  readonly sharpness: Sharpness | null;
}

/** Where what is asked for goes. */
export interface Outlet {
  write(changes: Partial<Request>): void;
  act(action: Action): void;
}

export function createStore(initial: Initial, outlet: Outlet): KernelStore {
  const request = signal(initial.request);
  const steps = signal(history.startHistory(initial.request));
  const known = signal<Known>(nothingKnown);
  const refusal = signal<Refusal | null>(null);
  const choices = signal(initial.choices);
  const holds = createHolds();
  const metric = computed(() => request.value.metric);
  const cover = createCover(request);
  const locked = () => request.peek().locked;

  function adopt(changes: Partial<Request>, next: history.History): void {
    const news = history.differing(request.peek(), changes);
    if (history.namesIn(news).length > 0) request.value = { ...request.peek(), ...news };
    steps.value = next;
  }

  function ask(asked: Partial<Request>, next: history.History): void {
    const changes = allowed(asked, locked());
    holds.overtake(changes);
    batch(() => {
      adopt(changes, next);
      const refused = refusal.peek()?.name;
      if (refused !== undefined && refused in changes) refusal.value = null;
    });
    outlet.write(changes);
  }

  /** Go back or forth, from the middle of a drag too. */
  function travel({ present, ...steps }: history.History): void {
    const changes = allowed(history.differing(request.peek(), present), locked());
    ask(changes, { ...steps, present: { ...request.peek(), ...changes } });
  }

  function receive(changes: Partial<Request>): void {
    const free = holds.filter(changes);
    if (free.covered && !("step" in free)) cover.renew();
    batch(() => adopt(free, history.receive(steps.peek(), free)));
  }

  return {
    request,
    known,
    surface: computed(() => surfaceFor(known.value, metric.value)),
    previous: computed(() => isPrevious(known.value, request.value)),
    status: signal(initial.status),
    error: signal(initial.error),
    sharpness: signal(initial.sharpness),
    page: signal<DataView | null>(null),
    choices,
    connection: signal<Connection>("live"),
    heard: signal<Date | null>(null),
    refusal,
    covered: cover.covered,
    canUndo: computed(() => steps.value.past.length > 0),
    canRedo: computed(() => steps.value.future.length > 0),
    hovered: signal<Pointed | null>(null),
    reading: signal<Reading | null>(null),
    visited: signal<number | null>(null),
    change(changes) {
      const free = allowed(changes, locked());
      ask(free, history.record(steps.peek(), free));
    },
    preview: (changes) => ask(changes, steps.peek()),
    hold: (names) => holds.hold(names, receive),
    undo: () => travel(history.undo(steps.peek())),
    redo: () => travel(history.redo(steps.peek())),
    act(action) {
      if (mayAct(action, locked(), choices.peek())) outlet.act(action);
    },
    reveal() {
      if (!traitsOf(locked()).has("covered")) cover.reveal();
    },
    receive,
    arrive(message) {
      const learned = learn(known.peek(), message, request.peek());
      known.value = learned.known;
      return learned;
    },
  };
}
