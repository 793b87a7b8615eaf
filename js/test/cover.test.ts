// Is a covered landscape one of which nothing can be known, until somebody reveals it?

import { beforeEach, expect, test } from "vitest";
import { figure } from "../src/figure";
import { LIGHT } from "../src/picture/theme";
import type { Barrier, Request } from "../src/protocol";
import type { Store } from "../src/store";
import { underCover } from "../src/store/cover";
import { knownCells, type Surface } from "../src/surface";
import { alternativeText } from "../src/words/alternative";
import { sharpness as measured } from "./curvature";
import { type FakeStore, fakeStore, request, status, surfaceMessage } from "./fake-store";
import { path } from "./messages";

const SECRET = 1.2345;
const barrier: Barrier = {
  height: SECRET,
  at: 0.5,
  is_monotone: true,
  rise: 0,
  rise_at: null,
  missing: 0,
  metric: "loss",
};
let raw: FakeStore;
let store: Store;

beforeEach(() => build({ covered: true }));

function build(changes: Partial<Request>): void {
  raw = fakeStore({ request: { ...request, ...changes }, sharpness: measured });
  store = underCover(raw);
  raw.arrive(surfaceMessage(5, () => SECRET, { path, dimensions: 2 }));
}

const everything = () => JSON.stringify(store.surface.value, (_, value) => listed(value));
const listed = (value: unknown) => (ArrayBuffer.isView(value) ? Object.values(value) : value);

test("no number of it is left in what a view sees", () => {
  const seen = store.surface.value as Surface;
  expect(knownCells(seen)).toBe(0);
  expect(seen.values.flatMap((row) => [...row]).every(Number.isNaN)).toBe(true);
  expect(everything()).not.toContain("1.23");
  expect([seen.level, seen.path, seen.points]).toEqual([-1, null, []]);
});

test("neither picture nor words give a value away", () => {
  for (const kind of ["surface", "contour", "heatmap"] as const) {
    const drawn = figure(store.surface.value, { ...request, kind }, LIGHT, false);
    expect(JSON.stringify(drawn)).not.toContain("1.23");
  }
  expect(alternativeText(store.surface.value, request)).not.toContain("1.23");
});

test("what was drawn can still be acknowledged", () => {
  const covered = store.surface.value;
  store.reveal();
  const { map, generation, revision } = store.surface.value as Surface;
  expect(covered).toMatchObject({ map, generation, revision });
});

test("revealed, it is all there, and Python isn't asked", () => {
  expect(store.covered.value).toBe(true);
  store.reveal();
  expect(store.covered.value).toBe(false);
  expect(everything()).toContain("1.23");
  expect([raw.written, raw.acted]).toEqual([[], []]);
});

test("it stays revealed while one looks there, finer and otherwise drawn too, and after a way elsewhere", () => {
  store.reveal();
  store.change({ resolution: [101, 101], kind: "contour" });
  expect(store.covered.value).toBe(false);
  store.change({ x: [-2, 2] });
  expect(store.covered.value).toBe(true);
  store.change({ x: [-1, 1] });
  expect(store.covered.value).toBe(false);
});

test("Python may cover it once more, and a step of a lesson doesn't", () => {
  store.reveal();
  raw.receive({ covered: false });
  raw.receive({ covered: true, step: 0 });
  expect(store.covered.value).toBe(false);
  raw.receive({ covered: false });
  raw.receive({ covered: true });
  expect(store.covered.value).toBe(true);
});

test("where the cover is locked nobody reveals it here", () => {
  build({ covered: true, locked: ["covered"] });
  store.reveal();
  expect(store.covered.value).toBe(true);
});

test("what else was measured is covered too", () => {
  raw.status.value = { ...status, barrier };
  expect(store.status.value.barrier).toBeNull();
  expect(store.sharpness.value).toBeNull();
  store.reveal();
  expect(store.status.value.barrier).toBe(barrier);
  expect(store.sharpness.value).toBe(measured);
});

test("uncovered, a view sees the surface itself", () => {
  build({ covered: false });
  expect(store.surface.value).toBe(raw.surface.value);
});
