// Is the kernel there? Whatever is asked is followed by a ping, and silence is told apart from the end.

import type { KernelStore } from "../store";

/** Silence after a question, in milliseconds, before it is said; longer than any slow answer. */
export const PATIENCE = 2500;
const LONGEST = 60_000;
/** Milliseconds after the kernel's last word in which it is asked whether that was all. */
export const REST = 5000;

export interface ConnectionWatch {
  /** Something was sent that wants an answer. */
  asked(): void;
  /** The kernel said something; a pong says that it has read what was asked before. */
  heard(pong?: number): void;
  /** The line is dead: nothing can be sent. */
  lost(): void;
}

/**
 * Silence isn't the end: under older kernels every long cell is silence ("busy"). Only a dead line is the end. In silence
 * the question is told again, each time after twice as long, since it or its answer may be lost.
 * A kernel that never spoke beside a surface restored from the notebook isn't there at all ("saved"). That it never
 * spoke is told to `unheard`, since anywidget may have dropped what it said.
 */
export function watchConnection(
  store: KernelStore,
  ping: (ping: number) => void,
  signal: AbortSignal,
  unheard: () => void = () => {},
): ConnectionWatch {
  let asked = 0;
  let answered = 0;
  let again = false;
  let patience = PATIENCE;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let rest: ReturnType<typeof setTimeout> | undefined;

  const silent = () => {
    const isFirst = patience === PATIENCE;
    const restored = store.heard.peek() === null && store.surface.peek() !== null;
    store.connection.value = restored ? "saved" : "busy";
    patience = Math.min(2 * patience, LONGEST);
    timer = setTimeout(silent, patience);
    if (isFirst && store.heard.peek() === null) unheard();
    ping(asked);
  };
  const wait = () => {
    clearTimeout(timer);
    patience = PATIENCE;
    timer = asked > answered && !signal.aborted ? setTimeout(silent, PATIENCE) : undefined;
  };
  const end = () => {
    clearTimeout(timer);
    clearTimeout(rest);
  };
  signal.addEventListener("abort", end, { once: true });

  function ask(): void {
    again = asked > answered;
    if (again) return;
    asked += 1;
    wait();
    ping(asked);
  }

  return {
    asked: ask,
    heard(pong) {
      answered = Math.max(answered, pong ?? 0);
      store.heard.value = new Date();
      store.connection.value = "live";
      wait();
      clearTimeout(rest);
      if (!pong && !signal.aborted) rest = setTimeout(ask, REST);
      if (again && asked === answered) ask();
    },
    lost() {
      answered = asked;
      again = false;
      wait();
      clearTimeout(rest);
      store.connection.value = "disconnected";
    },
  };
}
