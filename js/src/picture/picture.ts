// What stands in the picture, and what does a hand or a key on it do? The glue to the store.

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals-core";
import { kindOf } from "../figure";
import { chosenMetric } from "../figure/scene";
import { heightOn, sidesOf } from "../figure/sides";
import { asDrawn } from "../figure/wanted";
import { nearestCell } from "../lattice";
import { zoomed } from "../numbers/ranges";
import type { Drawn } from "../plotly";
import type { Request } from "../protocol";
import type { Store } from "../store";
import { read, type Surface } from "../surface";
import { approach, type CameraCommand, turn } from "./camera";
import { createEasel, type Subject } from "./easel";
import { createFlight } from "./flight";
import { listenToGestures } from "./gestures";
import type { Plot } from "./plot";
import { createPointer } from "./pointer";
import type { Renderers } from "./renderer";
import { createTable } from "./table";
import { type Theme, watchTheme } from "./theme";
import { createViewpoint, type Surroundings } from "./viewpoint";

/** Gives the picture as it stands, in its own colours. */
export interface Printer extends Pick<Plot, "image" | "vector"> {
  readonly theme: ReadonlySignal<Theme>;
}

export interface Picture {
  resetCamera(): void;
  /** By radians, around and up. */
  rotate(around: number, up: number): void;
  /** By drawn cells. */
  moveCursor(columns: number, rows: number): void;
  /** Show the cross at a place of a picture seen from above; null takes it away. */
  point(place: readonly number[] | null): void;
  /** What stands there, for who takes it along. */
  readonly printer: Printer;
  /** Why the picture isn't the one asked for; null when it is. */
  readonly failed: ReadonlySignal<string | null>;
}

const NO_WEBGL = "This browser offers no WebGL, so the surface is shown as contours.";

/** Others that it stands among. */
export interface Company extends Surroundings, Pick<Subject, "dress" | "pictures"> {}

const ALONE: Company = {
  dress: signal((figure) => figure),
  pictures: 1,
  isBare: false,
  moving() {},
};

