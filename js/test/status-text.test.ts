// Does the status line tell the truth, and does every piece explain itself?

import { expect, test } from "vitest";
import { EXACT, INTERPOLATED, PREVIEW } from "../src/cell-state";
import { formatError } from "../src/numbers/format";
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

const measured = { level: 2, worst: 0.00273, mean: 0.0004 };

/** Every second cell of a 5 × 5 surface is interpolated. */
function interpolated(
  states: (cell: number) => number = (cell) => (cell % 2 ? INTERPOLATED : EXACT),
) {
  const whole = fromMessage(surfaceMessage(5, bowl));
  return { ...whole, states: whole.states.map((_, cell) => states(cell)) };
}

test("from how many cells the picture is drawn, and how far off it may be", () => {
  expect(line({}, interpolated())).toContain(
    " · drawn from 13 of 25 cells, interpolation not measured yet · ",
  );
  expect(line({ surplus: measured }, interpolated())).toContain(
    " · drawn from 13 of 25 cells, interpolation off by at most 0.28 % of the range, measured · ",
  );
  expect(line({ surplus: measured }, interpolated(), 1)).toContain("interpolation of the loss off");
  expect(line({ surplus: measured })).not.toContain("interpolation");
  expect(line({ generation: 2 }, interpolated())).not.toContain("drawn from");
});

test("an error is never rounded down, and a tiny one gives no digits", () => {
  const off = (worst: number) => line({ surplus: { ...measured, worst } }, interpolated());
  expect(off(0.0201)).toContain("at most 2.1 % of");
  expect(off(0.02)).toContain("at most 2 % of");
  expect(off(1)).toContain("at most 100 % of");
  expect(off(2e-6)).toContain("off by less than 0.01 % of the range");
  expect(off(0)).toContain("off by less than 0.01 % of the range");
});

test("a preview says on how many samples, with their error", () => {
  const preview = { ...interpolated(() => PREVIEW), preview: 64 };
  const error = 0.004 * Math.sqrt(1 - 64 / 1797);
  expect(line({}, preview)).toContain(`64 of 1,797 samples ${formatError(error)}`);
  const rest = {
    ...preview,
    states: preview.states.map((_, cell) => (cell > 0 ? EXACT : PREVIEW)),
  };
  expect(line({}, rest)).toContain("64 of 1,797 samples · ");
  expect(line({}, { ...rest, states: rest.states.map(() => EXACT) })).toContain("1,797 samples ±");
});

test("what was chosen, and what was left, stands behind the place", () => {
  const how = { choices: ["batches of 1,797 samples", "2 workers"], notes: ["Folding was wrong."] };
  expect(statusPieces({ ...status, how }, null, 0).at(-1)).toEqual({
    text: "cpu, 1 worker",
    hint: "Where the cells are computed.\nBatches of 1,797 samples.\n2 workers.\nFolding was wrong.",
  });
});

test("the file that it is kept in has a piece, and behind it what there is to say", () => {
  const last = (kept: readonly string[]) => statusPieces({ ...status, kept }, null, 0).at(-1);
  const there = "kept in run.npz: 231 of 289 cells were there";
  expect(last([there])).toEqual({
    text: there,
    hint: expect.stringMatching(/^Whatever is measured/),
  });
  const moved = "What it held before is in run-1.npz.";
  expect(last([there, moved])).toEqual({ text: there, hint: moved });
  expect(line({ kept: [] }, null)).toBe(line({}, null));
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
  for (const surface of [fromMessage(surfaceMessage(5, bowl)), interpolated()]) {
    for (const { hint } of statusPieces({ ...status, surplus: measured }, surface, 0)) {
      expect(hint).toMatch(/^[A-Z].{20,}\.$/);
    }
  }
});

test("where nobody knows how many samples there were, none are counted", () => {
  const read = fromMessage(surfaceMessage(5, bowl));
  const metrics = read.metrics.map((metric) => ({ ...metric, size: 0, samples: 0 }));
  expect(line({}, { ...read, metrics })).toContain("2,601 cells · samples unknown · 0 not finite");
});
