// @vitest-environment happy-dom
// Can a lesson be followed, put together, covered and locked, by hand and by keys?

import { afterEach, beforeEach, expect, test } from "vitest";
import { createFace } from "../src/face/face";
import { isHidden, isLocked } from "../src/face/locks";
import type { LessonStep, Request } from "../src/protocol";
import type { Store } from "../src/store";
import { underCover } from "../src/store/cover";
import { type FakeStore, fakeStore, request, surfaceMessage } from "./fake-store";
import { pressKey } from "./gestures";

const steps: readonly LessonStep[] = [
  { caption: "The valley", view: { kind: "surface", scale: "linear" } },
  { caption: "From <b>above</b>", view: { kind: "contour" } },
  { caption: "Guess", view: { covered: true } },
];

let raw: FakeStore;
let store: Store;
let root: HTMLElement;
let life: AbortController;

beforeEach(() => {
  life = new AbortController();
});

afterEach(() => life.abort());

function build(changes: Partial<Request> = {}): void {
  raw = fakeStore({ request: { ...request, ...changes } });
  raw.arrive(surfaceMessage(5, (x, y) => 1 + x * x + y * y));
  store = underCover(raw);
  root = createFace(store, life.signal).root;
  document.body.replaceChildren(root);
}

const find = <Node extends HTMLElement>(selector: string) => root.querySelector(selector) as Node;
const button = (label: string) =>
  [...root.querySelectorAll<HTMLElement>("button")].find(
    (node) => node.getAttribute("aria-label") === label || node.textContent === label,
  ) as HTMLElement;
const lesson = () => find(".lw-lesson");
const caption = () => find(".lw-caption").textContent;
const asked = () => store.request.value;
const settled = () => new Promise((resolve) => setTimeout(resolve));

function write(text: string, key = "Enter"): void {
  const field = find<HTMLTextAreaElement>("textarea");
  field.value = text;
  pressKey(field, key);
}

test("without steps there is no lesson on the face", () => {
  build();
  expect(lesson().hidden).toBe(true);
  expect(find("[aria-label=lesson].lw-fold").hidden).toBe(true);
});

test("next and back go from step to step, each one step of undo", () => {
  build({ steps });
  expect(find(".lw-lesson .lw-count").textContent).toBe("a lesson in 3 steps");
  button("next").click();
  expect([caption(), asked().step, asked().scale]).toEqual(["The valley", 0, "linear"]);
  button("next").click();
  expect([caption(), asked().kind]).toEqual(["From <b>above</b>", "contour"]);
  expect(find(".lw-lesson .lw-count").textContent).toBe("2 of 3");
  button("back").click();
  expect([asked().step, asked().kind]).toEqual([0, "surface"]);
  store.undo();
  expect([asked().step, asked().kind]).toEqual([1, "contour"]);
  expect(raw.written.at(-1)).toMatchObject({ step: 1, kind: "contour" });
});

test("the lesson ends where it ends", () => {
  build({ steps, step: 2 });
  expect(button("next").getAttribute("aria-disabled")).toBe("true");
  button("next").click();
  expect(asked().step).toBe(2);
  build({ steps, step: 0 });
  expect(button("back").getAttribute("aria-disabled")).toBe("true");
});

test.each([
  [".", ","],
  ["PageDown", "PageUp"],
])("%s goes on and %s goes back", (on, off) => {
  build({ steps });
  pressKey(find(".lw-picture"), on);
  pressKey(find(".lw-picture"), on);
  expect(asked().step).toBe(1);
  pressKey(find(".lw-picture"), off);
  expect(asked().step).toBe(0);
});

test("without a lesson its keys are the page's", () => {
  build();
  const event = new KeyboardEvent("keydown", { key: "PageDown", bubbles: true, cancelable: true });
  find(".lw-picture").dispatchEvent(event);
  expect(event.defaultPrevented).toBe(false);
});

test("what was changed since can be shown again as the step shows it", () => {
  build({ steps, step: 1, kind: "contour", scale: "linear" });
  expect(button("show this step again").hidden).toBe(true);
  store.change({ kind: "heatmap" });
  expect(button("show this step again").hidden).toBe(false);
  button("show this step again").click();
  expect(asked().kind).toBe("contour");
});

test("without a kernel a step in another plane shows all but that, and says so", () => {
  const elsewhere: LessonStep = { caption: "wide", view: { x: [-3, 3], kind: "contour" } };
  build({ steps: [...steps, elsewhere] });
  raw.connection.value = "page";
  store.change({ step: 3, kind: "contour", scale: "linear" });
  expect(find(".lw-lesson .lw-quiet").textContent).toMatch(/needs a kernel; the plane stays/);
  expect(button("show this step again").hidden).toBe(true);
  raw.connection.value = "live";
  expect(find(".lw-lesson .lw-quiet").textContent).toBe("");
});

