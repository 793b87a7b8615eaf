// @vitest-environment happy-dom
// Does training run by in all pictures at once, each by its own checkpoints?

import { afterEach, expect, test, vi } from "vitest";
import type { Path } from "../src/protocol";
import { type Changes, openComparison } from "./fake-gallery";
import { path } from "./messages";

const bowl = (x: number, y: number) => 1 + x * x + y * y;
const shorter: Path = {
  ...path,
  size: 2,
  coordinates: Float64Array.of(-3, 0.5, 0, 0),
  distances: path.distances.slice(1),
  norms: path.norms.slice(1),
  steps: path.steps.slice(1),
  epochs: path.epochs.slice(1),
  learningRates: path.learningRates.slice(1),
  values: path.values.map((values) => values.slice(1)),
  explained: [0.5, 0.25],
};
let close = () => {};

afterEach(() => {
  close();
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

async function open(changes: Changes = {}) {
  const opened = await openComparison({ long: bowl, short: bowl }, changes);
  close = opened.close;
  opened.tell(0, bowl, 2, path);
  opened.tell(1, bowl, 2, shorter);
  await opened.settle();
  const bar = opened.root.querySelector(".lw-moments") as HTMLElement;
  const readings = () =>
    [0, 1].map((index) => opened.tile(index).querySelector(".lw-tile-reading")?.textContent);
  return { ...opened, bar, readings };
}

test("without a path there is no scrubber", async () => {
  const { root, close: end } = await openComparison({ a: bowl, b: bowl });
  close = end;
  expect(root.querySelector<HTMLElement>(".lw-moments")?.hidden).toBe(true);
});

test("the scrubber is as long as the longest path, and each picture tells of its own checkpoint", async () => {
  const { bar, readings, model, settle } = await open();
  expect(bar.hidden).toBe(false);
  expect(bar.querySelector('[role="slider"]')?.getAttribute("aria-valuemax")).toBe("3");
  expect(readings()).toEqual(["", ""]);
  await model.receive({ moment: 1 });
  await settle();
  expect(readings()).toEqual(["epoch 0, step 0: 2.5", "epoch 1, step 10: 1"]);
  await model.receive({ moment: 2 });
  await settle();
  expect(readings()).toEqual(["epoch 1, step 10: 1", "epoch 2, step 20: 0.25"]);
});

test("how many lie outside is counted over all pictures, and one press looks where all run", async () => {
  const { bar, model } = await open();
  expect(bar.textContent).toContain("1 checkpoint outside");
  const fit = [...bar.querySelectorAll("button")].find(
    ({ textContent }) => textContent === "fit the path",
  );
  fit?.click();
  expect(model.sent).toContainEqual({ kind: "fit_path" });
});

test("the axes of all are called the same, and what they explain stands under each", async () => {
  const { root, tile } = await open();
  expect(root.querySelector(".lw-axis-x")?.textContent).toBe("1st PC, filter-normalized steps");
  const shares = [0, 1].map((index) => tile(index).querySelector(".lw-tile-shares")?.textContent);
  expect(shares).toEqual([
    "explained: 75 % and 12.5 % (random walk: 60 % and 15 %)",
    "explained: 50 % and 25 % (random walk: 60 % and 15 %)",
  ]);
});
