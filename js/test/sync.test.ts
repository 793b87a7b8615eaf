// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PATIENCE } from "../src/kernel/connection";
import { openSession, type Traits } from "../src/kernel/sync";
import type { PatchMessage, SurfaceMessage } from "../src/protocol";
import { columns, sharpness } from "./curvature";
import { fakeModel } from "./fake-model";
import { encoded, firstLevel, packed, patchMessage, status, surfaceMessage } from "./messages";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(initial: Partial<Traits> = {}) {
  const model = fakeModel(initial);
  const ending = new AbortController();
  const session = openSession(model, ending.signal);
  const say = (message: SurfaceMessage | PatchMessage) =>
    model.emit("msg:custom", ...encoded(message));
  const sentOf = (kind: string) => model.sent.filter((message) => message.kind === kind);
  return { ...session, model, ending, say, sentOf };
}

const known = () => {
  const message = surfaceMessage({ generation: 5, sequence: 0, level: 0 });
  for (const cell of firstLevel) {
    message.states[cell] = 1;
    message.values[cell] = cell;
  }
  return message;
};

it("says hello and asks for a sign of life", () => {
  const { model } = setUp();
  expect(model.sent).toEqual([
    { kind: "hello", visible: true },
    { kind: "ping", ping: 1 },
  ]);
});

it("starts from the traits", () => {
  const { store, library } = setUp({ x: [-3, 3], name: "mine" });
  expect(store.request.value).toMatchObject({ x: [-3, 3], name: "mine", samples: 100 });
  expect(store.status.value).toEqual(status);
  expect(library).toBe("anywidget:library");
});

it("writes a change into its trait at once, and saves the newest of a burst", async () => {
  const { store, model } = setUp();
  for (const low of [-2, -3, -4]) store.preview({ x: [low, 1] });
  expect(model.get("x")).toEqual([-4, 1]);
  expect(model.save_changes).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(100);
  expect(model.save_changes).toHaveBeenCalledTimes(2);
  expect(store.canUndo.value).toBe(false);
});

it("takes what Python sets, several traits as one step", async () => {
  const { store, model } = setUp();
  await model.receive({ x: [0, 2], y: [0, 2] });
  expect(store.request.value).toMatchObject({ x: [0, 2], y: [0, 2] });
  store.undo();
  expect(store.request.value).toMatchObject({ x: [-1, 1], y: [-1, 1] });
  expect(model.get("y")).toEqual([-1, 1]);
});

it("carries where to stop both ways", async () => {
  const { store, model } = setUp();
  await model.receive({ tolerance: 0.01 });
  expect(store.request.value.tolerance).toBe(0.01);
  store.change({ tolerance: 0.03 });
  store.undo();
  expect(model.get("tolerance")).toBe(0.01);
  store.undo();
  expect(model.get("tolerance")).toBeNull();
});

it("takes results", async () => {
  const { store, model } = setUp();
  await model.receive({ status: { ...status, phase: "failed" } });
  await model.receive({ error: { message: "boom", traceback: "line 1" } });
  expect(store.status.value.phase).toBe("failed");
  expect(store.error.value).toEqual({ message: "boom", traceback: "line 1" });
  await model.receive({ error: null });
  expect(store.error.value).toBeNull();
});

it("puts a refused value back and keeps the reason", async () => {
  const { store, model } = setUp();
  store.change({ samples: 9999 });
  await model.receive({ samples: 100 });
  const reason = "samples is a whole number from 1 to 400; got 9999.";
  model.emit("msg:custom", { kind: "refusal", name: "samples", reason }, []);
  expect(store.request.value.samples).toBe(100);
  expect(store.refusal.value?.reason).toBe(reason);
  expect(store.canUndo.value).toBe(false);
});

it("builds the surface from messages", () => {
  const { store, say } = setUp();
  say(surfaceMessage());
  say(patchMessage(firstLevel));
  expect(store.surface.value).toMatchObject({ generation: 1, level: 0 });
  expect(store.heard.value).toEqual(new Date());
});

it("asks once for a surface of which patches came first, and again when more is lost", () => {
  const { say, sentOf, store } = setUp();
  say(patchMessage([0], { sequence: 2 }));
  say(patchMessage([1], { sequence: 3 }));
  expect(sentOf("hello")).toHaveLength(2);
  say(surfaceMessage({ sequence: 4 }));
  say(patchMessage([2], { sequence: 5 }));
  expect(sentOf("hello")).toHaveLength(2);
  say(patchMessage([3], { sequence: 7 }));
  expect(sentOf("hello")).toHaveLength(3);
  expect([...(store.surface.value?.states.subarray(0, 4) ?? [])]).toEqual([0, 0, 1, 1]);
});

it("acknowledges every message once, also one that it drops, when no view is there", () => {
  const { say, sentOf } = setUp();
  say(surfaceMessage({ generation: 2, sequence: 4 }));
  say(patchMessage([0], { generation: 1, sequence: 3 }));
  say(patchMessage([0], { generation: 2, sequence: 5 }));
  expect(sentOf("ack")).toEqual([
    { kind: "ack", generation: 2, sequence: 4 },
    { kind: "ack", generation: 1, sequence: 3 },
    { kind: "ack", generation: 2, sequence: 5 },
  ]);
});

