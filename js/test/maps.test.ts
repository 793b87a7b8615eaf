// What is said of a map before, while and after it is measured: in the status, in the picture's place, in a reading?

import { expect, test } from "vitest";
import { INTERPOLATED, UNKNOWN } from "../src/cell-state";
import { readingPieces } from "../src/face/readout";
import { formatAbout } from "../src/numbers/format";
import type { MapStatus, Status } from "../src/protocol";
import { fromMessage } from "../src/store/tell";
import { metricIndex, read, type Surface, unconvergedCells } from "../src/surface";
import { alternativeText } from "../src/words/alternative";
import { mapSentence, mapTruth } from "../src/words/maps";
import type { Situation } from "../src/words/state";
import { stateOf } from "../src/words/states";
import { progressShare, statusPieces } from "../src/words/status-text";
import { emptyMap, mapMessage, mapStatus } from "./curvature";
import { request, status, surfaceMessage } from "./fake-store";

const picture = fromMessage(surfaceMessage(5, (x, y) => x * x + y * y));
const saddle = fromMessage(mapMessage((x, y) => x - y - 3));
const early: Partial<Status> = { known: 9, drawn: [3, 3] };
const whole: Status = { ...status, known: 25, cells: 25, drawn: [5, 5], resolution: [5, 5] };
const measuring: MapStatus = { ...mapStatus, phase: "measuring", known: 9, remaining: 58 };

const line = (map: Partial<MapStatus>, surface: Surface = picture, changes: Partial<Status> = {}) =>
  statusPieces({ ...whole, maps: [{ ...mapStatus, ...map }], ...changes }, surface, 0)
    .map(({ text }) => text)
    .join(" · ");

const situation = (map: Partial<MapStatus>, changes: Partial<Situation> = {}): Situation => ({
  status: { ...whole, maps: [{ ...mapStatus, ...map }] },
  connection: "live",
  surface: picture,
  metric: 0,
  previous: false,
  error: null,
  heard: null,
  problem: null,
  ...changes,
});

test("before it starts its cost is announced", () => {
  expect(line({}, picture, early)).toContain(
    "curvature is measured after the loss: 5×5 cells on 256 samples, about 2 min",
  );
  expect(mapSentence({ ...mapStatus, cost: null }, whole)).toBe(
    "curvature comes next: 5×5 cells on 256 samples",
  );
});

test("while it is measured the status says how far it is, and for how long", () => {
  expect(line(measuring)).toContain("curvature: 9 of 25 cells, about 1 min left");
  expect(line({ phase: "measuring" })).toContain("curvature: 0 of 25 cells, about 2 min left");
  expect(progressShare({ ...whole, maps: [measuring] })).toBe(9 / 25);
});

test("held, it promises no time", () => {
  expect(line(measuring, picture, { phase: "paused" })).toContain("curvature: 9 of 25 cells · cpu");
  expect(line({}, picture, { phase: "stopped" })).toContain("curvature: 5×5 cells to come · cpu");
});

test("broken off, it says how far it came and why; complete, nothing", () => {
  const note = "Stopped before level 2 of 3.";
  expect(line({ phase: "done", known: 9, note })).toContain("curvature: 9 of 25 cells · cpu");
  expect(line({ phase: "skipped", note })).toContain("curvature: not measured · cpu");
  const brokenOff = { ...mapStatus, phase: "skipped" as const, note };
  const pieces = statusPieces({ ...whole, maps: [brokenOff] }, picture, 0);
  expect(pieces.find(({ text }) => text.startsWith("curvature"))?.hint).toMatch(
    /^Stopped before level 2 of 3\.\nThe largest and the smallest eigenvalue/,
  );
  expect(line({ phase: "done", known: 25 })).not.toContain("curvature");
  expect(line(measuring, picture, { phase: "failed" })).not.toContain("curvature");
});

test("looked at, the status is of its own cells and samples", () => {
  expect(line({ phase: "done", known: 25, unconverged: 1 }, saddle)).toMatch(
    /^5×5 · 25 cells · 256 of 1,797 samples · 0 not finite · 1 not converged · angle/,
  );
  const part = fromMessage(mapMessage(() => -1, { xLevel: Uint8Array.of(0, 1, 0, 1, 0) }));
  part.states.set([UNKNOWN, INTERPOLATED], 0);
  expect(line(measuring, { ...part, level: 0 })).toMatch(
    /^3×5 of 5×5 · drawn from 23 of 25 cells, interpolated between · 256 of/,
  );
});

test("what is drawn at the ends of the range is counted", () => {
  const steep = fromMessage(mapMessage((x, y) => 2 * x - 2 * y - 5));
  const said = (limits: readonly [number, number] | null) =>
    statusPieces(whole, steep, 0, limits).map(({ text }) => text);
  // The ratio is (5 − 2x + 2y) / 10 on five by five cells: half of them but for the diagonal.
  expect(said([0, 0.5])).toContain("10 beyond 0 to 0.5");
  expect(said([0, 1]).join()).not.toContain("beyond");
  expect(said(null).join()).not.toContain("beyond");
});

