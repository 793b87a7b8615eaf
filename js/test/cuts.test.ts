// @vitest-environment happy-dom
// Do the cuts run where the picture does: the same values, the same scale, the same point?

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { INTERPOLATED } from "../src/cell-state";
import { createCuts } from "../src/face/cuts";
import { type Cut, crossingAt, cutsOf } from "../src/figure/cuts";
import { createScene } from "../src/figure/scene";
import { createPointer } from "../src/picture/pointer";
import { LIGHT } from "../src/picture/theme";
import type { Request } from "../src/protocol";
import type { Surface } from "../src/surface";
import { profileOf } from "../src/words/profile";
import { type FakeStore, fakeStore, request, surfaceMessage } from "./fake-store";
import { draw, list, named } from "./figures";
import { pressKey } from "./gestures";
import { landscape, loss, spread } from "./landscapes";

const slope = (x: number, y: number) => x + 10 * y + 20;
const ground = landscape(slope, { x: spread(-1, 1, 5), y: spread(-1, 1, 5), metrics: [loss] });

function cut(
  surface: Surface = ground,
  place: readonly number[] = [0.5, -1],
  changes: Partial<Request> = {},
): readonly [Cut, Cut] {
  const asked = { ...request, ...changes };
  const scene = createScene(surface, {
    request: asked,
    theme: LIGHT,
    previous: false,
    barrier: null,
  });
  const at = scene && crossingAt(scene, place);
  if (!scene || !at) throw new Error("the place is on the surface");
  return cutsOf(scene, at);
}

describe("a cut", () => {
  it("runs along its axis through the point, untransposed", () => {
    const [along, across] = cut();
    expect([...along.heights]).toEqual([9, 9.5, 10, 10.5, 11]);
    expect([...across.heights]).toEqual([10.5, 15.5, 20.5, 25.5, 30.5]);
    expect([along.here, across.here]).toEqual([3, 0]);
    expect([...along.places]).toEqual([-1, -0.5, 0, 0.5, 1]);
  });

  it("stands on the picture's scale and ends at its clip", () => {
    const logs = cut(ground, [0, 0], { scale: "log" })[0].heights;
    expect([...logs]).toEqual(
      [19, 19.5, 20, 20.5, 21].map((value) => expect.closeTo(Math.log10(value), 6)),
    );
    const clipped = cut(ground, [0, 0], { clip: 20 })[0].heights;
    expect([...clipped]).toEqual([19, 19.5, 20, 20, 20]);
  });

  it("goes through the nearest row where the point isn't on the lattice", () => {
    expect(cut(ground, [0.2, 0.3])[0].heights[2]).toBe(25);
  });

  it("has the standard error around it where the samples are a subset, and none where they are all", () => {
    const some = landscape(slope, {
      x: spread(-1, 1, 5),
      y: spread(-1, 1, 5),
      metrics: [{ ...loss, samples: 100, size: 1e9 }],
      errors: 0.5,
    });
    const [along] = cut(some, [0, 0]);
    expect(along.lows[2]).toBeCloseTo(19.5, 5);
    expect(along.highs[2]).toBeCloseTo(20.5, 5);
    expect([...cut()[0].lows]).toEqual(Array(5).fill(Number.NaN));
  });

  it("isn't anywhere outside of the surface", () => {
    expect(() => cut(ground, [3, 0])).toThrow("the place is on the surface");
  });
});

describe("its profile", () => {
  const frame = { width: 100, height: 10 };
  const half: Cut = {
    axis: 0,
    places: Float64Array.of(0, 1, 2, 3),
    heights: Float64Array.of(0, 5, Number.NaN, 10),
    measured: Uint8Array.of(1, 0, 1, 1),
    lows: Float64Array.of(0, Number.NaN, Number.NaN, 9),
    highs: Float64Array.of(1, Number.NaN, Number.NaN, 10),
    cells: Int32Array.of(0, 1, 2, 3),
    here: 1,
  };

  it("breaks where nothing is finite, and tells what is measured from what isn't", () => {
    const drawn = profileOf(frame, half, [0, 4], [0, 10]);
    expect(drawn.ground).toBe("M0 10L25 5M75 0");
    expect(drawn.measured).toBe("M0 10M75 0");
    expect(drawn.dots).toBe("M0 10h0M75 0h0");
    expect(drawn.band).toBe("M0 9L75 0L75 1L0 10Z");
    expect(drawn.here).toEqual({ across: 0.25, up: 0.5 });
  });

  it("has no dots where all is measured, and no point out of sight", () => {
    const whole = { ...half, measured: Uint8Array.of(1, 1, 1, 1) };
    expect(profileOf(frame, whole, [0, 4], [0, 10]).dots).toBe("");
    expect(profileOf(frame, whole, [2, 4], [0, 10]).here).toBeNull();
  });
});

