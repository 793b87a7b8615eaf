import { effect } from "@preact/signals-core";
import { expect, it, vi } from "vitest";
import type { Request } from "../src/protocol";
import { createStore } from "../src/store";
import { choices, firstLevel, patchMessage, request, status, surfaceMessage } from "./messages";

function setUp() {
  const outlet = { write: vi.fn(), act: vi.fn() };
  const store = createStore({ request, status, error: null, choices, sharpness: null }, outlet);
  return { store, ...outlet };
}

const x = (low: number): Partial<Request> => ({ x: [low, 1] });

it("changes at once and tells the kernel what changed", () => {
  const { store, write } = setUp();
  store.change(x(-2));
  expect(store.request.value).toEqual({ ...request, x: [-2, 1] });
  expect(write.mock.calls).toEqual([[x(-2)]]);
});

it("makes one step of a drag", () => {
  const { store, write } = setUp();
  for (const low of [-2, -3, -4]) store.preview(x(low));
  expect(store.canUndo.value).toBe(false);
  store.change(x(-4));
  expect(store.canUndo.value).toBe(true);
  store.undo();
  expect(store.request.value).toEqual(request);
  expect(store.canUndo.value).toBe(false);
  expect(write).toHaveBeenLastCalledWith(x(-1));
  store.redo();
  expect(store.request.value.x).toEqual([-4, 1]);
  expect(store.canRedo.value).toBe(false);
});

it("leaves a drag behind when undone in the middle", () => {
  const { store } = setUp();
  store.change({ clip: 3 });
  store.preview(x(-2));
  store.undo();
  expect(store.request.value).toEqual(request);
});

it("records what Python sets, without telling it back", () => {
  const { store, write } = setUp();
  store.receive(x(-2));
  expect(store.request.value.x).toEqual([-2, 1]);
  expect(write).not.toHaveBeenCalled();
  store.undo();
  expect(write.mock.calls).toEqual([[x(-1)]]);
});

it("doesn't stir when Python sets what is so already", () => {
  const { store } = setUp();
  const seen = vi.fn();
  effect(() => seen(store.request.value));
  store.receive({ x: [-1, 1], camera: null });
  store.preview({ x: [-1, 1] });
  expect(seen).toHaveBeenCalledTimes(1);
  expect(store.canUndo.value).toBe(false);
});

it("lets Python's values wait while their control is held", () => {
  const { store } = setUp();
  const first = store.hold(["x"]);
  const second = store.hold(["x", "y"]);
  store.receive({ x: [-5, 5], y: [-6, 6], clip: 2 });
  expect(store.request.value).toEqual({ ...request, clip: 2 });
  first();
  first();
  expect(store.request.value.x).toEqual([-1, 1]);
  second();
  expect(store.request.value).toEqual({ ...request, clip: 2, x: [-5, 5], y: [-6, 6] });
});

it("lets the person's last word stand against an older one from Python", () => {
  const { store } = setUp();
  const release = store.hold(["x"]);
  store.receive(x(-5));
  store.preview(x(-2));
  store.change(x(-2));
  release();
  expect(store.request.value.x).toEqual([-2, 1]);
});

it("puts a refused value back after the drag, without a step", () => {
  const { store } = setUp();
  const release = store.hold(["x"]);
  store.preview({ x: [2, 1] });
  store.change({ x: [2, 1] });
  store.receive({ x: [-1, 1] });
  store.refusal.value = { kind: "refusal", name: "x", reason: "low below high" };
  release();
  expect(store.request.value.x).toEqual([-1, 1]);
  expect(store.refusal.value?.reason).toBe("low below high");
  expect(store.canUndo.value).toBe(false);
});

it("keeps a refusal until that control changes again", () => {
  const { store } = setUp();
  store.refusal.value = { kind: "refusal", name: "samples", reason: "1 to 400" };
  store.change(x(-2));
  expect(store.refusal.value?.name).toBe("samples");
  store.preview({ samples: 50 });
  expect(store.refusal.value).toBeNull();
});

it("says previous from the change until the first level of the new surface", () => {
  const { store } = setUp();
  const said: boolean[] = [];
  effect(() => {
    said.push(store.previous.value);
  });
  store.arrive(surfaceMessage());
  store.arrive(patchMessage(firstLevel));
  store.change({
    directions: [{ key: "random", seed: 7, normalization: null }, ...request.directions.slice(1)],
  });
  const old = store.surface.value;
  store.arrive(surfaceMessage({ generation: 2, sequence: 3 }));
  expect(store.surface.value).toBe(old);
  store.arrive(patchMessage(firstLevel, { generation: 2, sequence: 4 }));
  expect(store.surface.value?.generation).toBe(2);
  expect(said).toEqual([false, true, false]);
});

it("says previous of a surface on another window, though its generation is new", () => {
  const { store } = setUp();
  store.arrive(surfaceMessage());
  store.preview(x(-2));
  store.preview(x(-3));
  const [two, three] = [-2, -3].map((low) => {
    const step = (1 - low) / 8;
    return Float64Array.from({ length: 9 }, (_, i) => low + i * step);
  }) as [Float64Array, Float64Array];
  store.arrive(surfaceMessage({ generation: 2, x: two }));
  store.arrive(patchMessage(firstLevel, { generation: 2 }));
  expect(store.surface.value?.generation).toBe(2);
  expect(store.previous.value).toBe(true);
  store.arrive(surfaceMessage({ generation: 3, x: three }));
  store.arrive(patchMessage(firstLevel, { generation: 3 }));
  expect(store.previous.value).toBe(false);
});

it("says previous again when the surface that came was of an older draw", () => {
  const { store } = setUp();
  store.arrive(surfaceMessage());
  store.change({ normalization: "layer" });
  store.change({ normalization: "weight" });
  store.arrive(surfaceMessage({ generation: 2 }));
  store.arrive(patchMessage(firstLevel, { generation: 2 }));
  store.arrive(surfaceMessage({ generation: 3 }));
  expect(store.surface.value?.generation).toBe(2);
  expect(store.previous.value).toBe(true);
});

it("is not previous after a change that was taken back, or is a matter of view", () => {
  const { store } = setUp();
  store.arrive(surfaceMessage());
  store.change({ metric: "accuracy", scale: "log", clip: 2, kind: "contour" });
  expect(store.previous.value).toBe(false);
  store.change({ normalization: "layer" });
  expect(store.previous.value).toBe(true);
  store.undo();
  expect(store.previous.value).toBe(false);
});

it("passes actions on", () => {
  const { store, act } = setUp();
  store.act({ kind: "auto_range", factor: 10 });
  expect(act.mock.calls).toEqual([[{ kind: "auto_range", factor: 10 }]]);
});
