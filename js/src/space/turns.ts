// Who may draw in this frame? As many as it has time for, and one in any case; the others in the next.

export interface Turns {
  /** Done at once where there is time; `who` waits once, for the last of what it asked. */
  take(who: object, work: () => void): void;
  forget(who: object): void;
}

/** Milliseconds of a frame that drawing may take. */
const BUDGET = 9;

export function createTurns(): Turns {
  const waiting = new Map<object, () => void>();
  let spent = 0;
  let frame: number | null = null;

  function next(): void {
    frame = null;
    spent = 0;
    for (const [who, work] of waiting) {
      if (spent >= BUDGET) break;
      waiting.delete(who);
      timed(work);
    }
    if (waiting.size > 0 || spent > 0) ask();
  }

  function timed(work: () => void): void {
    const start = performance.now();
    try {
      work();
    } finally {
      spent += performance.now() - start;
    }
  }

  function ask(): void {
    frame ??= requestAnimationFrame(next);
  }

  return {
    take(who, work) {
      if (spent < BUDGET && !waiting.has(who)) timed(work);
      else waiting.set(who, work);
      ask();
    },
    forget(who) {
      waiting.delete(who);
    },
  };
}
