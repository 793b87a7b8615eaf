// What stands in the picture now? The glue between the store, the figure and the plot.

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals-core";
import { approach, type CameraCommand, commanded, turn } from "./camera";
import { type Figure, figure, kindOf } from "./figure";
import { chosenMetric } from "./figure/scene";
import { listenToGestures } from "./gestures";
import { createPlot, type Plot } from "./plot";
import type { Drawn, Plotly } from "./plotly";
import { createPointer } from "./pointer";
import type { Request } from "./protocol";
import { zoomed } from "./ranges";
import { same } from "./same";
import type { Store } from "./store";
import type { Surface } from "./surface";
import { createTable } from "./table";
import { watchTheme } from "./theme";
import { createViewpoint } from "./viewpoint";

export interface Picture {
  resetCamera(): void;
  /** By radians, around and up. */
  rotate(around: number, up: number): void;
  /** By drawn cells. */
  moveCursor(columns: number, rows: number): void;
  /** Why the picture isn't the one asked for; null when it is. */
  readonly failed: ReadonlySignal<string | null>;
}

const NO_WEBGL = "This browser offers no WebGL, so the surface is shown as contours.";
const LOST_WEBGL =
  "The browser took WebGL away (too many 3-D pictures are open), so the surface is shown as contours.";

/** Draws what the store holds into `node` until `stop`; `drawn` is told what stands there. */
export function createPicture(
  node: HTMLElement,
  store: Store,
  load: () => Promise<Plotly>,
  stop: AbortSignal,
  drawn: (generation: number, revision: number) => void,
): Picture {
  const theme = watchTheme(node, stop);
  const plot = signal<Plot | null>(null);
  const broken = signal<string | null>(null);
  const flat = signal(hasWebGl() ? null : NO_WEBGL);
  const pointer = createPointer(store, stop);
  const viewpoint = createViewpoint(store, stop);
  const host = node.appendChild(document.createElement("div"));
  host.style.cssText = "width: 100%; height: 100%";

  const request = computed<Request>(() => {
    const asked = store.request.value;
    return flat.value && asked.kind === "surface" ? { ...asked, kind: "contour" } : asked;
  });
  const inSpace = () => kindOf(store.surface.peek(), request.peek()) === "surface";
  const failed = computed(() => {
    const wanted = kindOf(store.surface.value, store.request.value);
    return broken.value ?? (wanted === "surface" ? flat.value : null);
  });

  let onScreen: Surface | null = null;
  let madeOf: unknown = null;

  /** The figure to draw, or null when the one on screen is right but for its camera. */
  function next(): Figure | null {
    onScreen = store.surface.peek();
    const view = { ...request.peek(), camera: viewpoint.current() };
    const parts = {
      generation: onScreen?.generation,
      level: onScreen?.level,
      view: visible(view),
      theme: theme.peek(),
      previous: store.previous.peek(),
    };
    const moved = viewpoint.differs();
    viewpoint.stands(view.camera);
    if (!same(parts, madeOf)) {
      madeOf = parts;
      return figure(onScreen, view, parts.theme, parts.previous);
    }
    if (moved && inSpace()) plot.peek()?.look(view.camera);
    return null;
  }

  function start(plotly: Plotly): void {
    if (stop.aborted) return;
    const done = () => {
      broken.value = null;
      if (onScreen) drawn(onScreen.generation, onScreen.revision);
    };
    const fail = (error: unknown) => {
      broken.value = `The picture can't be drawn: ${messageOf(error)}`;
    };
    plot.value = createPlot(host, plotly, listen, done, fail);
  }

  function listen(element: Drawn): void {
    pointer.listen(element);
    viewpoint.listen(element);
    element.on("plotly_webglcontextlost", () => {
      flat.value = LOST_WEBGL;
    });
  }

  function obey(command: CameraCommand): void {
    const [columns, rows, steps] = MOVES[command];
    if (inSpace()) viewpoint.move(commanded(store.request.peek().camera, command));
    else if (steps !== 0) zoom(steps);
    else moveCursor(columns, rows);
  }

  function zoom(steps: number): void {
    const { x, y } = store.request.peek();
    if (inSpace()) viewpoint.move(approach(viewpoint.current(), 1.1 ** steps));
    else store.change({ x: zoomed(x, 0.5 ** steps), y: zoomed(y, 0.5 ** steps) });
  }

  function moveCursor(columns: number, rows: number): void {
    const [x, y = 0] = pointer.move(columns, rows) ?? [];
    if (x !== undefined) plot.peek()?.point(x, y);
  }

  const disposals = [
    effect(() => {
      void [store.surface.value, request.value, theme.value, store.previous.value];
      plot.value?.draw(next);
    }),
    effect(() => {
      const surface = store.surface.value;
      if (plot.value || !broken.value || !surface) return;
      host.replaceChildren(createTable(surface, chosenMetric(surface, request.value)));
    }),
  ];
  listenToGestures(node, { click: () => requestAnimationFrame(pointer.pin), zoom }, stop);
  node.addEventListener("landscape:camera", (event) => obey(commandOf(event)), { signal: stop });
  const resizes = new ResizeObserver(() => plot.peek()?.resize());
  resizes.observe(node);
  stop.addEventListener("abort", () => {
    resizes.disconnect();
    for (const dispose of disposals) dispose();
    plot.peek()?.purge();
  });
  load().then(start, (error: unknown) => {
    broken.value = `Plotting failed to load (${messageOf(error)}), so these are the values.`;
  });

  return {
    resetCamera: () => obey("reset"),
    rotate: (around, up) => viewpoint.move(turn(viewpoint.current(), around, up)),
    moveCursor,
    failed,
  };
}

/** What of a request decides the picture, its camera apart. */
function visible({ x, y, normalization, directions, metric, kind, scale, clip, colors }: Request) {
  return { x, y, normalization, directions, metric, kind, scale, clip, colors };
}

/** Seen from above: columns and rows the cross moves, or steps of zoom. */
const MOVES: Readonly<Record<CameraCommand, readonly [number, number, number]>> = {
  reset: [0, 0, 0],
  left: [-1, 0, 0],
  right: [1, 0, 0],
  up: [0, 1, 0],
  down: [0, -1, 0],
  in: [0, 0, 1],
  out: [0, 0, -1],
};

function commandOf(event: Event): CameraCommand {
  const detail: { command?: unknown } = event instanceof CustomEvent ? event.detail : {};
  const commands = Object.keys(MOVES) as CameraCommand[];
  return commands.find((command) => command === detail.command) ?? "reset";
}

function hasWebGl(): boolean {
  return document.createElement("canvas").getContext("webgl") !== null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
