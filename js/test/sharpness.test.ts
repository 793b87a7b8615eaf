// @vitest-environment happy-dom
// Does the fold say how sharp it is, number by number, and never without what has to be said beside it?

import { afterEach, beforeEach, expect, test } from "vitest";
import { createSharpness } from "../src/face/sharpness";
import type { Sharpness } from "../src/protocol";
import { densityIn } from "../src/words/density";
import { ofText, readOuts } from "../src/words/sharpness";
import { sharpness } from "./curvature";
import { type FakeStore, fakeStore, status } from "./fake-store";

let store: FakeStore;
let fold: HTMLElement;
let life: AbortController;

beforeEach(() => {
  life = new AbortController();
  store = fakeStore();
  fold = createSharpness(store, life.signal);
  fold.querySelector<HTMLElement>(".lw-disclosure")?.click();
});

afterEach(() => life.abort());

const nothing: Sharpness = {
  ...{ ...sharpness, critical: null, critical_step: null, sam: null, sam_radius: null },
  ...{ asam: null, asam_radius: null, largest: null, smallest: null, trace: null },
  ...{ trace_error: null, parameters: null, samples: null, size: null },
};
const measure = () =>
  [...fold.querySelectorAll("button")].find(
    (node) => node.textContent === "measure",
  ) as HTMLElement;
const offer = () => fold.querySelector(".lw-offer") as HTMLElement;
const chips = () => [...fold.querySelectorAll(".lw-chip")].map((node) => node.textContent);

test("it is measured when somebody asks, once, with its cost told before", () => {
  expect(offer().textContent).toContain("some hundred products");
  expect(measure().getAttribute("aria-description")).toMatch(/a few gradients/);
  measure().click();
  measure().click();
  expect(store.acted).toEqual([{ kind: "sharpness" }]);
  expect(measure().getAttribute("aria-disabled")).toBe("true");
});

test("its numbers come one after the other, each with a sentence", () => {
  measure().click();
  store.status.value = { ...status, task: "sharpness" };
  store.sharpness.value = { ...nothing, critical: 12.5, critical_step: 0.16 };
  expect(chips()).toEqual(["critical sharpness 12.5 = 2/0.16"]);
  expect(measure().getAttribute("aria-disabled")).toBe("true");
  store.sharpness.value = sharpness;
  expect(chips()).toEqual([
    "λ_max 41.2",
    "λ_min −3.41",
    "critical sharpness 12.5 = 2/0.16",
    "SAM 0.031 within 0.05",
    "ASAM 0.007 within 0.5",
    "trace 512 ± 21",
  ]);
  expect(fold.textContent).toContain("of 4,810 parameters, on 512 of 1,797 samples");
  for (const chip of fold.querySelectorAll(".lw-chip")) {
    expect(chip.getAttribute("aria-description")).toMatch(/\.$/);
  }
});

test("complete, it is offered no more; broken off, it is", () => {
  store.sharpness.value = { ...sharpness, done: true };
  expect(offer().hidden).toBe(true);
  store.sharpness.value = sharpness;
  expect(offer().hidden).toBe(false);
  expect(measure().getAttribute("aria-disabled")).toBeNull();
});

test("the caveat stands below as soon as there is a number", () => {
  const note = () => fold.querySelector<HTMLElement>("[role=note]");
  expect(note()?.hidden).toBe(true);
  store.sharpness.value = { ...nothing, largest: 2 };
  expect(note()?.hidden).toBe(false);
  expect(note()?.textContent).toBe(sharpness.caveat);
});

test("why it can't be measured stands beside the button", () => {
  measure().click();
  store.refusal.value = { kind: "refusal", name: "sharpness", reason: "no second derivative" };
  expect(fold.querySelector("[role=alert]")?.textContent).toBe("no second derivative");
  expect(measure().getAttribute("aria-disabled")).toBeNull();
});

test("folded, it still tells the ends of the spectrum", () => {
  store.sharpness.value = sharpness;
  fold.querySelector<HTMLElement>(".lw-disclosure")?.click();
  expect(fold.querySelector(".lw-summary")?.textContent).toBe("λ_max 41.2, λ_min −3.41");
});

test("the spectrum is a curve with a mark at each outlier, named for who can't see it", () => {
  const spectrum = { grid: [-2, 0, 2, 4], density: [0.001, 1, 0.01, 0.01], outliers: [4, -2] };
  store.sharpness.value = { ...sharpness, spectrum };
  const drawing = fold.querySelector("svg.lw-small-chart");
  expect(drawing?.getAttribute("aria-label")).toBe(
    "density of the eigenvalues from −2 to 4, outliers 4, −2",
  );
  const marks = [...fold.querySelectorAll("path.lw-drop")].map((node) => node.getAttribute("d"));
  expect(marks).toEqual(["M260.0 0V84", "M0.0 0V84"]);
  expect(fold.querySelectorAll("path.lw-first")).toHaveLength(1);
});

test("of many outliers the largest are named", () => {
  const spectrum = { grid: [0, 9], density: [1, 1], outliers: [9, 8, 7, 6, 5, 4] };
  store.sharpness.value = { ...sharpness, spectrum };
  expect(fold.querySelector("figcaption")?.textContent).toContain("outliers 9, 8, 7, 6 and 2 more");
});

test("a density falls by as much for each factor of ten, down to a hundred thousandth", () => {
  const spectrum = { grid: [0, 1, 2, 3], density: [1, 0.1, 1e-5, 0], outliers: [] };
  const { curve, ends } = densityIn({ width: 30, height: 50 }, spectrum);
  expect(curve).toBe("M0 0L10 10L20 50L30 50");
  expect(ends).toEqual([0, 3]);
});

test("what isn't known is left out", () => {
  expect(readOuts(nothing)).toEqual([]);
  expect(ofText(nothing)).toBe("");
  expect(ofText({ ...sharpness, samples: 1797 })).toBe("of 4,810 parameters, on all 1,797 samples");
});
