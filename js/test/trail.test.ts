// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { showTrail, untilMoment } from "../src/picture/trail";
import { plotted } from "./plotted";

let node: HTMLElement;
let points: readonly SVGElement[];

beforeEach(() => {
  node = document.createElement("div");
  points = plotted(node, 4);
});

const ways = () => [...node.querySelectorAll(".js-line")].map((line) => line.getAttribute("d"));
const hidden = () => points.map(({ style }) => style.visibility === "hidden");

test("what comes after the moment is hidden, halos too, and the line ends there", () => {
  showTrail(node, 2);
  expect(hidden()).toEqual([false, false, true, true]);
  const halos = [...node.querySelectorAll<SVGElement>(".tracepath-halos .point")];
  expect(halos.map(({ style }) => style.visibility)).toEqual(["", "", "hidden", "hidden"]);
  expect(ways()).toEqual(["M0,0L10,5", "M0,0L10,5"]);
});

test("later it is in sight again", () => {
  showTrail(node, 1);
  showTrail(node, 4);
  expect(hidden()).toEqual([false, false, false, false]);
  expect(ways()[0]).toBe("M0,0L10,5L20,10L30,15");
});

test("a checkpoint that has no place has no point, and the others keep their numbers", () => {
  node = document.createElement("div");
  points = plotted(node, 4, [1]);
  showTrail(node, 2);
  expect(hidden()).toEqual([false, true, true]);
  expect(ways()[0]).toBe("M0,0");
});

test("nothing at all is nowhere", () => {
  showTrail(node, 0);
  expect(hidden()).toEqual([true, true, true, true]);
  expect(ways()[0]).toBe("M0,0");
});

test("an image of it has no place for later checkpoints, on lines neither", () => {
  const place = { type: "scatter", x: [1, 2, 3], y: [4, 5, 6] } as const;
  for (const uid of ["path-line", "path-halos", "path-checkpoints"]) {
    expect(untilMoment({ ...place, uid }, 2)).toEqual({ ...place, uid, x: [1, 2, null] });
  }
  expect(untilMoment({ ...place, uid: "ground" }, 2).x).toEqual([1, 2, 3]);
});

test("other traces are none of its business", () => {
  node.innerHTML = `<svg><g class="trace scatter traceabc"><path class="point" /></g></svg>`;
  showTrail(node, 0);
  expect(node.innerHTML).not.toContain("hidden");
});
