// @vitest-environment happy-dom
// Do the two thumbs of a range keep to the lattice, to each other, and out from under the pointer?

import { afterEach, beforeEach, expect, test } from "vitest";
import { bind } from "../src/controls/binding";
import { rangeSlider } from "../src/controls/range-slider";
import type { Range } from "../src/protocol";
import { type FakeStore, fakeStore } from "./fake-store";
import { dragBy, pressKey, typeInto } from "./gestures";

const WIDTH = 300;
let store: FakeStore;
let life: AbortController;

beforeEach(() => {
  store = fakeStore();
  life = new AbortController();
});

afterEach(() => {
  life.abort();
  document.body.replaceChildren();
});

function build(points = 51) {
  const binding = bind<Range>(
    store,
    ["x"],
    (request) => request.x,
    (x) => ({ x }),
  );
  const node = rangeSlider({ label: "x", binding, points: () => points }, life.signal);
  document.body.append(node);
  const track = node.querySelector(".lw-track") as HTMLElement;
  Object.defineProperty(track, "clientWidth", { value: WIDTH });
  const [from, to] = [...node.querySelectorAll<HTMLElement>("[role=slider]")] as [
    HTMLElement,
    HTMLElement,
  ];
  const [low, high] = [...node.querySelectorAll("input")] as [HTMLInputElement, HTMLInputElement];
  const bar = node.querySelector(".lw-bar") as HTMLElement;
  return { from, to, low, high, bar };
}

const x = () => store.request.value.x;

test("each thumb says which end it is, where it stands and how far it may go", () => {
  const { from, to } = build();
  const said = (node: HTMLElement) =>
    ["aria-label", "aria-valuetext", "aria-valuemin", "aria-valuemax"].map((name) =>
      node.getAttribute(name),
    );
  expect(said(from)).toEqual(["x from", "−1", "-3", "0.96"]);
  expect(said(to)).toEqual(["x to", "1", "-0.96", "3"]);
});

test("arrows move one cell, PageUp and PageDown a tenth, Home and End as far as it goes", () => {
  const { from, to } = build();
  pressKey(to, "ArrowRight");
  expect(x()).toEqual([-1, 1.04]);
  store.change({ x: [-1, 1] });
  pressKey(to, "PageDown");
  expect(x()).toEqual([-1, 0.8]);
  store.change({ x: [-1, 1] });
  pressKey(from, "Home");
  expect(x()).toEqual([-3, 1]);
});

test("no thumb passes the other", () => {
  const { from, to } = build(5);
  pressKey(from, "End");
  expect(x()).toEqual([0.5, 1]);
  store.change({ x: [-1, 1] });
  pressKey(to, "Home");
  expect(x()).toEqual([-1, -0.5]);
});

test("the fields take any value", () => {
  const { low, high } = build();
  typeInto(high, "12.345");
  expect(x()).toEqual([-1, 12.345]);
  typeInto(low, "−40");
  expect(x()).toEqual([-40, 12.345]);
});

test("a drag snaps to the present step and is one step of undo", () => {
  const { to } = build();
  dragBy(to, [3, 9, 15.5]);
  expect(x()).toEqual([-1, 1.32]);
  store.undo();
  expect(x()).toEqual([-1, 1]);
});

test("dragging the bar moves both ends and keeps every cell on the lattice", () => {
  const { bar } = build();
  dragBy(bar, [10]);
  expect(x()).toEqual([-0.8, 1.2]);
});

test("the track covers three times the range and centres again on release, not before", () => {
  const { from, to } = build();
  const places = () => [from, to].map((thumb) => Number.parseFloat(thumb.style.left).toFixed(1));
  expect(places()).toEqual(["33.3", "66.7"]);
  dragBy(to, [50], () => expect(places()).toEqual(["33.3", "83.3"]));
  expect(places()).toEqual(["33.3", "66.7"]);
});

test("while a thumb is held, what Python says waits", () => {
  const { to } = build();
  dragBy(to, [20], () => {
    store.receive({ x: [-9, 9] });
    expect(x()).toEqual([-1, 1.4]);
  });
  expect(x()).toEqual([-1, 1.4]);
});

test("two views of one store agree", () => {
  const [one, other] = [build(), build()];
  pressKey(one.to, "ArrowRight");
  expect(other.to.getAttribute("aria-valuenow")).toBe("1.04");
  expect(other.high.value).toBe("1.04");
});

test("one step there and one step back is where it was", () => {
  const { to } = build();
  to.focus();
  for (const key of ["ArrowRight", "ArrowLeft"]) {
    pressKey(to, key);
    to.dispatchEvent(new KeyboardEvent("keyup", { key, bubbles: true }));
  }
  expect(x()).toEqual([-1, 1]);
});
