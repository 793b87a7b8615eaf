// @vitest-environment happy-dom
// Does the sentence behind a word come when somebody rests on it, and keep out of the way otherwise?

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { element, explain } from "../src/controls/element";
import { createTooltip, REST } from "../src/face/tooltip";

let life: AbortController;
let bubble: HTMLElement;
let first: HTMLElement;
let second: HTMLElement;

beforeEach(() => {
  vi.useFakeTimers();
  life = new AbortController();
  first = explain(element("button", {}, "one"), "About one.");
  second = explain(element("button", {}, "two"), "About two.");
  const root = element("div", {}, first, second);
  document.body.replaceChildren(root);
  bubble = createTooltip(root, life.signal);
});

afterEach(() => {
  life.abort();
  vi.useRealTimers();
});

function over(node: HTMLElement): void {
  node.dispatchEvent(new Event("pointerover", { bubbles: true }));
}

test("it comes after a moment of rest, and the next one at once", () => {
  over(first);
  vi.advanceTimersByTime(REST - 1);
  expect(bubble.hidden).toBe(true);
  vi.advanceTimersByTime(1);
  expect([bubble.hidden, bubble.textContent]).toEqual([false, "About one."]);
  over(second);
  expect([bubble.hidden, bubble.textContent]).toEqual([false, "About two."]);
});

test("a pointer that only passes brings none", () => {
  over(first);
  over(document.body.firstElementChild as HTMLElement);
  vi.advanceTimersByTime(REST);
  expect(bubble.hidden).toBe(true);
});

test("what was pressed keeps quiet until the pointer has been elsewhere", () => {
  over(first);
  vi.advanceTimersByTime(REST);
  first.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  over(first);
  vi.advanceTimersByTime(REST);
  expect(bubble.hidden).toBe(true);
  over(second);
  over(first);
  vi.advanceTimersByTime(REST);
  expect(bubble.hidden).toBe(false);
});

test("Escape takes it away", () => {
  over(first);
  vi.advanceTimersByTime(REST);
  first.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  expect(bubble.hidden).toBe(true);
});