test("the hint says what the eigenvalues are of", () => {
  const hint = (settings: MapStatus["settings"]) =>
    statusPieces({ ...whole, maps: [{ ...measuring, settings }] }, picture, 0).find(({ text }) =>
      text.startsWith("curvature"),
    )?.hint;
  expect(hint(mapStatus.settings)).toMatch(
    /mean loss over 256 samples.*the parameters that move\./,
  );
  expect(hint({ parameters: "all" })).toMatch(/with respect to all parameters\.$/);
  expect(hint({ parameters: "moved", weights: 4810 })).toMatch(/the 4,810 parameters that move\.$/);
  expect(mapSentence({ ...mapStatus, samples: 1 }, whole)).toContain(
    "5×5 cells on 1 sample, about",
  );
});

test("a map that nothing is known of is an empty picture with a promise", () => {
  const surface = fromMessage(emptyMap());
  const said = (map: Partial<MapStatus>, changes: Partial<Status> = {}) => {
    const { status, ...rest } = situation(map, { surface });
    return stateOf({ ...rest, status: { ...status, ...changes } });
  };
  expect(said({}).sentence).toBe("trying what the curvature costs");
  expect(said({}, early)).toMatchObject({
    name: "map to come",
    picture: "empty",
    sentence: "the loss comes first",
    buttons: ["pause", "stop"],
  });
  expect(said(measuring).sentence).toBe("measuring the curvature");
  expect(said({}, { phase: "paused" })).toMatchObject({ sentence: "paused at 5×5" });
  expect(said({ phase: "skipped" }, { phase: "done" }).sentence).toBe("curvature: not measured");
  expect(line({}, surface)).toMatch(/^angle .* · curvature comes next: .* · cpu/);
});

test("a map that is complete is not refined by the picture's controls", () => {
  const { status, ...rest } = situation({ phase: "done", known: 25 }, { surface: saddle });
  const done = { ...rest, status: { ...status, phase: "done" as const } };
  expect(stateOf(done)).toMatchObject({ sentence: "complete", buttons: [] });
  expect(stateOf({ ...done, surface: picture }).buttons).toEqual(["refine further"]);
});

test("the picture is complete while a map of it is measured", () => {
  expect(stateOf(situation(measuring))).toMatchObject({
    sentence: "measuring the curvature",
    badge: null,
  });
});

test("a map that grows says how far it is drawn", () => {
  const surface = { ...saddle, xLevel: Uint8Array.of(0, 1, 0, 1, 0) };
  const looked = situation(measuring, { surface });
  expect(stateOf(looked).badge).toMatch(/^subset: 256 of 1,797/);
  const all = { ...surface, metrics: surface.metrics.map((one) => ({ ...one, size: 256 })) };
  expect(stateOf({ ...looked, surface: all }).badge).toBe("3×5 so far");
});

test("the map of an older picture says what comes in its place", () => {
  const state = stateOf(situation({}, { surface: saddle, previous: true }));
  expect(state.sentence).toBe(
    "curvature comes next: 5×5 cells on 256 samples, about 2 min; the picture is the one before",
  );
});

test("a ratio that is nowhere is explained, and no range is offered", () => {
  const surface = fromMessage(mapMessage(() => Number.NaN));
  expect(stateOf(situation({ phase: "done" }, { surface }))).toMatchObject({
    sentence: "every cell is NaN: there is no ratio where λ_max isn't above 0",
    buttons: ["pause", "stop"],
  });
});

test("a cell that didn't converge says so, with its residual", () => {
  const said = (cell: number, name = "curvature") =>
    readingPieces(read(saddle, metricIndex(saddle, name), cell), "|λ_min/λ_max|", "")
      .map(({ text }) => text)
      .join(" · ");
  expect(said(3)).toMatch(
    /^\|λ_min\/λ_max\| 0\.15 · not converged, residual 0\.03 · at 0\.5, −1 · /,
  );
  expect(said(4)).toMatch(/^\|λ_min\/λ_max\| 0\.1 · residual 0\.001 · at 1, −1 · /);
  expect(unconvergedCells(saddle)).toBe(1);
  expect(read(picture, 0, 3).residual).toBeNull();
});

test("who can't see it hears what is drawn, and what didn't converge", () => {
  const text = alternativeText(saddle, { ...request, metric: "curvature", kind: "heatmap" });
  expect(text).toMatch(
    /^Heat map of \|λ_min\/λ_max\|, from 0\.1 at −?[\d.]+, −?[\d.]+ to 0\.5, 1 cell not converged/,
  );
});

test("what is true of it, and what it doesn't say", () => {
  expect(mapTruth(mapStatus)).toMatch(
    /^Curvature: eigenvalues .* over 256 samples.*doesn't make the loss convex/,
  );
});

test.each([
  [0.2, "1 s"],
  [7.4, "7 s"],
  [33, "35 s"],
  [56, "55 s"],
  [58, "1 min"],
  [110, "2 min"],
  [3300, "55 min"],
  [5400, "1.5 h"],
])("%f seconds are about %s", (seconds, text) => {
  expect(formatAbout(seconds)).toBe(text);
});
