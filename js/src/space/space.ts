// How does a picture in space come together, and what does it tell of a hand on it? Figures in, pictures and events out.

import { createVectorPen } from "../export/vector-pen";
import type { Figure } from "../figure";
import type { Amendment } from "../picture/amendment";
import { DEFAULT_CAMERA } from "../picture/camera";
import type { Listen, OpenRenderer, Renderer } from "../picture/renderer";
import type { Drawn, Layout, PointEvent, RelayoutEvent, Trace } from "../plotly";
import type { Camera } from "../protocol";
import { boxOf } from "./box";
import { type ColorBar, colorBarOf, writeColorBar } from "./color-bar";
import { crossAt } from "./cross";
import type { Gpu } from "./gpu";
import { listenToOrbit } from "./orbit";
import { createPainter } from "./painter";
import { type Parts, partsOf, rgba } from "./parts";
import type { Pen } from "./pen";
import { pointedAt } from "./pointed";
import { type Room, roomOf } from "./room";
import type { Measure } from "./text";
import type { Turns } from "./turns";
import { type Size, type View, viewOf } from "./view";
import { axisOf, insideOf, labelsOf, tickPlaces } from "./words";
import { write } from "./write";

const FINEST = 2;

/** What a picture on screen is made of. */
interface Standing {
  data: readonly Trace[];
  layout: Layout;
  room: Room;
  parts: Parts;
  camera: Camera;
  /** Data of the cross. */
  cross: readonly [number, number] | null;
}

/** For all pictures of a page: they share the card, and the time of a frame. */
export function openSpace(gpu: Gpu, turns: Turns): OpenRenderer {
  return (node, listen) => createSpace(node, listen, gpu, turns);
}

function createSpace(host: HTMLElement, listen: Listen, gpu: Gpu, turns: Turns): Renderer {
  const life = new AbortController();
  const painter = createPainter(gpu);
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

  function arranged({ data, layout, room, camera }: Standing, size: Size): Arranged {
    const bar = colorBarOf(data, size, measureWith(pen, familyOf(layout)));
    const inside = insideOf(layout, size, bar?.width ?? 0);
    const view = viewOf(camera, inside.size);
    return { ...inside, bar, view, box: boxOf(room, view) };
  }

  /** With a pen for device pixels; `words` takes those instead, where it is another. */
  async function drawWith(
    onto: CanvasRenderingContext2D,
    now: Standing,
    size: Size,
    ratio: number,
    words: Pen = onto,
  ): Promise<void> {
    const { layout, room } = now;
    const { left, top, bar, view, box } = arranged(now, size);
    const family = familyOf(layout);
    const scaled = (value: number) => Math.round(value * ratio);
    const pixels = { width: scaled(view.size.width), height: scaled(view.size.height) };
    const { backgroundcolor, gridcolor } = axisOf(layout.scene as Layout, "x");
    const frame = {
      ...{ room, view, box, ratio },
      wall: rgba(backgroundcolor),
      grid: rgba(gridcolor),
      ticks: tickPlaces(layout, room),
    };
    await gpu.paint(
      pixels,
      () => painter.paint(frame),
      (from, below) => {
        const { width, height } = pixels;
        resized(onto, { width: scaled(size.width), height: scaled(size.height) });
        onto.drawImage(from, 0, below, width, height, scaled(left), scaled(top), width, height);
        onto.setTransform(ratio, 0, 0, ratio, 0, 0);
        if (bar) writeColorBar(words, bar, size, family);
        words.translate(left, top);
        for (const label of labelsOf(layout, { room, view, box }, measureWith(onto, family))) {
          write(words, label, family);
        }
      },
    );
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
    await drawWith(pen, now, size, finest());
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
    const { left, top, view } = arranged(standing, sizeOf());
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
          if (standing) await drawWith(onto, standing, sizeOf(), scale, words);
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
      layout: { get: () => painted && layoutOf(painted, arranged(painted, sizeOf()), sizeOf()) },
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

interface Arranged {
  readonly left: number;
  readonly top: number;
  readonly bar: ColorBar | null;
  readonly view: View;
  readonly box: ReturnType<typeof boxOf>;
}

/** Empty, and with a pen for device pixels. */
function resized(pen: CanvasRenderingContext2D, { width, height }: Size): void {
  const { canvas } = pen;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, width, height);
}

/** Device pixels a CSS pixel. */
function finest(): number {
  return Math.min(FINEST, globalThis.devicePixelRatio || 1);
}

/** With the camera where a hand has left it, and the part of the picture that the room has. */
function layoutOf({ layout, camera }: Standing, { left, top, view }: Arranged, all: Size): Layout {
  const { width, height } = view.size;
  const domain = {
    x: [left / all.width, (left + width) / all.width],
    y: [1 - (top + height) / all.height, 1 - top / all.height],
  };
  return { ...layout, scene: { ...(layout.scene as Layout), camera, domain } };
}

function familyOf({ font }: Layout): string {
  return (font as { readonly family: string }).family;
}

function measureWith(pen: CanvasRenderingContext2D, family: string): Measure {
  return (line, size) => {
    pen.font = `${size}px ${family}`;
    return pen.measureText(line).width;
  };
}

type Told = PointEvent | RelayoutEvent;

function createEvents() {
  const listeners = new Map<string, ((event: never) => void)[]>();
  return {
    on(name: string, listener: (event: never) => void) {
      listeners.set(name, [...(listeners.get(name) ?? []), listener]);
    },
    emit(name: string, event: Told) {
      for (const listener of listeners.get(name) ?? []) listener(event as never);
    },
  };
}
