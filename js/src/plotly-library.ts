// Where does plotly come from? One widget model a kernel carries it, every picture shares it.

import type { Plotly } from "./plotly";

const SHARED = Symbol.for("landscape-widget.plotly@4.1.1");

type Registry = { [SHARED]?: Promise<Plotly> | undefined };

/** Loads once a page; nothing of plotly is evaluated before, as anywidget waits two seconds and no more. */
function load(): Promise<Plotly> {
  const page = globalThis as Registry;
  page[SHARED] ??= open().catch((error: unknown) => {
    page[SHARED] = undefined;
    throw error;
  });
  return page[SHARED];
}

async function open(): Promise<Plotly> {
  const [core, ...traces] = await Promise.all([
    import("plotly.js/lib/core"),
    import("plotly.js/lib/surface"),
    import("plotly.js/lib/scatter3d"),
    import("plotly.js/lib/heatmap"),
    import("plotly.js/lib/contour"),
  ]);
  core.default.register(traces.map((trace) => trace.default));
  return core.default as unknown as Plotly;
}

export default {
  initialize() {
    return { load };
  },
};