/** Draws what the store holds into `node` until `stop`; `drawn` is told what stands there. */
export function createPicture(
  node: HTMLElement,
  store: Store,
  load: () => Promise<Renderers>,
  stop: AbortSignal,
  drawn: (surface: Surface) => void,
  company: Company = ALONE,
): Picture {
  const flat = signal<string | null>(null);
  const unloaded = signal<string | null>(null);
  const request = computed<Request>(() => {
    const asked = store.request.value;
    return flat.value && asked.kind === "surface" ? { ...asked, kind: "contour" } : asked;
  });
  const { dress, pictures } = company;
  const theme = watchTheme(node, stop);
  const viewpoint = createViewpoint(store, stop, company);
  const flight = createFlight(viewpoint, stop);
  const pointer = createPointer(store, stop);
  const host = node.appendChild(document.createElement("div"));
  host.style.cssText = "width: 100%; height: 100%; margin: 0 auto";
  const easel = createEasel(host, { store, request, theme, viewpoint, dress, pictures }, drawn);

  const inSpace = () => kindOf(store.surface.peek(), request.peek()) === "surface";

  function listen(element: Drawn): void {
    pointer.listen(element);
    viewpoint.listen(element);
  }

  function zoom(steps: number): void {
    const { x, y } = store.request.peek();
    if (inSpace()) viewpoint.move(approach(viewpoint.current(), 1.1 ** steps));
    else store.change({ x: zoomed(x, 0.5 ** steps), y: zoomed(y, 0.5 ** steps) });
  }

  function point(place: readonly number[] | null): void {
    const [x, y] = place ?? [];
    if (x === undefined) easel.plot.peek()?.unpoint();
    else easel.plot.peek()?.point(x, y ?? heightAt(x));
  }

  /** Where the line on the left axis is, for plotly's cross comes to what is near. */
  function heightAt(x: number): number {
    const surface = store.surface.peek();
    if (!surface) return 0;
    const drawn = asDrawn(surface, request.peek());
    const view = { request: drawn, theme: theme.peek(), previous: false, barrier: null };
    const [side] = sidesOf(surface, view);
    const { value } = read(surface, side?.metrics[0] ?? 0, nearestCell(surface, x, 0));
    return (side && heightOn(side, value)) ?? 0;
  }

  function drawnPlot(): Plot {
    const plot = easel.plot.peek();
    if (!plot) throw new Error("There is no picture yet. Wait until something is drawn.");
    return plot;
  }

  function obey(command: CameraCommand): void {
    const { columns, rows, steps } = FROM_ABOVE[command];
    if (inSpace()) flight.to(command);
    else if (steps !== 0) zoom(steps);
    else if (columns !== 0 || rows !== 0) pointer.move(columns, rows);
  }

  const phase = computed(() => store.status.value.phase);
  const barrier = computed(() => store.status.value.barrier);
  const generation = computed(() => store.status.value.generation);
  let isEchoed = false;
  const disposals = [
    effect(() => {
      void [store.surface.value, request.value, theme.value, store.previous.value, phase.value];
      void [dress.value, barrier.value, generation.value];
      if (easel.plot.value) easel.refresh();
    }),
    effect(() => {
      // What is pointed at elsewhere, in another view or on a cut, is seen here as well.
      const [at, reading] = [store.hovered.value, store.reading.value];
      const place = at && !pointer.isOwn() ? (reading?.coordinates ?? null) : null;
      if (place || isEchoed) point(place);
      isEchoed = place !== null;
    }),
    effect(() => {
      const surface = store.surface.value;
      if (!unloaded.value || !surface) return;
      host.replaceChildren(createTable(surface, chosenMetric(surface, request.value)));
    }),
  ];
  const resizes = new ResizeObserver(easel.resize);
  resizes.observe(host);
  stop.addEventListener("abort", () => {
    resizes.disconnect();
    for (const dispose of disposals) dispose();
    easel.plot.peek()?.purge();
  });
  listenToGestures(node, { click: () => requestAnimationFrame(pointer.pin), zoom }, stop);
  node.addEventListener("landscape:camera", (event) => obey(commandOf(event)), { signal: stop });
  load().then(
    (renderers) => {
      if (stop.aborted) return;
      flat.value = renderers.space ? null : NO_WEBGL;
      easel.start(renderers, listen);
    },
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      unloaded.value = `Plotting failed to load (${reason}), so these are the values.`;
    },
  );

  return {
    resetCamera: () => obey("reset"),
    rotate: (around, up) => viewpoint.move(turn(viewpoint.current(), around, up)),
    moveCursor: pointer.move,
    point,
    printer: {
      theme,
      image: async (scale) => drawnPlot().image(scale),
      vector: async () => drawnPlot().vector(),
    },
    failed: computed(() => {
      const wanted = kindOf(store.surface.value, store.request.value);
      const instead = wanted === "surface" ? flat.value : null;
      return unloaded.value ?? easel.problem.value ?? instead;
    }),
  };
}

const STILL = { columns: 0, rows: 0, steps: 0 };

/** Seen from above, arrows move the cross and the rest zooms. */
const FROM_ABOVE: Readonly<Record<CameraCommand, typeof STILL>> = {
  reset: STILL,
  top: STILL,
  first: STILL,
  second: STILL,
  left: { ...STILL, columns: -1 },
  right: { ...STILL, columns: 1 },
  up: { ...STILL, rows: 1 },
  down: { ...STILL, rows: -1 },
  in: { ...STILL, steps: 1 },
  out: { ...STILL, steps: -1 },
};

function commandOf(event: Event): CameraCommand {
  const detail: { command?: unknown } = event instanceof CustomEvent ? event.detail : {};
  const commands = Object.keys(FROM_ABOVE) as CameraCommand[];
  return commands.find((command) => command === detail.command) ?? "reset";
}
