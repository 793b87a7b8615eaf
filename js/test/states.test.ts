// Which sentence, buttons and picture does each state have? Every row of the table is read here.

import { expect, test } from "vitest";
import { INTERPOLATED, PREVIEW } from "../src/cell-state";
import { applyPatch, fromMessage } from "../src/store/tell";
import type { Situation } from "../src/words/state";
import { stateOf } from "../src/words/states";
import { facts, status, surfaceMessage } from "./fake-store";

const bowl = (x: number, y: number) => x * x + y * y;
const surface = (loss = bowl) => fromMessage(surfaceMessage(5, loss));
/** One cell is still to be replaced. */
function preview() {
  const whole = surface();
  return {
    ...whole,
    preview: 64,
    states: whole.states.map((state, cell) => (cell ? state : PREVIEW)),
  };
}

const situation = (changes: Partial<Situation>): Situation => ({
  status,
  connection: "live",
  surface: surface(),
  metric: 0,
  previous: false,
  error: null,
  heard: null,
  problem: null,
  ...changes,
});
const preparing = { ...status, phase: "preparing" as const, drawn: null, known: 0, task: null };
const error = { message: "ValueError: expected [3]\nmore", traceback: "Traceback" };

test.each<[string, Partial<Situation>, string, string, string, string | null]>([
  [
    "preparing",
    { status: { ...preparing, samples: 3200 }, surface: null },
    "reading data: 3,200 samples so far",
    "stop",
    "empty",
    null,
  ],
  [
    "preparing",
    { status: { ...preparing, samples: 0 }, surface: null },
    "reading data",
    "stop",
    "empty",
    null,
  ],
  [
    "preparing",
    { status: { ...preparing, task: "directions" }, surface: null },
    "drawing the directions",
    "stop",
    "empty",
    null,
  ],
  [
    "first level",
    { status: { ...status, drawn: null }, surface: null },
    "computing the first level",
    "pause,stop",
    "empty",
    null,
  ],
  ["coarse", {}, "refining", "pause,stop", "plain", "33×33 so far"],
  [
    "coarse",
    { status: { ...status, task: "range" } },
    "probing how far the loss rises",
    "pause,stop",
    "plain",
    "33×33 so far",
  ],
  [
    "paused",
    { status: { ...status, phase: "paused" } },
    "paused at 33×33",
    "resume",
    "plain",
    null,
  ],
  [
    "paused",
    { status: { ...status, phase: "paused", drawn: [33, 1], resolution: [51, 1] } },
    "paused at 33",
    "resume",
    "plain",
    null,
  ],
  [
    "stopped",
    { status: { ...status, phase: "stopped" } },
    "stopped at 33×33",
    "resume",
    "plain",
    null,
  ],
  [
    "stopped",
    { status: { ...status, phase: "stopped", drawn: null }, surface: null },
    "stopped before the first level",
    "resume",
    "empty",
    null,
  ],
  ["done", { status: { ...status, phase: "done" } }, "complete", "refine further", "plain", null],
  [
    "done",
    { status: { ...status, phase: "done", task: "table" } },
    "pictures complete, filling the table",
    "refine further",
    "plain",
    null,
  ],
  [
    "settled",
    { status: { ...status, phase: "done", settled: true } },
    "settled: close enough to leave out finer cells",
    "refine further",
    "plain",
    null,
  ],
  [
    "coarse",
    { surface: preview() },
    "preview, measuring on all the samples asked for",
    "pause,stop",
    "plain",
    "preview: 64 of 1,797 samples",
  ],
  [
    "saved",
    {
      connection: "saved",
      surface: { ...preview(), time: new Date(2026, 10, 2, 9, 5).toISOString() },
    },
    "saved 2 Nov 2026, 09:05. Run the cell again for a live view.",
    "",
    "plain",
    "saved, preview: 64 of 1,797 samples",
  ],
  [
    "previous",
    { previous: true },
    "computing the first level; the picture is the one before",
    "pause,stop",
    "dimmed",
    "previous",
  ],
  [
    "previous",
    { previous: true, status: { ...status, phase: "paused" } },
    "paused before the first level; the picture is the one before",
    "resume",
    "dimmed",
    "previous",
  ],
  [
    "failed",
    { error, status: { ...status, phase: "failed" } },
    "ValueError: expected [3]",
    "copy,try again",
    "plain",
    null,
  ],
  [
    "failed",
    { status: { ...status, phase: "failed" } },
    "the run failed and gave no reason",
    "try again",
    "plain",
    null,
  ],
  [
    "not finite",
    { surface: surface(() => Number.NaN) },
    "every cell is NaN: the loss overflows; try a smaller range",
    "pause,stop,auto range",
    "hatched",
    null,
  ],
  [
    "not finite",
    { surface: surface((x) => (x > 0 ? Number.POSITIVE_INFINITY : Number.NaN)) },
    "every cell is NaN or infinite: the loss overflows; try a smaller range",
    "pause,stop,auto range",
    "hatched",
    null,
  ],
  [
    "flat",
    { surface: surface((x) => 0.5 + 1e-7 * x), status: { ...status, phase: "done" } },
    "flat to within 2 × 10⁻⁷",
    "widen",
    "plain",
    null,
  ],
  [
    "flat",
    { surface: surface(() => 0.25) },
    "flat: every cell is 0.25",
    "pause,stop,widen",
    "plain",
    null,
  ],
  [
    "busy",
    { connection: "busy", heard: new Date(2026, 10, 22, 10, 41) },
    "kernel busy, showing what was known at 10:41",
    "pause,stop",
    "plain",
    "kernel busy",
  ],
  [
    "busy",
    { connection: "busy" },
    "kernel busy; what is asked for comes when it answers",
    "pause,stop",
    "plain",
    "kernel busy",
  ],
  [
    "disconnected",
    { connection: "disconnected" },
    "disconnected: the kernel is gone. Run the cell again for a live view.",
    "",
    "grey",
    "disconnected",
  ],
  [
    "saved",
    {
      connection: "saved",
      surface: { ...surface(), time: new Date(2026, 10, 2, 9, 5).toISOString() },
    },
    "saved 2 Nov 2026, 09:05. Run the cell again for a live view.",
    "",
    "plain",
    "saved",
  ],
  [
    "saved",
    { connection: "saved", surface: null },
    "saved before anything was computed. Run the cell again for a live view.",
    "",
    "empty",
    "saved",
  ],
  [
    "no plot",
    { problem: "This browser offers no WebGL, so the surface is shown as contours." },
    "This browser offers no WebGL, so the surface is shown as contours.",
    "pause,stop",
    "plain",
    null,
  ],
])("%s", (name, changes, sentence, buttons, picture, badge) => {
  const state = stateOf(situation(changes));
  expect(state).toEqual({
    name,
    sentence,
    buttons: buttons ? buttons.split(",") : [],
    picture,
    badge,
  });
});

