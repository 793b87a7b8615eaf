// Run the newest value only: one run at a time, and of all values that come meanwhile, the last.

/** Values that come while `run` is under way replace one another; a run that fails doesn't hold up the next. */
export function latest<T>(run: (value: T) => Promise<unknown> | undefined): (value: T) => void {
  let running = false;
  let waiting: { readonly value: T } | null = null;

  async function runAll(): Promise<void> {
    running = true;
    while (waiting) {
      const { value } = waiting;
      waiting = null;
      try {
        await run(value);
      } catch (error) {
        reportError(error);
      }
    }
    running = false;
  }

  return (value) => {
    waiting = { value };
    if (!running) void runAll();
  };
}
