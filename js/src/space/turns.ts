// Who may draw next? One after the other, as many in a frame as it has time for, each only what it asked last.

export interface Turns {
  /** Begins at once where there is time; `who` waits once, for the last of what it asked. */
  take(who: object, work: () => Promise<void>): void;
  forget(who: object): void;
}

/** Milliseconds of a frame that drawing may take. */
const BUDGET = 9;

export function createTurns(): Turns {
  const waiting = new Map<object, () => Promise<void>>();
  let spent = 0;
  let isRunning = false;
  let isCounting = false;

  /** What is spent is forgotten with the frame. */
  function nextFrame(): Promise<void> {
    isCounting = true;
    return new Promise((done) => {
      requestAnimationFrame(() => {
        [spent, isCounting] = [0, false];
        done();
      });
    });
  }

  async function run(): Promise<void> {
    isRunning = true;
    for (const [who, work] of waiting) {
      if (spent >= BUDGET) await nextFrame();
      if (!waiting.delete(who)) continue;
      const start = performance.now();
      const working = work();
      spent += performance.now() - start;
      if (!isCounting) void nextFrame();
      await working;
    }
    isRunning = false;
  }

  return {
    take(who, work) {
      waiting.delete(who);
      waiting.set(who, work);
      if (!isRunning) void run();
    },
    forget(who) {
      waiting.delete(who);
    },
  };
}
