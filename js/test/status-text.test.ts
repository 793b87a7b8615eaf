// Does the status line tell the truth, and does every piece explain itself?

import { expect, test } from "vitest";
import type { Status } from "../src/protocol";
import { fromMessage } from "../src/store/tell";
import type { Surface } from "../src/surface";
import { progressShare, statusPieces } from "../src/words/status-text";
import { facts, status, surfaceMessage } from "./fake-store";

const bowl = (x: number, y: number) => x * x + y * y;
const line = (
  changes: Partial<Status>,
  surface: Surface | null = fromMessage(surfaceMessage(5, bowl)),
  metric = 0,
) =>
  statusPieces({ ...status, ...changes }, surface, metric)
    .map(({ text }) => text)
    .join(" · ");

test("while it refines", () => {
  expect(line({})).toBe(
    "33×33 of 51×51 · 1,089 of 2,601 cells · 1,797 samples ± 0.004 · 0 not finite · " +
      "angle 89.6° (chance 90 ± 0.4°) · 2 s left · cpu, 1 worker",
  );
});

test("when it is done", () => {
  const done = { phase: "done" as const, known: 2601, drawn: [51, 51] as const, remaining: 0 };
  expect(line(done)).toBe(
    "51×51 · 2,601 cells · 1,797 samples ± 0.004 · 0 not finite · angle 89.6° (chance 90 ± 0.4°) · cpu, 1 worker",
  );
});

test("along a line there is one number, and no angle", () => {
  const along = { drawn: [33, 1] as const, resolution: [51, 1] as const, known: 33, cells: 51 };
  expect(line({ ...along, facts: { ...facts, angle: null, spread: null } })).toMatch(
    /^33 of 51 · 33 of 51 cells/,
  );
  expect(line({ ...along, facts: { ...facts, angle: null, spread: null } })).not.toContain("angle");
});

test("an angle that chance says nothing about stands alone", () => {
  expect(line({ facts: { ...facts, spread: null } })).toContain("angle 89.6° · ");
});

test("a subset says of how many, with the error against all the data", () => {
  const whole = fromMessage(surfaceMessage(5, bowl));
  const metrics = whole.metrics.map((metric) => ({ ...metric, samples: 600, size: 800 }));
  expect(line({}, { ...whole, metrics })).toContain("600 of 800 samples ± 0.002");
});

test("one sample is one", () => {
  const whole = fromMessage(surfaceMessage(5, bowl));
  const metrics = whole.metrics.map((metric) => ({ ...metric, samples: 1, size: 1 }));
  expect(line({}, { ...whole, metrics })).toContain("1 sample ±");
});

test("the metric on screen has its own samples and unit", () => {
  expect(line({}, undefined, 1)).toContain("1,797 samples ± 0.004 %");
});

test("an error that can't be known is not given as a number", () => {
  const whole = fromMessage(surfaceMessage(5, bowl));
  const errors = whole.errors.map((array) => array.map(() => Number.NaN));
  expect(line({}, { ...whole, errors })).toContain("1,797 samples ± ?");
});

test("cells that are not finite are counted", () => {
  const broken = fromMessage(surfaceMessage(5, (x, y) => (x + y > 1 ? Number.NaN : 0)));
  expect(line({}, broken)).toContain("3 not finite");
});

test("before anything is asked for there is nothing to say", () => {
  const early = {
    phase: "preparing" as const,
    cells: 0,
    known: 0,
    drawn: null,
    facts: null,
    where: "",
  };
  expect(line(early, null)).toBe("");
  expect(progressShare({ ...status, ...early })).toBe(0);
});

test("every piece has a sentence behind it", () => {
  for (const { hint } of statusPieces(status, fromMessage(surfaceMessage(5, bowl)), 0)) {
    expect(hint).toMatch(/^[A-Z].{20,}\.$/);
  }
});
