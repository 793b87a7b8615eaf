// Is a cell whose loss raised an error told from one that isn't finite, wherever cells are spoken of?

import { expect, test } from "vitest";
import { EXACT, FAILED, holds, isFinal, isMeasured, PREVIEW } from "../src/cell-state";
import { readingText } from "../src/comparison/tile";
import { csvOf } from "../src/export/csv";
import { readingPieces } from "../src/face/readout";
import type { Status } from "../src/protocol";
import { fromMessage } from "../src/store/tell";
import { failedCells, knownCells, notFinite, read } from "../src/surface";
import { alternativeText } from "../src/words/alternative";
import { extent } from "../src/words/counts";
import { failedText, LONGEST_ERROR } from "../src/words/failed";
import type { Situation } from "../src/words/state";
import { stateOf } from "../src/words/states";
import { statusPieces } from "../src/words/status-text";
import { valueText } from "../src/words/value-table";
import { findings } from "../src/words/why";
import { choices, facts, request, status, surfaceMessage } from "./fake-store";
import { draw, named } from "./figures";

const ERROR = "ValueError: too large";
const told: Status = { ...status, phase: "done", facts, first_error: ERROR };

/** Of 5 × 5 cells, these failed, and one is NaN. */
function broken(failed: readonly number[], dimensions: 1 | 2 = 2) {
  const message = surfaceMessage(5, (x, y) => x * x + y * y + 1, { dimensions });
  const half = message.states.length;
  for (const cell of failed) {
    message.states[cell] = FAILED;
    for (const values of [message.values, message.errors]) {
      values[cell] = Number.NaN;
      values[cell + half] = Number.NaN;
    }
  }
  return message;
}

const surface = fromMessage(broken([0, 7, 12]));

test("a failed cell is final, and better than a preview, but a value is better still", () => {
  expect([isMeasured(FAILED), isFinal(FAILED)]).toEqual([true, true]);
  expect([holds(FAILED, PREVIEW), holds(PREVIEW, FAILED)]).toEqual([true, false]);
  expect([holds(EXACT, FAILED), holds(FAILED, EXACT)]).toEqual([true, false]);
});

test("failed cells are counted apart from those that aren't finite", () => {
  expect([failedCells(surface), notFinite(surface, 0), knownCells(surface)]).toEqual([3, 0, 25]);
});

test("the status names how many, and what the first of them raised", () => {
  const texts = statusPieces(told, surface, 0).map(({ text }) => text);
  expect(texts).toContain("3 cells failed: ValueError: too large");
  expect(texts).toContain("0 not finite");
  const one = statusPieces(told, fromMessage(broken([3])), 0).map(({ text }) => text);
  expect(one).toContain("1 cell failed: ValueError: too large");
  const none = statusPieces(told, fromMessage(broken([])), 0).map(({ text }) => text);
  expect(none.join()).not.toContain("failed");
});

test("a reading says what happened, and gives no number for it", () => {
  const reading = read(surface, 0, 7);
  expect([reading.known, reading.samples, reading.standardError]).toEqual([
    "failed",
    0,
    Number.NaN,
  ]);
  const texts = readingPieces(reading, "loss", "", ERROR).map(({ text }) => text);
  expect(texts[0]).toBe("raised an error: ValueError: too large");
  expect(texts[1]).toBe("at 0, −0.5");
  expect(readingText(reading)).toBe("failed");
  expect(valueText(Number.NaN, FAILED)).toBe("failed");
});

test("the tooltip's line holds a long error, of several lines, in one", () => {
  expect(failedText("1 cell failed", "")).toBe("1 cell failed");
  expect(failedText("x", "a\n  b")).toBe("x: a b");
  expect(failedText("", "a".repeat(1000))).toHaveLength(LONGEST_ERROR);
});

test("the reasons name it, with what to do", () => {
  const evidence = {
    status: told,
    facts,
    request,
    choices,
    sharpness: null,
    surface,
    metric: 0,
    levels: [],
    extent: extent(surface, 0),
    isLinear: false,
  };
  const found = findings(evidence).find(({ seen }) => seen.includes("raised"));
  expect(found?.seen).toBe("In 3 cells the loss raised an error.");
  expect(found?.why).toContain("The first one said: ValueError: too large.");
  expect(found?.advice).toContain('on_error="stop"');
  const whole = { ...evidence, surface: fromMessage(broken([])) };
  expect(findings(whole).some(({ seen }) => seen.includes("raised"))).toBe(false);
});

test("where every cell failed, the picture's place says so", () => {
  const situation: Situation = {
    status: told,
    connection: "live",
    surface: fromMessage(broken([...Array(25).keys()])),
    metric: 0,
    previous: false,
    error: null,
    heard: null,
    problem: null,
  };
  expect(stateOf(situation).sentence).toBe("every cell failed: ValueError: too large");
  expect(stateOf({ ...situation, surface }).sentence).not.toContain("every cell");
});

test("a spreadsheet has the word, and no number", () => {
  const rows = csvOf(surface).trim().split("\n");
  expect(rows[1]).toBe("-1,-1,,failed,,,0,,,0");
  expect(rows[2]).toContain("exact");
});

test("who can't see the picture hears of them", () => {
  expect(alternativeText(surface, request)).toContain(", 3 cells failed");
});

test("they are hatched as holes on a plane, and named on a line", () => {
  const hatched = draw(fromMessage(broken([7])), { kind: "heatmap" });
  expect(named(hatched, "not finite")).toBeDefined();
  const line = fromMessage(broken([2], 1));
  const notes = JSON.stringify(draw(line, { kind: "line" }).layout);
  expect(notes).toContain('"failed"');
  expect(notes).not.toContain('"not finite"');
});