describe("the point that is kept", () => {
  const marked = { marked: [0.5, -1] as const };

  it("is a ring in pictures from above, with a line along each cut only while there are cuts", () => {
    const plain = draw(ground, { ...marked, kind: "contour" });
    expect([list(named(plain, "marked").x), list(named(plain, "marked").y)]).toEqual([[0.5], [-1]]);
    expect(plain.data.some(({ name }) => name === "cuts")).toBe(false);
    const cuts = named(draw(ground, { ...marked, kind: "heatmap", cuts: true }), "cuts");
    expect(list(cuts.x)).toEqual([-1, 1, null, 0.5, 0.5]);
    expect(list(cuts.y)).toEqual([-1, -1, null, -1, 1]);
  });

  it("stands on the ground in space, and the cuts run along it", () => {
    const drawn = draw(ground, { ...marked, kind: "surface", cuts: true });
    const [height] = list(named(drawn, "marked").z);
    expect(height).toBeCloseTo(10.5, 0);
    const [along] = drawn.data.filter(({ name }) => name === "cuts");
    expect(list(along?.y)).toEqual(Array(5).fill(-1));
    const lift = (list(along?.z)[0] ?? 0) - 9;
    expect(list(along?.z)).toEqual(
      [9, 9.5, 10, 10.5, 11].map((value) => expect.closeTo(value + lift, 6)),
    );
  });

  it("is a ring on the curve of a line", () => {
    const line = landscape((x) => 3 * x, { y: [], points: { origin: [0] } });
    const ring = named(draw(line, { marked: [1, 0] }), "marked");
    expect([list(ring.x), list(ring.y)]).toEqual([[1], [3]]);
  });

  it("is nowhere while there is none, or it lies outside", () => {
    const rings = (at: Request["marked"]) =>
      draw(ground, { marked: at, kind: "contour" }).data.filter(({ name }) => name === "marked");
    expect([rings(null), rings([7, 0])]).toEqual([[], []]);
  });
});

describe("below the picture", () => {
  let store: FakeStore;
  let node: HTMLElement;
  let life: AbortController;

  beforeEach(() => {
    life = new AbortController();
    store = fakeStore({ request: { ...request, cuts: true } });
    store.arrive(surfaceMessage(5, slope));
    createPointer(store, life.signal);
    node = createCuts(store, life.signal);
    document.body.replaceChildren(node);
  });
  afterEach(() => life.abort());

  const knob = (axis: number) =>
    node.querySelectorAll<HTMLElement>("[role=slider]")[axis] as HTMLElement;
  const field = (axis: number) => {
    const found = node.querySelectorAll<HTMLElement>(".lw-cut-field")[axis] as HTMLElement;
    found.getBoundingClientRect = () => ({ left: 100, width: 200 }) as DOMRect;
    return found;
  };

  it("there are two, through the origin until something is read", () => {
    expect(node.textContent).toContain("along axis 1 at y = 0");
    expect(knob(0).getAttribute("aria-valuetext")).toBe("x 0: 20");
    store.receive({ marked: [0.5, -1] });
    expect(node.textContent).toContain("along axis 1 at y = −1");
    expect(knob(1).getAttribute("aria-valuetext")).toBe("y −1: 10.5");
  });

  it("a hand on one points at the cell there, and takes the point away when it leaves", () => {
    field(0).dispatchEvent(new MouseEvent("pointermove", { clientX: 290 }));
    expect(store.hovered.value).toMatchObject({ cell: 14, generation: 1 });
    field(0).dispatchEvent(new MouseEvent("pointerleave"));
    expect(store.hovered.value).toBeNull();
  });

  it("a click keeps the cell, and keys walk along the cut", () => {
    field(1).dispatchEvent(new MouseEvent("click", { clientX: 100 }));
    expect(store.request.value.marked).toEqual([0, -1]);
    pressKey(knob(1), "ArrowRight");
    expect(store.request.value.marked).toEqual([0, -0.5]);
    store.undo();
    expect(store.request.value.marked).toEqual([0, -1]);
  });

  it("there are none of a line, of nothing, or when nobody asks", () => {
    expect(node.hidden).toBe(false);
    store.change({ cuts: false });
    expect(node.hidden).toBe(true);
    store.change({ cuts: true });
    expect(node.hidden).toBe(false);
    const line = fakeStore({ request: { ...request, cuts: true } });
    line.arrive(surfaceMessage(5, slope, { dimensions: 1 }));
    expect(createCuts(line, life.signal).hidden).toBe(true);
    expect(createCuts(fakeStore({ request: { ...request, cuts: true } }), life.signal).hidden).toBe(
      true,
    );
  });

  it("measured cells have dots where others don't", () => {
    const finer = Uint8Array.of(0, 1, 0, 1, 0);
    const states = Uint8Array.from({ length: 26 }, (_, cell) =>
      cell < 25 && (cell % 5) % 2 === 1 ? INTERPOLATED : 1,
    );
    const changes = { sequence: 1, generation: 2, states, xLevel: finer };
    store.arrive(surfaceMessage(5, slope, changes));
    expect(node.querySelector(".lw-cut-dots")?.getAttribute("d")).toContain("h0");
  });
});
