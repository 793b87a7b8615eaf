// Where do the renderers come from? Every picture of a page shares them.

import type { Renderers } from "./picture/renderer";
import type { Plotly } from "./plotly";

/** Of the package, put in by the build: another version's pictures want another version's renderers. */
declare const VERSION: string;

const SHARED = Symbol.for(`landscape-widget.renderers@${VERSION}`);

type Registry = { [SHARED]?: Promise<Renderers> | undefined };

/** Loads once a page; nothing is evaluated before, as anywidget waits two seconds and no more. */
export function loadRenderers(): Promise<Renderers> {
  const page = globalThis as Registry;
  page[SHARED] ??= open().catch((error: unknown) => {
    page[SHARED] = undefined;
    throw error;
  });
  return page[SHARED];
}

async function open(): Promise<Renderers> {
  const [core, heatmap, contour, space, { openGpu }, { createTurns }] = await Promise.all([
    import("plotly.js/lib/core"),
    import("plotly.js/lib/heatmap"),
    import("plotly.js/lib/contour"),
    import("./space/space"),
    import("./space/gpu"),
    import("./space/turns"),
  ]);
  core.default.register([heatmap.default, contour.default]);
  const gpu = openGpu();
  return {
    plotly: core.default as unknown as Plotly,
    space: gpu && space.openSpace(gpu, createTurns()),
  };
}
