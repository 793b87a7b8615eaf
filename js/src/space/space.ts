// How does a picture in space come together, and what does it tell of a hand on it? Figures in, pictures and events out.

import { createVectorPen } from "../export/vector-pen";
import type { Figure } from "../figure";
import type { Amendment } from "../picture/amendment";
import { DEFAULT_CAMERA } from "../picture/camera";
import type { Listen, OpenRenderer, Renderer } from "../picture/renderer";
import type { Drawn, Layout } from "../plotly";
import type { Camera } from "../protocol";
import { arranged, FINEST, finest, layoutOf, type Standing } from "./arranged";
import { crossAt } from "./cross";
import { drawOnto } from "./draw-onto";
import { createEvents } from "./events";
import type { Gpu } from "./gpu";
import { listenToOrbit } from "./orbit";
import { createPainter } from "./painter";
import { type Parts, partsOf } from "./parts";
import type { Pen } from "./pen";
import { pointedAt } from "./pointed";
import { roomOf } from "./room";
import type { Turns } from "./turns";
import type { Size } from "./view";

/** For all pictures of a page: they share the card, and the time of a frame. */
export function openSpace(gpu: Gpu, turns: Turns): OpenRenderer {
  return (node, listen) => createSpace(node, listen, gpu, turns);
}