it("waits for the draw while a view is visible, until the page is hidden", () => {
  const { say, sentOf, acknowledgements, ending } = setUp();
  let visible = true;
  acknowledgements.enter({ isVisible: () => visible }, ending.signal);
  say(surfaceMessage());
  expect(sentOf("ack")).toEqual([]);
  acknowledgements.drawn({ map: null, generation: 1, revision: 0 });
  expect(sentOf("ack")).toHaveLength(1);
  say(patchMessage(firstLevel));
  visible = false;
  document.dispatchEvent(new Event("visibilitychange"));
  expect(sentOf("ack")).toHaveLength(2);
});

it("acknowledges at once what isn't shown yet", () => {
  const { say, sentOf, acknowledgements, ending } = setUp();
  acknowledgements.enter({ isVisible: () => true }, ending.signal);
  say(surfaceMessage());
  say(surfaceMessage({ generation: 2, sequence: 2 }));
  expect(sentOf("ack")).toEqual([{ kind: "ack", generation: 2, sequence: 2 }]);
});

it("restores the snapshot of a saved notebook, and says so when nobody answers", () => {
  const { store } = setUp({ snapshot: packed(known()) });
  expect(store.surface.value).toMatchObject({ generation: 5, level: 0 });
  expect(store.previous.value).toBe(false);
  vi.advanceTimersByTime(PATIENCE);
  expect(store.connection.value).toBe("saved");
});

it("takes a snapshot only where it knows more", async () => {
  const { store, model, say } = setUp();
  say(surfaceMessage({ generation: 5 }));
  await model.receive({ snapshot: packed(known()) });
  expect(store.surface.value?.level).toBe(0);
  const before = store.surface.value;
  await model.receive({ snapshot: packed({ ...known(), time: "later" }) });
  expect(store.surface.value).toBe(before);
});

it("leaves the trait's bytes alone when patches follow", () => {
  const snapshot = packed(known());
  const bytes = snapshot.buffer.slice(0);
  const { say, store } = setUp({ snapshot });
  say(patchMessage([0, 1, 45], { generation: 5 }));
  expect(store.surface.value?.states[45]).toBe(1);
  expect(snapshot.buffer).toEqual(bytes);
});

it("shows what it can't read as an error, and goes on", () => {
  const { store, model, say } = setUp();
  model.emit("msg:custom", { kind: "surface", version: 9 }, []);
  expect(store.error.value?.message).toMatch(/version 4.*got 9/);
  say(surfaceMessage());
  expect(store.surface.value).not.toBeNull();
});

it("shows a snapshot that is cut off as an error", () => {
  const { store } = setUp({ snapshot: new DataView(packed(known()).buffer, 0, 40) });
  expect(store.error.value?.message).toMatch(/It is cut off/);
});

it("is disconnected when the kernel is gone, and keeps the picture", () => {
  const { store, model, say } = setUp();
  say(surfaceMessage());
  model.die();
  expect(store.connection.value).toBe("disconnected");
  expect(store.surface.value).not.toBeNull();
  store.change({ x: [-2, 2] });
  store.act({ kind: "pause" });
  vi.advanceTimersByTime(10 * PATIENCE);
  expect(store.connection.value).toBe("disconnected");
});

it("is busy while a long cell runs, and live after the pong", () => {
  const { store, model } = setUp();
  model.emit("msg:custom", { kind: "pong", ping: 1 }, []);
  store.change({ x: [-2, 2] });
  vi.advanceTimersByTime(10_000);
  expect(store.connection.value).toBe("busy");
  model.emit("msg:custom", { kind: "pong", ping: 2 }, []);
  expect(store.connection.value).toBe("live");
});

it("sends actions as they are", () => {
  const { store, sentOf } = setUp();
  store.act({ kind: "auto_range", factor: 10 });
  expect(sentOf("auto_range")).toEqual([{ kind: "auto_range", factor: 10 }]);
});

it("listens no more after the end", async () => {
  const { store, model, ending, say } = setUp();
  ending.abort();
  say(surfaceMessage());
  await model.receive({ x: [-9, 9] });
  expect(store.surface.value).toBeNull();
  expect(store.request.value.x).toEqual([-1, 1]);
});

it("restores maps from their snapshots, beside the picture's", async () => {
  const map = surfaceMessage({ ...known(), map: "curvature", metrics: columns.slice(0, 2) });
  const { store, model } = setUp({ snapshot: packed(known()), metric: "curvature" });
  expect(store.surface.value?.map).toBeNull();
  await model.receive({ snapshots: { curvature: packed(map) } });
  expect(store.surface.value).toMatchObject({ map: "curvature", level: 0 });
  expect(setUp({ snapshots: { curvature: packed(map) } }).store.known.value.streams.size).toBe(1);
});

it("acknowledges a map at once while nobody looks at it", () => {
  const { say, sentOf, acknowledgements, ending } = setUp();
  acknowledgements.enter({ isVisible: () => true }, ending.signal);
  say(surfaceMessage({ map: "curvature", metrics: columns.slice(0, 2) }));
  expect(sentOf("ack")).toEqual([{ kind: "ack", generation: 1, sequence: 1 }]);
});

it("hears how sharp it is, number by number, and asks for it once told to", async () => {
  const { store, model, sentOf } = setUp();
  expect(store.sharpness.value).toBeNull();
  store.act({ kind: "sharpness" });
  expect(sentOf("sharpness")).toHaveLength(1);
  await model.receive({ sharpness });
  expect(store.sharpness.value?.critical).toBe(12.5);
});
