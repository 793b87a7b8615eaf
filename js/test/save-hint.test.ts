// @vitest-environment happy-dom
// Is a person told once what a saved notebook keeps, and does Jupyter still hear the key?

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSaveHint, isSave, whatIsKept } from "../src/face/save-hint";

const life = { now: new AbortController() };

beforeEach(() => {
  document.body.dataset.jpThemeName = "JupyterLab Light";
  Element.prototype.checkVisibility ??= () => true;
});

afterEach(() => {
  life.now.abort();
  life.now = new AbortController();
  Reflect.deleteProperty(globalThis, Symbol.for("landscape-widget.save-hint"));
  delete document.body.dataset.jpThemeName;
  document.body.replaceChildren();
});

function shown(): HTMLElement {
  return document.body
    .appendChild(document.createElement("div"))
    .appendChild(createSaveHint(true, life.now.signal));
}

function press(): KeyboardEvent {
  const event = new KeyboardEvent("keydown", {
    key: "s",
    ctrlKey: true,
    bubbles: true,
    cancelable: true,
  });
  document.body.dispatchEvent(event);
  return event;
}

test("at the first save one widget says what is kept, and goes quiet when it is read", () => {
  const [first, second] = [shown(), shown()];
  expect(first.hidden).toBe(true);
  press();
  expect([first.hidden, second.hidden]).toEqual([false, true]);
  expect(first.textContent).toContain(whatIsKept(true));
  first.querySelector("button")?.click();
  press();
  expect([first.hidden, second.hidden]).toEqual([true, true]);
});

test("inside another widget no picture is promised", () => {
  const hint = shown();
  hint.parentElement?.classList.add("widget-box");
  press();
  expect(hint.textContent).toContain(whatIsKept(true, true));
  expect(hint.textContent).toContain("keeps no picture");
});

test("the key goes on to who saves", () => {
  shown();
  const heard = vi.fn();
  document.body.addEventListener("keydown", heard, { once: true });
  expect(press().defaultPrevented).toBe(false);
  expect(heard).toHaveBeenCalledOnce();
});

test("where no notebook is saved nothing is said", () => {
  delete document.body.dataset.jpThemeName;
  const hint = shown();
  press();
  expect(hint.hidden).toBe(true);
});

test("a widget that is gone hears nothing", () => {
  const hint = shown();
  life.now.abort();
  press();
  expect(hint.hidden).toBe(true);
});

test.each([
  [{ key: "s", ctrlKey: true }, true],
  [{ key: "S", metaKey: true }, true],
  [{ key: "s" }, false],
  [{ key: "s", ctrlKey: true, shiftKey: true }, false],
  [{ key: "x", ctrlKey: true }, false],
])("%j saves: %s", (pressed, saves) => {
  const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  expect(isSave({ ...plain, ...pressed })).toBe(saves);
});
