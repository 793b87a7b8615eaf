import fc from "fast-check";
import { expect, it } from "vitest";
import type { Request } from "../src/protocol";
import {
  DEPTH,
  type History,
  receive,
  record,
  redo,
  startHistory,
  undo,
} from "../src/store/history";
import { request } from "./messages";

const range = fc.tuple(fc.nat(3), fc.nat(3));
const changes: fc.Arbitrary<Partial<Request>> = fc.record(
  {
    x: range,
    y: range,
    samples: fc.nat(3),
    clip: fc.option(fc.nat(2)),
    camera: fc.constantFrom(null, {
      eye: { x: 1, y: 2, z: 3 },
      center: { x: 0, y: 0, z: 0 },
      up: { x: 0, y: 0, z: 1 },
    }),
  },
  { requiredKeys: [] },
);
const walk = fc.array(changes, { maxLength: 80 });
const after = (steps: readonly Partial<Request>[]) => steps.reduce(record, startHistory(request));
const times = (n: number, move: (history: History) => History, history: History) =>
  Array.from({ length: n }).reduce<History>(move, history);

it("goes back over every change, and forth again", () => {
  fc.assert(
    fc.property(walk, fc.nat(DEPTH), (steps, n) => {
      const history = after(steps);
      const possible = Math.min(n, history.past.length);
      const back = times(possible, undo, history);
      expect(times(possible, redo, back)).toEqual(history);
    }),
  );
});

it("is back at the start when all is undone, unless that is more than fifty steps ago", () => {
  fc.assert(
    fc.property(walk, (steps) => {
      const history = after(steps);
      expect(history.past.length).toBeLessThanOrEqual(DEPTH);
      if (history.past.length === DEPTH) return;
      expect(times(DEPTH, undo, history).present).toEqual(request);
    }),
  );
});

it("holds the last fifty of more steps", () => {
  const history = after(Array.from({ length: 70 }, (_, i) => ({ clip: i })));
  expect(history.past).toHaveLength(50);
  expect(times(60, undo, history).present.clip).toBe(19);
});

it("undoes nothing at the start and redoes nothing at the end", () => {
  const history = startHistory(request);
  expect(undo(history)).toBe(history);
  expect(redo(history)).toBe(history);
});

it("takes no step where nothing changes", () => {
  const history = startHistory(request);
  expect(record(history, { x: [-1, 1], name: "digits" })).toBe(history);
});

it("forgets the future at a new step", () => {
  const back = undo(after([{ clip: 1 }, { clip: 2 }]));
  expect(back.future).toHaveLength(1);
  expect(record(back, { clip: 3 }).future).toEqual([]);
});

it("records what Python sets as a step", () => {
  const history = receive(after([{ clip: 1 }]), { x: [0, 1], y: [0, 1] });
  expect(history.past).toHaveLength(2);
  expect(undo(history).present).toEqual({ ...request, clip: 1 });
});

it("forgets a step whose value Python puts back", () => {
  const history = receive(after([{ clip: 1 }, { samples: 9999 }]), { samples: 100 });
  expect(history.present).toEqual({ ...request, clip: 1 });
  expect(history.past).toHaveLength(1);
  expect(history.future).toEqual([]);
});

it("keeps the rest of a step of which Python puts one value back", () => {
  const history = receive(after([{ x: [3, 1], y: [0, 1] }]), { x: [-1, 1] });
  expect(history.past).toEqual([{ before: { y: [-1, 1] }, after: { y: [0, 1] } }]);
  expect(undo(history).present).toEqual(request);
});