test("what is seen can be added as a step, and given its caption at once", () => {
  build({ kind: "contour" });
  button("add this view as a step").click();
  expect(asked().steps).toHaveLength(1);
  expect([asked().step, asked().steps[0]?.view.kind]).toEqual([0, "contour"]);
  const fold = find("[aria-label=lesson].lw-fold");
  expect(fold.hidden).toBe(false);
  const add = [...fold.querySelectorAll<HTMLElement>("button")].at(-1);
  add?.click();
  write("Seen from above");
  expect(asked().steps[1]?.caption).toBe("Seen from above");
});

test("steps are shown, reworded, moved and deleted in their list", () => {
  build({ steps, step: 0 });
  const words = () => [...root.querySelectorAll<HTMLElement>(".lw-step-list .lw-note-text")];
  words()[1]?.click();
  expect(asked().step).toBe(1);
  words()[1]?.click();
  write("Above", "Escape");
  expect(asked().steps[1]?.caption).toBe("From <b>above</b>");
  words()[1]?.click();
  write("Above");
  expect(asked().steps[1]?.caption).toBe("Above");
  button("move step 2 up").click();
  expect(words().map(({ textContent }) => textContent)).toEqual(["Above", "The valley", "Guess"]);
  expect(asked().step).toBe(0);
  button("move step 1 down").click();
  button("delete step 3").click();
  expect(words().map(({ textContent }) => textContent)).toEqual(["The valley", "Above"]);
});

test("a note is pinned where the cross is, by its key", () => {
  build({ marked: [0.5, -0.5] });
  pressKey(find(".lw-picture"), "n");
  expect(document.activeElement).toBe(find("textarea"));
  write("  <b>flat</b>  ");
  expect(asked().pins).toEqual([{ x: 0.5, y: -0.5, text: "<b>flat</b>" }]);
  expect(find(".lw-note-text").textContent).toBe("<b>flat</b>");
  expect(find(".lw-notes-head").textContent).toBe("1 note");
  store.undo();
  expect(asked().pins).toEqual([]);
});

test("without a place there is nothing to pin to", () => {
  build();
  pressKey(find(".lw-picture"), "n");
  expect(find("textarea")).toBeNull();
  expect(button("pin a note here (n)").getAttribute("aria-disabled")).toBe("true");
});

test("a note that is left empty, or given up, is none", () => {
  build({ marked: [0.5, -0.5] });
  button("pin a note here (n)").click();
  write("");
  pressKey(find(".lw-picture"), "n");
  write("flat", "Escape");
  expect(asked().pins).toEqual([]);
});

test("notes are reworded and deleted in their list", () => {
  const pins = [
    { x: 0, y: 0, text: "here" },
    { x: 7, y: 0, text: "far" },
  ];
  build({ pins });
  expect(find(".lw-notes-head").textContent).toBe("2 notes, 1 of them elsewhere");
  find(".lw-note-text").click();
  write("there");
  expect(asked().pins[0]?.text).toBe("there");
  button("delete note 1").click();
  expect(asked().pins).toEqual([pins[1]]);
});

test("what is written in a note stays out of the widget's keys", () => {
  build({ marked: [0, 0], steps, step: 1 });
  pressKey(find(".lw-picture"), "n");
  pressKey(find("textarea"), ",");
  expect(asked().step).toBe(1);
});

test("notes are covered with what they are about, and none is added", () => {
  build({ covered: true, pins: [{ x: 0, y: 0, text: "the answer" }], marked: [0.5, -0.5] });
  expect(find(".lw-notes").hidden).toBe(true);
  expect(button("pin a note here (n)").getAttribute("aria-disabled")).toBe("true");
  button("reveal").click();
  expect(find(".lw-notes").hidden).toBe(false);
});

test("a covered picture asks what one expects, and says nothing else", () => {
  build({ covered: true });
  expect(find(".lw-cover").hidden).toBe(false);
  expect(find(".lw-cover").textContent).toContain("What do you expect?");
  expect(find(".lw-picture").getAttribute("aria-label")).toMatch(/^Covered/);
  expect(find(".lw-picture").hasAttribute("inert")).toBe(true);
  expect(root.dataset.covered).toBe("");
  button("reveal").click();
  expect(find(".lw-cover").hidden).toBe(true);
  expect(find(".lw-picture").hasAttribute("inert")).toBe(false);
  expect(document.activeElement).toBe(find(".lw-picture"));
  expect(find(".lw-picture").getAttribute("aria-label")).toContain("from 1 at 0, 0 to 3");
});

