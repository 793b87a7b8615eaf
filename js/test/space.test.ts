// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Figure, figure } from "../src/figure";
import { DEFAULT_CAMERA } from "../src/picture/camera";
import type { Renderer } from "../src/picture/renderer";
import { LIGHT } from "../src/picture/theme";
import type { Drawn, PointEvent, RelayoutEvent } from "../src/plotly";
import type { Camera } from "../src/protocol";
import type { Gpu } from "../src/space/gpu";
import { openSpace } from "../src/space/space";
import { createTurns } from "../src/space/turns";
import { fakeFrames } from "./fake-plotly";
import { request } from "./fake-store";
import { landscape, spread } from "./landscapes";

let frames = fakeFrames();
let written: string[] = [];
beforeEach(() => {
  frames = fakeFrames();
  written = [];
  vi.stubGlobal("requestAnimationFrame", frames.requestAnimationFrame);
  vi.stubGlobal("IntersectionObserver", FakeSights);
  vi.spyOn(performance, "now").mockReturnValue(0);
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(function (
    this: HTMLCanvasElement,
  ) {
    return pen(this) as never;
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Writes words down, and does nothing else. */
function pen(canvas: HTMLCanvasElement) {
  const known = {
    canvas,
    measureText: (text: string) => ({ width: 6 * text.length }),
    fillText: (text: string) => void written.push(text),
    createLinearGradient: () => ({ addColorStop: () => undefined }),
  };
  return new Proxy(known, { get: (own, name) => Reflect.get(own, name) ?? (() => undefined) });
}

class FakeSights {
  static last: FakeSights | null = null;
  constructor(readonly tell: (entries: { isIntersecting: boolean }[]) => void) {
    FakeSights.last = this;
  }
  observe() {}
  disconnect() {}
}

/** A card that copies without drawing, when the test says so. */
function fakeGpu() {
  let finish = () => {};
  const returned = new EventTarget();
  const gpu = {
    paints: 0,
    isSlow: false,
    isLost: false,
    life: 0,
    gl: new Proxy({}, { get: () => () => ({}) }),
    finish: () => finish(),
    comeBack: () => returned.dispatchEvent(new Event("return")),
    use() {},
    async paint(_: unknown, __: unknown, copy: (from: HTMLCanvasElement, top: number) => void) {
      gpu.paints++;
      if (gpu.isSlow) await new Promise<void>((done) => (finish = done));
      copy(document.createElement("canvas"), 0);
    },
    once: (work: () => Promise<void>) => work(),
    onReturn: (listener: () => void) => returned.addEventListener("return", listener),
  };
  return gpu;
}

const bowl = landscape((x, y) => x * x + y * y, { x: spread(-1, 1, 9), y: spread(-1, 1, 9) });
const drawing = (camera: Camera | null = null): Figure =>
  figure(bowl, { ...request, kind: "surface", camera }, LIGHT, false);

function hang() {
  const node = document.createElement("div");
  Object.defineProperties(node, { clientWidth: { value: 600 }, clientHeight: { value: 400 } });
  const gpu = fakeGpu();
  const heard: (PointEvent | RelayoutEvent)[] = [];
  const listen = (element: Drawn) => {
    for (const name of ["plotly_hover", "plotly_unhover"] as const) {
      element.on(name, (event) => heard.push(event));
    }
    for (const name of ["plotly_relayouting", "plotly_relayout"] as const) {
      element.on(name, (event) => heard.push(event));
    }
  };
  const space: Renderer = openSpace(gpu as unknown as Gpu, createTurns())(node, listen);
  const canvas = () => node.querySelector("canvas") as HTMLCanvasElement;
  return {
    node: node as HTMLElement & { data?: unknown; layout?: unknown },
    gpu,
    heard,
    space,
    canvas,
  };
}

it("draws a figure, and lets a page see its data once it stands there", async () => {
  const { node, gpu, space } = hang();
  const next = drawing();
  gpu.isSlow = true;
  const done = space.show(next);
  expect(node.data).toBeUndefined();
  gpu.finish();
  await done;
  expect(node.data).toBe(next.data);
  expect(written).toContain("height: loss");
});

it("keeps every promise where two ask in one frame, and draws the last", async () => {
  const { node, gpu, space } = hang();
  gpu.isSlow = true;
  const first = space.show(drawing());
  const others = [space.show(drawing()), space.fit(), space.show(drawing({ ...DEFAULT_CAMERA }))];
  for (let turn = 0; turn < 3; turn++) {
    gpu.finish();
    await frames.pass();
  }
  await Promise.all([first, ...others]);
  expect(gpu.paints).toBe(2);
  expect(node.layout).toMatchObject({ scene: { camera: DEFAULT_CAMERA } });
});

it("turns as a hand drags it, and says where it has come to when let go", async () => {
  const { heard, space, canvas, node } = hang();
  await space.show(drawing(DEFAULT_CAMERA));
  const press = (type: string, clientX: number) =>
    canvas().dispatchEvent(new PointerEvent(type, { clientX, clientY: 50, buttons: 1, button: 0 }));
  canvas().setPointerCapture = () => undefined;
  press("pointerdown", 100);
  press("pointermove", 130);
  press("pointermove", 160);
  press("pointerup", 160);
  await frames.pass();
  expect(heard).toHaveLength(3);
  expect(heard[2]).toEqual(heard[1]);
  expect(node.layout).toMatchObject({ scene: { camera: heard.at(-1)?.["scene.camera" as never] } });
});

it("a click that doesn't travel turns nothing", async () => {
  const { heard, space, canvas } = hang();
  await space.show(drawing());
  canvas().setPointerCapture = () => undefined;
  for (const type of ["pointerdown", "pointermove", "pointerup"]) {
    canvas().dispatchEvent(new PointerEvent(type, { clientX: 10, clientY: 50, buttons: 1 }));
  }
  expect(heard).toEqual([]);
});

it("tells of what is under the pointer, and that it has left; an echoed cross tells nothing", async () => {
  const { heard, space, canvas } = hang();
  await space.show(drawing());
  canvas().dispatchEvent(new PointerEvent("pointermove", { clientX: 270, clientY: 200 }));
  const [event] = heard as PointEvent[];
  expect(event?.points?.[0]?.x).toBeGreaterThan(-1);
  expect(event?.points?.[0]?.x).toBeLessThan(1);
  canvas().dispatchEvent(new PointerEvent("pointerleave"));
  expect(heard.at(-1)).toEqual({ points: [] });
  space.point(0.5, 0.5);
  space.unpoint();
  expect(heard).toHaveLength(2);
});

it("isn't drawn while nobody sees it, and is when they do", async () => {
  const { gpu, space } = hang();
  await space.show(drawing());
  FakeSights.last?.tell([{ isIntersecting: false }]);
  await space.show(drawing());
  expect(gpu.paints).toBe(1);
  FakeSights.last?.tell([{ isIntersecting: true }]);
  await frames.pass();
  expect(gpu.paints).toBe(2);
});

it("keeps the last picture while the card is lost, and draws again when it is back", async () => {
  const { node, gpu, space } = hang();
  const first = drawing();
  await space.show(first);
  gpu.isLost = true;
  await space.show(drawing());
  expect([gpu.paints, node.data]).toEqual([1, first.data]);
  gpu.isLost = false;
  gpu.comeBack();
  await frames.pass();
  expect(gpu.paints).toBe(2);
});

it("gives an image of any size, at whatever size it stands on the page", async () => {
  const { space } = hang();
  await space.show(drawing());
  const image = await space.image(4);
  expect([image.width, image.height]).toEqual([2400, 1600]);
});
