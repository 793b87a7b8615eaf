// Do both languages mean the same by a lesson, and does it stay one while it is put together?

import { expect, test } from "vitest";
import controls from "../../tests/fixtures/lesson/controls.json";
import views from "../../tests/fixtures/lesson/views.json";
import { ALONE, allowed, COMMANDS, GROUPS, mayAct, RUN, traitsOf } from "../src/lesson/controls";
import { pinsInSight, reworded, withPin } from "../src/lesson/pins";
import {
  captioned,
  goingTo,
  movedUp,
  STEPPED,
  strayed,
  viewAt,
  withoutStep,
  withStep,
} from "../src/lesson/steps";
import { type LessonStep, type Request, requestNames } from "../src/protocol";
import { choices, request } from "./fake-store";

const steps = views.steps as unknown as readonly LessonStep[];
const three: readonly LessonStep[] = [
  { caption: "a", view: { kind: "surface", scale: "linear" } },
  { caption: "b", view: { kind: "contour" } },
  { caption: "c", view: { scale: "log" } },
];
const at = (step: number | null, changes: Partial<Request> = {}): Request => ({
  ...request,
  steps: three,
  step,
  ...changes,
});
const captions = ({ steps = [] }: Partial<Request>) => steps.map(({ caption }) => caption).join("");
const seen = (changes: Partial<Request>) =>
  (changes.steps ?? []).map((_, step) => viewAt(changes.steps ?? [], step));

test("the controls are those that Python knows", () => {
  expect({ groups: GROUPS, alone: ALONE, commands: COMMANDS, run: RUN }).toEqual(controls);
});

test("every request has a control, but for what only Python says", () => {
  const told = ["locked", "hidden", "name"];
  const asked = requestNames.filter((name) => !told.includes(name));
  expect(traitsOf([...Object.keys(GROUPS), ...ALONE])).toEqual(new Set(asked));
});

test("a step shows what it and those before it set, as in Python", () => {
  expect(steps.map((_, step) => viewAt(steps, step))).toEqual(views.views);
});

test("going to a step sets its view and says which it is", () => {
  expect(goingTo(at(0), 2)).toEqual({ kind: "contour", scale: "log", step: 2 });
});

test("what somebody changes since is no longer the step's", () => {
  expect(strayed(at(1, { kind: "contour", scale: "linear" }))).toEqual([]);
  expect(strayed(at(1, { kind: "heatmap", scale: "linear" }))).toEqual(["kind"]);
  expect(strayed(at(null))).toEqual([]);
});

test("a new step remembers all that a step may set", () => {
  const [step] = withStep({ ...request, steps: [] }, "here").steps ?? [];
  expect(step?.caption).toBe("here");
  expect(Object.keys(step?.view ?? {})).toEqual(STEPPED.filter((name) => name !== "covered"));
  const [covered] = withStep({ ...request, steps: [], covered: true }, "here").steps ?? [];
  expect(covered?.view.covered).toBe(true);
});

test("a caption is reworded in its place", () => {
  expect(captions(captioned(at(0), 1, "B"))).toBe("aBc");
});

test("steps that change places show what they showed", () => {
  const before = seen({ steps: three });
  const moved = movedUp(at(1), 2);
  expect(captions(moved)).toBe("acb");
  expect(seen(moved)).toEqual([before[0], before[2], before[1]]);
});

test("the step that is shown goes with its view", () => {
  expect(movedUp(at(2), 2).step).toBe(1);
  expect(movedUp(at(1), 2).step).toBe(2);
  expect(movedUp(at(0), 2).step).toBe(0);
  expect(movedUp(at(null), 2).step).toBe(null);
});

test("without one of them the others show what they showed", () => {
  const before = seen({ steps: three });
  const fewer = withoutStep(at(2), 1);
  expect([captions(fewer), fewer.step]).toEqual(["ac", 1]);
  expect(seen(fewer)).toEqual([before[0], before[2]]);
  expect(withoutStep(at(0), 0).step).toBe(0);
  expect(withoutStep(at(1), 2).step).toBe(1);
  expect(withoutStep({ ...at(0), steps: three.slice(0, 1) }, 0)).toEqual({ steps: [], step: null });
});

test("what is locked is left out of a change, unless a step of the lesson makes it", () => {
  expect(allowed({ x: [0, 1], kind: "contour" }, ["where"])).toEqual({ kind: "contour" });
  expect(allowed({ x: [0, 1], step: 2 }, ["where"])).toEqual({ x: [0, 1], step: 2 });
  expect(allowed({ x: [0, 1], step: 2 }, ["where", "step"])).toEqual({});
});

test("what would change something locked isn't asked for", () => {
  const offered = {
    ...choices,
    presets: [{ key: "start", label: "", hint: "", changes: { kind: "contour" }, fits: true }],
  } as const;
  const may = (action: Parameters<typeof mayAct>[0], locked: readonly string[]) =>
    mayAct(action, locked, offered);
  expect(may({ kind: "auto_range", factor: 10 }, ["y"])).toBe(false);
  expect(may({ kind: "auto_range", factor: 10 }, ["measured"])).toBe(true);
  expect(may({ kind: "refine_further" }, ["measured"])).toBe(false);
  expect(may({ kind: "pause" }, ["status"])).toBe(false);
  expect(may({ kind: "pause" }, ["where"])).toBe(true);
  expect(may({ kind: "preset", key: "start" }, ["kind"])).toBe(false);
  expect(may({ kind: "preset", key: "start" }, ["x"])).toBe(false);
  expect(may({ kind: "preset", key: "start" }, ["scale"])).toBe(true);
});

test("a note of a plane stands on planes, within the window, under its own number", () => {
  const pins = [
    { x: 9, y: 0, text: "outside" },
    { x: 0, y: null, text: "on a line" },
    { x: 0.5, y: -0.5, text: "here" },
  ];
  const numbers = (changes: Partial<Request>) =>
    pinsInSight({ ...request, pins, ...changes }).map(({ number }) => number);
  expect(numbers({})).toEqual([3]);
  expect(numbers({ x: [0, 10] })).toEqual([1, 3]);
  expect(numbers({ directions: request.directions.slice(0, 1) })).toEqual([2]);
});

test("a note without words is gone", () => {
  const pinned = { ...request, ...withPin(request, [0.5, -0.5], "flat") };
  expect(pinned.pins).toEqual([{ x: 0.5, y: -0.5, text: "flat" }]);
  expect(withPin(request, [0.5], "bump").pins).toEqual([{ x: 0.5, y: null, text: "bump" }]);
  expect(reworded(pinned, 0, " steep ").pins?.[0]?.text).toBe("steep");
  expect(reworded(pinned, 0, "  ")).toEqual({ pins: [] });
});
