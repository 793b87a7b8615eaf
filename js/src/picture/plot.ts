// When does plotly draw? At most once an animation frame, and only the latest.

import type { Figure } from "../figure";
import type { Config, Drawn, Layout, Plotly } from "../plotly";
import type { Camera, Kind } from "../protocol";
import { same } from "../store/same";
import { type Amendment, amend } from "./amendment";
import { showTrail } from "./trail";

/** What a renderer has to be able to do; plotly is one. */
export interface Plot {
  /** Asked when the frame comes; null when the picture is as it should be, which counts as drawn. */
  draw(drawing: () => Figure | Amendment | null): void;
  look(camera: Camera): void;
  /** Show the cross at a place, as if the pointer were there. */
  point(x: number, y: number): void;
  unpoint(): void;
  resize(): void;
  purge(): void;
}

/** Listeners of a node that plotly has drawn into for the first time. */
export type Listen = (element: Drawn) => void;

const CONFIG: Config = {
  displayModeBar: false,
  displaylogo: false,
  showSendToCloud: false,
  scrollZoom: false,
  doubleClick: false,
  responsive: false,
};

/** `drawn` is told after each draw, `failed` when plotly throws. */
export function createPlot(
  node: HTMLElement,
  plotly: Plotly,
  listen: Listen,
  drawn: () => void,
  failed: (error: unknown) => void,
): Plot {
  const config = { ...CONFIG, plotGlPixelRatio: Math.min(2, globalThis.devicePixelRatio || 1) };
  let drawing: (() => Figure | Amendment | null) | null = null;
  let camera: Camera | null = null;
  let resized = false;
  let frame = 0;
  let busy = false;
  let started = false;
  let kind: Kind | null = null;
  let trail: number | null = null;
  let purged = false;

  function request(): void {
    if (frame === 0 && !busy && !purged) frame = requestAnimationFrame(() => void run());
  }

  async function run(): Promise<void> {
    frame = 0;
    busy = true;
    try {
      await work();
    } catch (error) {
      failed(error);
    }
    busy = false;
    if (drawing || camera || resized) request();
  }

  async function work(): Promise<void> {
    const make = drawing;
    drawing = null;
    const made = make?.() ?? null;
    const next = made && "layout" in made ? made : null;
    const asked = rangesOf(next);
    const [view, fit] = [camera, resized];
    [camera, resized] = [null, false];
    if (next) await show(next);
    if (made) trail = made.shown;
    if (made && "inSpace" in made && started) await amend(node, plotly, made);
    if (purged) return;
    if (make) drawn();
    // After a narrower range than the last, plotly's react sets a wider one than asked for; relayout doesn't.
    const widened = !same(rangesOf(next), asked);
    const changes = {
      ...(widened && asked),
      ...(view && { "scene.camera": view }),
      ...(fit && sizeOf(node)),
    };
    if (started && Object.keys(changes).length > 0) await plotly.relayout(node, changes);
    if (trail !== null && kind !== "surface") showTrail(node, trail);
  }

  async function show(next: Figure): Promise<void> {
    const layout = { ...next.layout, ...sizeOf(node) };
    // plotly leaves its cross of one kind standing in the next.
    if (started && next.kind !== kind) plotly.Fx.unhover(node);
    kind = next.kind;
    const element = await plotly.react(node, next.data, layout, config);
    if (started || purged) return;
    started = true;
    wear(node);
    listen(element);
  }

  return {
    draw(next) {
      drawing = next;
      request();
    },
    look(next) {
      camera = next;
      request();
    },
    point(x, y) {
      if (started) plotly.Fx.hover(node, { xval: x, yval: y });
    },
    unpoint() {
      if (started) plotly.Fx.unhover(node);
    },
    resize() {
      resized = true;
      request();
    },
    purge() {
      purged = true;
      cancelAnimationFrame(frame);
      plotly.purge(node);
    },
  };
}

/** Nothing for a node that isn't shown: plotly takes its own default until it is. */
function sizeOf(node: HTMLElement): Layout {
  const { clientWidth: width, clientHeight: height } = node;
  return width > 0 && height > 0 ? { width, height } : {};
}

/** What is shown along the axes of a picture seen from above. */
function rangesOf(figure: Figure | null): Layout {
  const axes = Object.entries(figure?.layout ?? {}).filter(([name]) => /^[xy]axis/.test(name));
  return Object.fromEntries(
    axes.map(([name, axis]) => [`${name}.range`, (axis as { readonly range?: unknown }).range]),
  );
}

/** plotly puts its style rules into the document's head, where a shadow root doesn't see them. */
function wear(node: HTMLElement): void {
  const root = node.getRootNode();
  if (!(root instanceof ShadowRoot) || root.querySelector("style[data-plotly]")) return;
  const style = document.createElement("style");
  style.dataset.plotly = "";
  for (const { sheet } of document.querySelectorAll<HTMLStyleElement>("[id^='plotly.js-style']")) {
    style.append([...(sheet?.cssRules ?? [])].map((rule) => rule.cssText).join("\n"));
  }
  root.append(style);
}