function createSpace(host: HTMLElement, listen: Listen, gpu: Gpu, turns: Turns): Renderer {
  const life = new AbortController();
  const painter = createPainter(gpu);
  const card = { gpu, painter };
  const canvas = document.createElement("canvas");
  canvas.style.cssText = "display: block; touch-action: pan-x pan-y";
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  const events = createEvents();
  let standing: Standing | null = null;
  /** What the canvas shows, a moment later. */
  let painted: Standing | null = null;
  let loaded: Pick<Standing, "parts" | "cross"> | null = null;
  let waiting: { done(): void; failed(error: unknown): void }[] = [];
  let isSeen = true;
  let isTurnable = true;
  let isPointed = false;

  function partsWithCross(now: Standing): Parts {
    const { cross, data, room, parts } = now;
    const sheet = data.find(({ type }) => type === "surface");
    if (!cross || !sheet) return parts;
    const found = crossAt(sheet, room, cross);
    if (!found) return parts;
    return {
      ...parts,
      lines: [...parts.lines, ...found.lines],
      markers: [...parts.markers, ...found.markers],
    };
  }

  function sizeOf(): Size {
    return { width: host.clientWidth, height: host.clientHeight };
  }

  async function paint(): Promise<void> {
    const size = sizeOf();
    if (!standing || !isSeen || gpu.isLost || size.width === 0 || size.height === 0) return;
    if (loaded?.parts !== standing.parts || loaded.cross !== standing.cross) {
      loaded = standing;
      painter.load(partsWithCross(standing));
    }
    canvas.style.width = `${size.width}px`;
    canvas.style.height = `${size.height}px`;
    const now = standing;
    await drawOnto(pen, now, size, finest(), card);
    painted = now;
  }

  /** Resolves when the picture is right; one that isn't seen is. */
  function refresh(): Promise<void> {
    return new Promise((done, failed) => {
      waiting.push({ done, failed });
      turns.take(host, async () => {
        const served = waiting;
        waiting = [];
        try {
          await paint();
          for (const { done } of served) done();
        } catch (error) {
          for (const { failed } of served) failed(error);
        }
      });
    });
  }

  function change(changes: Partial<Standing>): Promise<void> {
    if (standing) standing = { ...standing, ...changes };
    return refresh();
  }

  function changeUnasked(changes: Partial<Standing>): void {
    change(changes).catch(() => undefined);
  }

  function point(at: readonly [number, number] | null): void {
    if (standing && String(standing.cross) !== String(at)) changeUnasked({ cross: at });
  }

  function hover(event: MouseEvent, name: "plotly_hover" | "plotly_click"): void {
    if (!standing) return;
    const { left, top, view } = arranged(standing, sizeOf(), pen);
    const from = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - from.left - left, event.clientY - from.top - top];
    const found = pointedAt(standing.data, standing.room, view, x, y);
    if (found) {
      isPointed = true;
      events.emit(name, { points: [found] });
      point([found.x, found.y]);
    } else unhover();
  }

  function unhover(): void {
    if (!isPointed) return;
    isPointed = false;
    events.emit("plotly_unhover", { points: [] });
    point(null);
  }

  /** Without the cross; `words` go elsewhere where there is a pen for them. */
  function print(scale: number, words?: Pen): Promise<HTMLCanvasElement> {
    const picture = document.createElement("canvas");
    const onto = picture.getContext("2d") as CanvasRenderingContext2D;
    return new Promise((done, failed) => {
      turns.take(picture, async () => {
        if (standing) painter.load(standing.parts);
        loaded = null;
        const drawing = async () => {
          if (standing) await drawOnto(onto, standing, sizeOf(), scale, card, words);
        };
        await gpu.once(drawing).then(() => done(picture), failed);
      });
    });
  }

  function start(): void {
    host.append(canvas);
    const listening = { signal: life.signal };
    listenToOrbit(
      canvas,
      {
        camera: () => standing?.camera ?? DEFAULT_CAMERA,
        moving(camera) {
          if (!isTurnable) return;
          changeUnasked({ camera });
          events.emit("plotly_relayouting", { "scene.camera": camera });
        },
        moved() {
          if (standing) events.emit("plotly_relayout", { "scene.camera": standing.camera });
        },
      },
      life.signal,
    );
    canvas.addEventListener(
      "pointermove",
      (event) => {
        if (event.buttons === 0) hover(event, "plotly_hover");
      },
      listening,
    );
    canvas.addEventListener("pointerleave", unhover, listening);
    canvas.addEventListener("click", (event) => hover(event, "plotly_click"), listening);
    const sights = new IntersectionObserver(([entry]) => {
      isSeen = entry?.isIntersecting ?? true;
      if (isSeen) changeUnasked({});
    });
    sights.observe(canvas);
    life.signal.addEventListener("abort", () => sights.disconnect());
    gpu.onReturn(() => changeUnasked({}), life.signal);
    // What a page may look at, as plotly has it.
    Object.defineProperties(host, {
      data: { get: () => painted?.data },
      layout: { get: () => painted && layoutOf(painted, sizeOf(), pen) },
    });
    listen(Object.assign(host, { on: events.on }) as unknown as Drawn);
  }

  return {
    show({ data, layout }: Figure) {
      const room = roomOf(layout.scene as Layout);
      const camera = (layout.scene as { readonly camera: Camera }).camera;
      const isFirst = standing === null;
      const cross = standing?.cross ?? null;
      isTurnable = (layout.scene as Layout).dragmode !== false;
      standing = { data, layout, room, parts: partsOf(data, room), camera, cross };
      if (isFirst) start();
      return refresh();
    },
    async amend({ inSpace }: Amendment) {
      if (!standing || !inSpace) return;
      const { first, traces, camera } = inSpace;
      const data = [...standing.data.slice(0, first), ...traces];
      const { lines, markers } = partsOf(
        data.filter(({ type }) => type !== "surface"),
        standing.room,
      );
      await change({ data, camera, parts: { ...standing.parts, lines, markers } });
    },
    look: (camera) => changeUnasked({ camera }),
    fit: () => refresh(),
    point: (x, y) => point([x, y]),
    unpoint: () => point(null),
    image: (scale) => print(scale),
    async vector() {
      const { width, height } = sizeOf();
      const words = createVectorPen("colors");
      const picture = (await print(FINEST, words.pen)).toDataURL("image/png");
      const image = `<image width="${width}" height="${height}" xlink:href="${picture}"/>`;
      return { width, height, markup: `${image}\n${words.markup()}` };
    },
    purge() {
      life.abort();
      turns.forget(host);
      painter.free();
      canvas.remove();
    },
  };
}
