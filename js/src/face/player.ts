// How does training run by: from checkpoint to checkpoint, all of it in some seconds?

import { signal as cell, type ReadonlySignal } from "@preact/signals-core";
import type { Store } from "../store";

/** Milliseconds for all of a path. */
const ALL = 6000;

export interface Player {
  readonly playing: ReadonlySignal<boolean>;
  /** Play on, or hold; where less motion is asked for, one checkpoint further. */
  toggle(): void;
}

export function createPlayer(store: Store, signal: AbortSignal): Player {
  const playing = cell(false);
  let moment: number | null = null;
  let frame = 0;
  let release = () => {};
  signal.addEventListener("abort", stop, { once: true });

  const size = () => store.surface.peek()?.path?.size ?? 0;
  const shown = () => Math.min(store.request.peek().moment ?? size(), size());
  /** All of it is null, so that it stays all while training goes on. */
  const momentOf = (count: number) => (count >= size() ? null : count);

  function show(count: number): void {
    moment = momentOf(count);
    store.preview({ moment });
  }

  function play(): void {
    const first = shown() >= size() ? 1 : shown();
    let began: number | null = null;
    const advance = (now: number) => {
      // Whoever else moves along the path, a hand on the slider or an undo, takes over.
      if (store.request.peek().moment !== moment) return stop();
      began ??= now;
      const next = Math.floor(first + ((now - began) / ALL) * size());
      if (next > shown()) show(next);
      if (moment === null) return settle();
      frame = requestAnimationFrame(advance);
    };
    release = store.hold(["moment"]);
    playing.value = true;
    show(first);
    frame = requestAnimationFrame(advance);
  }

  function settle(): void {
    stop();
    store.change({ moment });
  }

  function stop(): void {
    cancelAnimationFrame(frame);
    playing.value = false;
    release();
    release = () => {};
  }

  return {
    playing,
    toggle() {
      if (size() < 2) return;
      if (playing.peek()) settle();
      else if (!prefersStillness()) play();
      else store.change({ moment: momentOf(shown() >= size() ? 1 : shown() + 1) });
    },
  };
}

/** True where the system asks for less motion. */
export function prefersStillness(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
