// @vitest-environment happy-dom
// Is the picture the kernel's in the end, whatever the wire does: lose, double, delay and swap, both ways?

import fc from "fast-check";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openSession } from "../src/kernel/sync";
import type { Outgoing, Phase, Telling } from "../src/protocol";
import type { Surface } from "../src/surface";
import { fakeModel } from "./fake-model";
import { encoded, firstLevel, patchMessage, secondLevel, status, surfaceMessage } from "./messages";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What a wire does to one message: how often it arrives, and how much later than it should. */
interface Fate {
  readonly copies: number;
  readonly delay: number;
}

const fates = fc.array(
  fc.record({ copies: fc.integer({ min: 0, max: 2 }), delay: fc.integer({ min: 0, max: 900 }) }),
  { minLength: 1, maxLength: 40 },
);
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 });
const LATER = 600_000;

/** Does to each message what its fate says; when they have run out, all arrive. */
function wire<Content>(fates: readonly Fate[], deliver: (content: Content) => void) {
  let sent = 0;
  return (content: Content) => {
    const { copies, delay } = fates[sent] ?? { copies: 1, delay: 0 };
    sent += 1;
    for (let copy = 0; copy < copies; copy++)
      setTimeout(() => deliver(content), delay * (copy + 1));
  };
}

/** A kernel of a few lines: it measures so many cells a step, and answers who asks. */
function fakeKernel(tell: (message: Telling) => void, answer: (content: object) => void) {
  const cells = [...firstLevel, ...secondLevel];
  const known: number[] = [];
  let sequence = 0;
  let phase: Phase = "computing";
  const whole = () => {
    sequence += 1;
    const message = surfaceMessage({ sequence });
    for (const cell of known) {
      message.states[cell] = 1;
      message.values[cell] = cell;
      message.values[46 + cell] = cell / 100;
      message.errors[cell] = message.errors[46 + cell] = 0.5;
    }
    return message;
  };
  return {
    open: () => tell(whole()),
    measure(count: number) {
      const news = cells.splice(0, count);
      known.push(...news);
      if (news.length > 0) {
        sequence += 1;
        tell(patchMessage(news, { sequence }));
      }
      if (cells.length === 0) phase = "done";
      return phase;
    },
    hear(message: Outgoing) {
      const told = { generation: 1, sequence, phase };
      if (message.kind === "ping") answer({ kind: "pong", ping: message.ping, told });
      if (message.kind === "hello") tell(whole());
      return message.kind;
    },
    known: () => [...known].sort((a, b) => a - b),
    phase: () => phase,
  };
}

function setUp(down: readonly Fate[], up: readonly Fate[]) {
  const model = fakeModel();
  const hear = (content: unknown) => model.emit("msg:custom", content, []);
  const told = wire<Telling>(down, (message) => model.emit("msg:custom", ...encoded(message)));
  const kernel = fakeKernel(told, wire(down.slice(7), hear));
  const setStatus = wire<Phase>(down.slice(3), (phase) => {
    void model.receive({ status: { ...status, phase } });
  });
  const heard = wire<Outgoing>(up, (message) => {
    if (kernel.hear(message) === "hello") setStatus(kernel.phase());
  });
  model.send = (content: Outgoing) => heard(content);
  const ending = new AbortController();
  const { store } = openSession(model, ending.signal);
  return { store, kernel, setStatus, end: () => ending.abort() };
}

const measured = (surface: Surface | null) =>
  [...(surface?.states ?? [])].flatMap((state, cell) => (state === 1 ? [cell] : []));

it("has each cell once and right, and says that it is done, after any loss, doubling, delay and swap", async () => {
  await fc.assert(
    fc.asyncProperty(fates, fates, sizes, async (down, up, sizes) => {
      const { store, kernel, setStatus, end } = setUp(down, up);
      kernel.open();
      for (const size of [...sizes, 45]) {
        setStatus(kernel.measure(size));
        await vi.advanceTimersByTimeAsync(100);
      }
      await vi.advanceTimersByTimeAsync(LATER);
      const surface = store.surface.value;
      expect(measured(surface)).toEqual(kernel.known());
      for (const cell of kernel.known()) expect(surface?.values[0]?.[cell]).toBe(cell);
      expect(surface?.level).toBe(1);
      expect(store.status.value.phase).toBe("done");
      expect(store.connection.value).toBe("live");
      end();
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: 60, seed: 7 },
  );
});

it("asks again, each time later, until what is lost has come", async () => {
  const model = fakeModel();
  const hellos: number[] = [];
  const began = Date.now();
  const told = { generation: 1, sequence: 3, phase: "computing" };
  model.send = (content: Outgoing) => {
    if (content.kind === "hello") hellos.push(Date.now() - began);
    if (content.kind === "ping") model.emit("msg:custom", { ...content, kind: "pong", told }, []);
  };
  const ending = new AbortController();
  openSession(model, ending.signal);
  model.emit("msg:custom", ...encoded(surfaceMessage()));
  await vi.advanceTimersByTimeAsync(60_000);
  const waits = hellos.slice(1).map((at, index) => at - (hellos[index] as number));
  expect(waits.length).toBeGreaterThan(3);
  expect([...waits].sort((a, b) => a - b)).toEqual(waits);
  model.emit("msg:custom", ...encoded(surfaceMessage({ sequence: 3 })));
  const asked = hellos.length;
  await vi.advanceTimersByTimeAsync(LATER);
  expect(hellos).toHaveLength(asked);
  ending.abort();
});
