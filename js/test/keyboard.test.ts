// @vitest-environment happy-dom
// Which keys does the widget keep from Jupyter, which does it let through, and what do they do?

import { afterEach, beforeEach, expect, test } from "vitest";
import { createFace, type Face } from "../src/face/face";
import { isOurs, keysOf } from "../src/face/keyboard";
import { choices, type FakeStore, fakeStore, status } from "./fake-store";
import { pressKey, typeInto } from "./gestures";

let store: FakeStore;
let face: Face;
let life: AbortController;
let heardByJupyter: string[];
const listen = (event: KeyboardEvent) => heardByJupyter.push(event.key);

beforeEach(() => {
  heardByJupyter = [];
  life = new AbortController();
  store = fakeStore();
  face = createFace(store, life.signal);
  document.body.append(face.root);
  document.body.addEventListener("keydown", listen);
});

afterEach(() => {
  document.body.removeEventListener("keydown", listen);
  life.abort();
  document.body.replaceChildren();
});

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const control = { ...none, ctrlKey: true };

const named =
  "ArrowLeft ArrowRight ArrowUp ArrowDown Home End PageUp PageDown Enter Delete Backspace".split(
    " ",
  );

test.each<[string, typeof none]>([
  ...named.map((key): [string, typeof none] => [key, none]),
  [" ", none],
  ["b", none],
  ["?", { ...none, shiftKey: true }],
  ["z", control],
  ["Z", { ...control, shiftKey: true }],
  ["z", { ...none, metaKey: true }],
])("keeps %s %o", (key, modifiers) => {
  expect(isOurs({ key, ...modifiers })).toBe(true);
  pressKey(face.picture, key, modifiers);
  expect(heardByJupyter).toEqual([]);
});

test.each([
  ["Escape", none],
  ["Enter", { ...none, shiftKey: true }],
  ["Enter", control],
  ["s", control],
  ["s", { ...none, metaKey: true }],
  ["c", control],
  ["ArrowUp", control],
  ["Tab", none],
  ["F5", none],
  ["Shift", { ...none, shiftKey: true }],
])("lets %s %o through, untouched", (key, modifiers) => {
  const event = pressKey(face.picture, key, modifiers);
  expect(heardByJupyter).toEqual([key]);
  expect(event.defaultPrevented).toBe(false);
});

test.each([
  ["ArrowLeft", "left"],
  ["ArrowRight", "right"],
  ["ArrowUp", "up"],
  ["ArrowDown", "down"],
  ["+", "in"],
  ["-", "out"],
  ["0", "reset"],
])("%s on the picture asks its camera for %s", (key, command) => {
  const asked: unknown[] = [];
  face.picture.addEventListener("landscape:camera", (event) => {
    if (event instanceof CustomEvent) asked.push(event.detail);
  });
  pressKey(face.picture, key);
  expect(asked).toEqual([{ command }]);
});

test("an arrow on a thumb moves the thumb and not the camera", () => {
  const asked: Event[] = [];
  face.picture.addEventListener("landscape:camera", (event) => asked.push(event));
  const thumb = face.root.querySelector("[aria-label='x to']");
  pressKey(thumb, "ArrowRight");
  expect(store.request.value.x).toEqual([-1, 1.04]);
  expect(asked).toEqual([]);
  expect(heardByJupyter).toEqual([]);
});

test("p pauses, and goes on", () => {
  pressKey(face.picture, "p");
  store.status.value = { ...status, phase: "paused" };
  pressKey(face.picture, "p");
  expect(store.acted).toEqual([{ kind: "pause" }, { kind: "resume" }]);
});

test("f asks for the full window", () => {
  let asked = 0;
  face.root.requestFullscreen = async () => {
    asked += 1;
  };
  pressKey(face.picture, "f");
  expect(asked).toBe(1);
});

test("? shows the help with every key, Escape closes it", () => {
  pressKey(face.picture, "?", { shiftKey: true });
  const help = face.root.querySelector<HTMLElement>("[role=dialog]");
  expect(help?.hidden).toBe(false);
  for (const [keys, meaning] of keysOf(choices)) {
    expect(help?.textContent).toContain(keys);
    expect(help?.textContent).toContain(meaning);
  }
  pressKey(help?.querySelector("button"), "Escape");
  expect(help?.hidden).toBe(true);
});

test("letters typed into a field stay letters", () => {
  const field = face.root.querySelector("input") as HTMLInputElement;
  expect(pressKey(field, "p").defaultPrevented).toBe(false);
  expect(store.acted).toEqual([]);
  expect(heardByJupyter).toEqual([]);
});

test("Ctrl+Z undoes and Ctrl+Shift+Z does again, from anywhere in the widget", () => {
  store.change({ metric: "accuracy" });
  pressKey(face.root.querySelector("select"), "z", { ctrlKey: true });
  expect(store.request.value.metric).toBe("loss");
  pressKey(face.picture, "Z", { ctrlKey: true, shiftKey: true });
  expect(store.request.value.metric).toBe("accuracy");
});

test("a field that is being edited keeps its own undo", () => {
  store.change({ metric: "accuracy" });
  const field = face.root.querySelector("input") as HTMLInputElement;
  field.dispatchEvent(new Event("input"));
  expect(pressKey(field, "z", { ctrlKey: true }).defaultPrevented).toBe(false);
  expect(store.request.value.metric).toBe("accuracy");
  typeInto(field, "3");
});

test("t plays the training, and the help says so where there is any", () => {
  expect(pressKey(face.picture, "t").defaultPrevented).toBe(true);
  const keys = (has_trajectory: boolean) =>
    keysOf({ ...choices, has_trajectory }).map(([key]) => key);
  expect(keys(true)).toContain("t");
  expect(keys(false)).not.toContain("t");
});

/** As Lumino looks for a shortcut's selector, here one of any focused node in the notebook. */
function hasShortcut(event: KeyboardEvent): boolean {
  let node = event.target instanceof Element ? event.target : null;
  for (; node && !node.hasAttribute("data-lm-suppress-shortcuts"); node = node.parentElement) {
    if (node === document.activeElement) return true;
  }
  return false;
}

test("a notebook that hears keys on their way down hears none of ours, and all of its own", () => {
  const taken: string[] = [];
  const hear = (event: KeyboardEvent) => {
    if (hasShortcut(event)) taken.push(event.key);
  };
  document.addEventListener("keydown", hear, { capture: true, signal: life.signal });
  const thumb = face.root.querySelector("[role=slider]") as HTMLElement;
  thumb.focus();
  pressKey(thumb, "b");
  pressKey(thumb, "ArrowLeft");
  expect(taken).toEqual([]);
  pressKey(thumb, "s", { ctrlKey: true });
  expect(taken).toEqual(["s"]);
  expect(thumb.hasAttribute("data-lm-suppress-shortcuts")).toBe(false);
});
