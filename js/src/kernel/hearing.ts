// Do messages come at all? Some notebooks pass on nothing but traits, and never say so.

import { PATIENCE } from "./connection";

export interface Hearing {
  /** A message came, so they do. */
  message(): void;
  /** A trait brought what a message should have brought first. */
  missed(): void;
}

/** `deaf` is told once, where a message was missed, and none comes for as long as one is waited for. */
export function watchHearing(deaf: () => void, signal: AbortSignal): Hearing {
  let isDecided = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return {
    message() {
      isDecided = true;
      clearTimeout(timer);
    },
    missed() {
      if (isDecided || signal.aborted) return;
      isDecided = true;
      timer = setTimeout(deaf, PATIENCE);
    },
  };
}