test("a step may cover, and r reveals", () => {
  build({ steps, step: 1 });
  button("next").click();
  expect(find(".lw-cover").hidden).toBe(false);
  pressKey(root, "r");
  expect(find(".lw-cover").hidden).toBe(true);
  button("back").click();
  button("next").click();
  expect(find(".lw-cover").hidden).toBe(true);
});

test("what is locked is shown, marked, and moved by nobody here", async () => {
  build({ locked: ["metric", "where"] });
  await settled();
  const metric = find<HTMLSelectElement>("select[aria-label=metric]");
  expect(metric.getAttribute("aria-disabled")).toBe("true");
  expect(metric.nextElementSibling?.getAttribute("aria-label")).toBe("locked");
  const press = new MouseEvent("mousedown", { bubbles: true, cancelable: true });
  metric.dispatchEvent(press);
  expect(press.defaultPrevented).toBe(true);
  button("layer").click();
  expect(asked().normalization).toBe("filter");
  expect(find("[data-control=where] .lw-title .lw-lock")).not.toBeNull();
  button("contour").click();
  expect(asked().kind).toBe("contour");
  store.change({ metric: "accuracy", kind: "heatmap" });
  expect([asked().metric, asked().kind]).toEqual(["loss", "heatmap"]);
});

test("the focus may pass a locked control, and a fold may open", async () => {
  build({ locked: ["where"] });
  await settled();
  const tab = new KeyboardEvent("keydown", { key: "Tab", bubbles: true, cancelable: true });
  button("layer").dispatchEvent(tab);
  expect(tab.defaultPrevented).toBe(false);
  const fold = find("[data-control=where] > .lw-disclosure");
  fold.click();
  expect(fold.getAttribute("aria-expanded")).toBe("false");
});

test("what is freed again is as it was", async () => {
  build({ locked: ["metric", "status"] });
  await settled();
  raw.receive({ locked: [] });
  expect(root.querySelectorAll("[data-locked], .lw-lock, [data-usable]")).toHaveLength(0);
  expect(find("select[aria-label=metric]").hasAttribute("aria-disabled")).toBe(false);
  expect(button("undo").getAttribute("aria-disabled")).toBe("true");
});

test("a step sets what is locked, and going back too", () => {
  build({ steps, locked: ["drawn"] });
  button("next").click();
  button("next").click();
  expect(asked().kind).toBe("contour");
  store.undo();
  expect(asked().kind).toBe("surface");
});

test("a lesson that is led from Python can't be gone through here", () => {
  build({ steps, step: 0, locked: ["step"] });
  button("next").click();
  pressKey(root, ".");
  expect(asked().step).toBe(0);
});

test("undo leaves alone what has been locked since, and goes back in the rest", () => {
  build();
  store.change({ kind: "contour", scale: "log" });
  raw.receive({ locked: ["kind"] });
  store.undo();
  expect([asked().kind, asked().scale, asked().locked]).toEqual(["contour", "auto", ["kind"]]);
});

test("what comes in later is locked as well", async () => {
  build({ steps, step: 0, locked: ["steps"] });
  raw.receive({ steps: [...steps, { caption: "late", view: {} }] });
  await settled();
  expect(button("delete step 4").getAttribute("aria-disabled")).toBe("true");
});

test("what is hidden isn't there; all of it leaves the picture alone", async () => {
  build({ hidden: ["measured", "metric"] });
  await settled();
  const gone = [...root.querySelectorAll("[data-concealed]")];
  expect(gone).toContain(find("select[aria-label=metric]"));
  expect(gone).toContain(find("[data-control=measured]"));
  expect(gone).not.toContain(find("[data-control=where]"));
  expect(root.dataset.bare).toBeUndefined();
  raw.receive({ hidden: ["where", "measured", "drawn", "status"] });
  expect(root.dataset.bare).toBe("");
});

test("a control goes with its own name or its group, and is locked with any trait it changes", () => {
  expect(isHidden(["zoom", "x", "y"], ["x"])).toBe(false);
  expect(isHidden(["sharpness", "status"], ["status"])).toBe(true);
  expect(isLocked(["zoom", "x", "y"], ["y"])).toBe(true);
  expect(isLocked(["sharpness", "status"], ["status"])).toBe(false);
  expect(isLocked(["pause"], ["status"])).toBe(true);
});

test("a preset that would change something locked can't be chosen", () => {
  build({ locked: ["scale"] });
  const automatic = button("automatic");
  expect(automatic?.getAttribute("aria-disabled")).toBe("true");
});
