// A plotly that draws nothing and remembers what it was asked to draw.

import type { Drawn, Layout, Plotly, Trace } from "../src/plotly";

export interface FakePlotly extends Plotly {
  readonly drawings: { data: readonly Trace[]; layout: Layout }[];
  readonly relayouts: Layout[];
  /** Traces that got other numbers, and how. */
  readonly amendments: { indices: readonly number[]; x: unknown[] }[];
  readonly hovers: unknown[];
  readonly configs: Layout[];
  purged: number;
  /** While set, drawing waits for `finish`. */
  slow: boolean;
  finish(): void;
  /** Show this along x, whatever is asked for. */
  shown: readonly number[] | null;
  /** Throw at the next draw. */
  broken: Error | null;
  emit(event: string, detail?: unknown): void;
}

export function fakePlotly(): FakePlotly {
  const listeners = new Map<string, ((detail: never) => void)[]>();
  let waiting: (() => void)[] = [];
  const on = (event: string, listener: (detail: never) => void) => {
    listeners.set(event, [...(listeners.get(event) ?? []), listener]);
  };
  const plotly: FakePlotly = {
    drawings: [],
    relayouts: [],
    amendments: [],
    hovers: [],
    configs: [],
    purged: 0,
    slow: false,
    shown: null,
    broken: null,
    async react(node, data, layout, config) {
      if (plotly.broken) throw plotly.broken;
      plotly.drawings.push({ data, layout });
      plotly.configs.push(config);
      if (plotly.shown) Object.assign(layout.xaxis as object, { range: plotly.shown });
      if (plotly.slow) await new Promise<void>((done) => waiting.push(done));
      return Object.assign(node, { on }) as unknown as Drawn;
    },
    async update(node, traces, _layout, indices) {
      plotly.amendments.push({ indices, x: [...(traces.x ?? [])] });
      return node as Drawn;
    },
    async relayout(node, changes) {
      plotly.relayouts.push(changes);
      return node as Drawn;
    },
    toImage: async () => "",
    purge() {
      plotly.purged++;
    },
    Fx: {
      hover: (_node, at) => plotly.hovers.push(at),
      unhover: () => plotly.hovers.push(null),
    },
    finish() {
      for (const done of waiting) done();
      waiting = [];
    },
    emit(event, detail) {
      for (const listener of listeners.get(event) ?? []) listener(detail as never);
    },
  };
  return plotly;
}

/** Animation frames that come when the test says so. */
export function fakeFrames() {
  let callbacks = new Map<number, FrameRequestCallback>();
  let last = 0;
  return {
    requestAnimationFrame(callback: FrameRequestCallback): number {
      callbacks.set(++last, callback);
      return last;
    },
    cancelAnimationFrame(handle: number): void {
      callbacks.delete(handle);
    },
    get waiting(): number {
      return callbacks.size;
    },
    /** One frame, and all that follows from it without another. */
    async pass(): Promise<void> {
      const due = [...callbacks.values()];
      callbacks = new Map();
      for (const callback of due) callback(0);
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    },
  };
}
