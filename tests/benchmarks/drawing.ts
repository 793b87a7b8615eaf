// What does a page do that draws patch after patch in space, ours and plotly's? Driven by drawing.py; nothing is shipped.

import core from "plotly.js/lib/core";
import surface from "plotly.js/lib/surface";
import { figure } from "../../js/src/figure";
import { LIGHT } from "../../js/src/picture/theme";
import type { Drawn, Plotly, Trace } from "../../js/src/plotly";
import { openGpu } from "../../js/src/space/gpu";
import { openSpace } from "../../js/src/space/space";
import { createTurns } from "../../js/src/space/turns";
import { request } from "../../js/test/fake-store";
import { landscape, spread } from "../../js/test/landscapes";

core.register([surface]);
const plotly = core as unknown as Plotly;
const gpu = openGpu();
const open = gpu && openSpace(gpu, createTurns());

interface Drawing {
  /** Milliseconds of script; resolves when the values stand there. */
  patch(): Promise<number>;
  /** From where it is seen now. */
  eye(): unknown;
  end(): void;
}

/** For both the same values: a bowl that grows. */
const heights = (step: number) => (x: number, y: number) =>
  (1 + step / 20) * (x * x + 2 * y * y) + x * y;

async function timed(draw: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  const done = draw();
  const script = performance.now() - start;
  await done;
  return script;
}

function ours(node: HTMLElement, points: number): Drawing {
  if (!open) throw new Error("no WebGL 2");
  const renderer = open(node, () => undefined);
  const at = spread(-1, 1, points);
  let step = 0;
  return {
    patch() {
      const ground = { ...landscape(heights(step), { x: at, y: at }), revision: step++ };
      const view = { ...request, kind: "surface" as const, camera };
      return timed(() => renderer.show(figure(ground, view, LIGHT, false)));
    },
    eye: () => (node as unknown as Scene).layout?.scene.camera,
    end: () => renderer.purge(),
  };
}

/** As in its FigureWidget, but for its kernel: new rows of heights, the camera left alone. */
function theirs(node: HTMLElement, points: number): Drawing {
  const { width, height } = node.getBoundingClientRect();
  const scene = { dragmode: "turntable", camera };
  const layout = { width, height, uirevision: "same", scene };
  const at = spread(-1, 1, points);
  let step = 0;
  return {
    patch() {
      const height = heights(step++);
      const z = at.map((y) => at.map((x) => height(x, y)));
      const trace: Trace = { type: "surface", x: at, y: at, z };
      return timed(() => plotly.react(node, [trace], { ...layout }, { plotGlPixelRatio: 1 }));
    },
    eye: () => (node as unknown as Theirs)._fullLayout.scene._scene.getCamera().eye,
    end: () => plotly.purge(node),
  };
}

type Scene = Drawn & { readonly layout?: { readonly scene: { readonly camera: unknown } } };
interface Theirs {
  readonly _fullLayout: { readonly scene: { readonly _scene: { getCamera(): { eye: unknown } } } };
}

const camera = {
  eye: { x: 1.05, y: -1.3, z: 1.04 },
  center: { x: 0, y: 0, z: -0.22 },
  up: { x: 0, y: 0, z: 1 },
};
const frame = () => new Promise((done) => requestAnimationFrame(done));
let current: Drawing | null = null;

async function show(who: "ours" | "theirs", points: number): Promise<void> {
  current?.end();
  const node = document.createElement("div");
  node.style.cssText = "width: 800px; height: 500px";
  document.body.replaceChildren(node);
  current = { ours, theirs }[who](node, points);
  await current.patch();
  await frame();
}

/** Milliseconds of script, and until the second frame, of each patch that fits into some time; three at least. */
async function patches(milliseconds: number) {
  const [scripts, frames]: [number[], number[]] = [[], []];
  const end = performance.now() + milliseconds;
  while (current && (performance.now() < end || scripts.length < 3)) {
    const start = performance.now();
    scripts.push(await current.patch());
    await frame();
    await frame();
    frames.push(performance.now() - start);
  }
  return { scripts, frames };
}

/** While a hand turns the picture and a patch comes every `every`: views seen a second, and the longest task. */
async function turned(milliseconds: number, every: number) {
  let [views, longest] = [0, 0];
  const tasks = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  });
  tasks.observe({ type: "longtask" });
  const start = performance.now();
  const isOver = () => performance.now() > start + milliseconds;
  const count = async () => {
    for (let last = ""; !isOver(); await frame()) {
      const eye = JSON.stringify(current?.eye());
      if (eye !== last) views++;
      last = eye;
    }
  };
  const stream = async () => {
    while (!isOver()) {
      const next = performance.now() + every;
      await current?.patch();
      await new Promise((done) => setTimeout(done, Math.max(0, next - performance.now())));
    }
  };
  await Promise.all([count(), stream()]);
  await frame();
  tasks.disconnect();
  return { views: (1000 * views) / (performance.now() - start), longest };
}

Object.assign(globalThis, { bench: { show, patches, turned } });
