// @vitest-environment happy-dom
// Does a page work where comms come between cells only, messages never, and of a trait the last value?

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PATIENCE } from "../src/kernel/connection";
import type { Told } from "../src/kernel/mail";
import { openSession, type Traits } from "../src/kernel/sync";
import type { SurfaceMessage } from "../src/protocol";
import { fakeModel } from "./fake-model";
import { encoded, firstLevel, type Other, packed, status, surfaceMessage } from "./messages";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const shown: Partial<SurfaceMessage> = { generation: 1, level: 0 };

/** A surface of which these cells are known. */
function known(cells: readonly number[], also: Partial<SurfaceMessage> = shown): SurfaceMessage {
  const message = surfaceMessage(also);
  for (const cell of cells) {
    message.states[cell] = 1;
    message.values[cell] = 10 * cell;
  }
  return message;
}

function setUp(initial: Partial<Traits> = {}) {
  const model = fakeModel({ transport: "traits", ...initial });
  const session = openSession(model, new AbortController().signal);
  const asked = () => model.get("asked").messages.map(({ content }) => content);
  const page = () => model.get("asked").page;
  const told = (
    letters: readonly (readonly [number, SurfaceMessage | Other])[],
    read: Told["read"] = {},
  ): Told => ({
    read,
    letters: letters.map(([number, content]) => ({ number, message: packed(content) })),
  });
  return { ...session, model, asked, page, told };
}

it("says hello in a trait, and nothing in a message", () => {
  const { model, asked } = setUp();
  expect(asked()).toEqual([
    { kind: "hello", visible: true },
    { kind: "ping", ping: 1 },
  ]);
  expect(model.sent).toEqual([]);
  expect(model.save_changes).toHaveBeenCalled();
});

it("has the whole surface from the last value, whatever was overtaken", async () => {
  const { store, model, told } = setUp();
  await model.receive({ told: told([[1, known([0, 4], { generation: 1, sequence: 1 })]]) });
  await model.receive({ told: told([[9, known(firstLevel, { ...shown, sequence: 9 })]]) });
  const cells = [...(store.surface.value?.states ?? [])].flatMap((state, cell) =>
    state === 1 ? [cell] : [],
  );
  expect(cells).toEqual([...firstLevel].sort((a, b) => a - b));
  const [, second = 0] = firstLevel;
  expect(store.surface.value?.values[0]?.[second]).toBe(10 * second);
  expect(store.connection.value).toBe("live");
});

it("says what it has drawn when it has drawn it", async () => {
  const { acknowledgements, model, asked, told } = setUp();
  acknowledgements.enter({ isVisible: () => true }, new AbortController().signal);
  await model.receive({ told: told([[1, known(firstLevel, { ...shown, sequence: 4 })]]) });
  const ack = { kind: "ack", generation: 1, sequence: 4 };
  expect(asked()).not.toContainEqual(ack);
  acknowledgements.drawn({ map: null, generation: 1, revision: 0 });
  expect(asked()).toContainEqual(ack);
  expect(model.get("asked").read).toBe(1);
});

it("keeps what it asks until the kernel has read it, through a long cell", async () => {
  const { store, model, asked, page, told } = setUp();
  store.act({ kind: "pause" });
  store.act({ kind: "resume" });
  await vi.advanceTimersByTimeAsync(100 * PATIENCE);
  expect(store.connection.value).toBe("busy");
  expect(asked().map(({ kind }) => kind)).toEqual(["hello", "ping", "pause", "resume"]);
  await model.receive({ told: told([[1, { kind: "pong", ping: 1 }]], { [page()]: 4 }) });
  expect(store.connection.value).toBe("live");
  expect(asked()).toEqual([{ kind: "ping", ping: 2 }]);
});

it("is quiet once all is answered", async () => {
  const { store, model, page, told } = setUp();
  store.change({ x: [-2, 2] });
  await vi.advanceTimersByTimeAsync(100);
  await model.receive({ told: told([[1, { kind: "pong", ping: 1 }]], { [page()]: 2 }) });
  await model.receive({ told: told([[2, { kind: "pong", ping: 2 }]], { [page()]: 3 }) });
  await vi.advanceTimersByTimeAsync(100);
  const saved = vi.mocked(model.save_changes).mock.calls.length;
  await vi.advanceTimersByTimeAsync(10 * PATIENCE);
  expect(vi.mocked(model.save_changes).mock.calls.length).toBe(saved);
  expect(store.connection.value).toBe("live");
});

it("hears why a value was refused", async () => {
  const { store, model, told } = setUp();
  store.change({ samples: 9999 });
  const refusal = { kind: "refusal", name: "samples", reason: "too many" };
  await model.receive({ samples: 100, told: told([[1, refusal]]) });
  expect(store.refusal.value).toEqual(refusal);
});

it("is disconnected when the kernel is gone, and stays so whatever is asked", () => {
  const { store, model } = setUp();
  model.die();
  expect(store.connection.value).toBe("disconnected");
  store.change({ x: [-2, 2] });
  store.act({ kind: "pause" });
  vi.advanceTimersByTime(10 * PATIENCE);
  expect(store.connection.value).toBe("disconnected");
});

it("shows what was under way when the notebook was saved, but not what was refused then", () => {
  const letters = setUp().told([
    [3, { kind: "refusal", name: "samples", reason: "too many" }],
    [4, known(firstLevel)],
  ]);
  const { store } = setUp({ told: letters });
  expect(store.surface.value).toMatchObject({ generation: 1, level: 0 });
  expect(store.refusal.value).toBeNull();
  vi.advanceTimersByTime(PATIENCE);
  expect(store.connection.value).toBe("saved");
});

it("changes to traits where surfaces come and never a message", async () => {
  const { model, asked } = setUp({ transport: "messages" });
  await model.receive({ status: { ...status, phase: "computing" } });
  await model.receive({ snapshot: packed(known(firstLevel)) });
  vi.advanceTimersByTime(PATIENCE);
  expect(model.get("transport")).toBe("traits");
  expect(asked()[0]).toEqual({ kind: "hello", visible: true });
});

it("stays with messages where one comes, however late, or nothing was missed", async () => {
  const late = setUp({ transport: "messages" });
  await late.model.receive({ snapshot: packed(known(firstLevel)) });
  vi.advanceTimersByTime(PATIENCE - 1);
  late.model.emit("msg:custom", ...encoded(known(firstLevel)));
  const busy = setUp({ transport: "messages" });
  await busy.model.receive({ status: { ...status, phase: "computing" } });
  vi.advanceTimersByTime(10 * PATIENCE);
  expect([late, busy].map(({ model }) => model.get("transport"))).toEqual(["messages", "messages"]);
});

it("shows a letter that it can't read as an error, and goes on", async () => {
  const { store, model, told } = setUp();
  await model.receive({ told: told([[1, { kind: "gossip" }]]) });
  expect(store.error.value?.message).toMatch(/got "gossip"/);
  await model.receive({ told: told([[2, known(firstLevel)]]) });
  expect(store.surface.value).not.toBeNull();
});