test("what is not asked for any more can't be refined further", () => {
  const done = { ...status, phase: "done" as const };
  expect(stateOf(situation({ previous: true, status: done })).buttons).toEqual([]);
});

test("a subset that is asked for carries a badge, and is no preview", () => {
  const metrics = surface().metrics.map((metric) => ({ ...metric, samples: 500 }));
  const subset = {
    surface: { ...surface(), metrics },
    status: { ...status, phase: "done" as const },
  };
  expect(stateOf(situation(subset)).badge).toBe("subset: 500 of 1,797 samples");
});

test("what is interpolated doesn't count: not for flat, not for not finite", () => {
  const whole = surface((x) => (x === 0.5 ? Number.NaN : 0.25));
  const states = whole.states.map((state, cell) => (cell % 5 === 3 ? INTERPOLATED : state));
  expect(stateOf(situation({ surface: { ...whole, states } })).sentence).toBe(
    "flat: every cell is 0.25",
  );
});

test("a busy kernel is never called disconnected", () => {
  const busy = stateOf(situation({ connection: "busy", previous: true, error }));
  expect(busy.sentence).not.toContain("disconnected");
});

test("nothing is called flat or not finite before the first level stands", () => {
  const message = surfaceMessage(5, bowl, { level: -1, states: new Uint8Array(26) });
  const early = applyPatch(fromMessage(message), {
    kind: "patch",
    map: null,
    generation: 1,
    sequence: 1,
    level: -1,
    preview: 0,
    cells: Int32Array.of(0),
    values: Float32Array.of(Number.NaN, 1),
    errors: Float32Array.of(0, 0),
    states: Uint8Array.of(1),
  });
  expect(stateOf(situation({ surface: early, status: { ...status, facts } })).name).toBe("coarse");
});
