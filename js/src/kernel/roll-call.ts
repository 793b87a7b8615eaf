// Is all here that the kernel has told? Each pong says how far it is; what is missing some time later was lost.

import type { Mark } from "../protocol";
import type { KernelStore } from "../store";

/** Milliseconds for what is still on its way: a trait is read later than a message that was sent after it. */
export const ON_ITS_WAY = 500;
const LONGEST = 60_000;

export interface RollCall {
  /** A pong came; compare now, and once more before anything is called lost. */
  compare(mark: Mark): void;
}

/**
 * What is lost is asked for by `hello`, again and again, each time after twice as long, until nothing is missing.
 * `hasGap` tells of messages missing between others.
 */
export function callRoll(
  store: KernelStore,
  hasGap: () => boolean,
  hello: () => void,
  signal: AbortSignal,
): RollCall {
  let patience = ON_ITS_WAY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });

  const lacks = (mark: Mark) =>
    hasGap() ||
    mark.sequence > store.known.peek().sequence ||
    mark.phase !== store.status.peek().phase ||
    isUnheard(mark);

  /** It is at rest with an older request than the one that the controls show. */
  const isUnheard = ({ phase, generation }: Mark) =>
    phase !== "preparing" &&
    phase !== "computing" &&
    store.previous.peek() &&
    store.surface.peek()?.generation === generation;

  function compare(mark: Mark): void {
    clearTimeout(timer);
    if (!lacks(mark)) {
      patience = ON_ITS_WAY;
      return;
    }
    timer = setTimeout(() => {
      if (!lacks(mark)) return;
      patience = Math.min(2 * patience, LONGEST);
      hello();
    }, patience);
  }

  return { compare };
}
