// @vitest-environment happy-dom
// Does the bar under the picture tell of the checkpoint shown last, and move along the path?

import { afterEach, beforeEach, expect, test } from "vitest";
import { createMoments } from "../src/face/moments";
import { createPlayer } from "../src/face/player";
import { type Checkpoint, checkpoint } from "../src/path";
import type { Request } from "../src/protocol";
import type { Surface } from "../src/surface";
import { checkpointPieces } from "../src/words/checkpoint";
import { type FakeStore, fakeStore, request, surfaceMessage } from "./fake-store";
import { pressKey, typeInto } from "./gestures";
import { path, pathMessage } from "./messages";

let store: FakeStore;
let bar: HTMLElement;
let life: AbortController;

beforeEach(() => {
  life = new AbortController();
  build();
});

afterEach(() => life.abort());

function build(changes: Partial<Request> = {}): void {
  store = fakeStore({ request: { ...request, ...changes } });
  bar = createMoments(store, createPlayer(store, life.signal), life.signal);
  document.body.replaceChildren(bar);
  store.arrive(surfaceMessage(5, (x, y) => x + y, { path }));
}

const told = () => [...bar.querySelectorAll(".lw-told > *")].map(({ textContent }) => textContent);
const find = (label: string) => bar.querySelector(`[aria-label="${label}"]`) as HTMLElement;

test("it is there with a path only", () => {
  expect(bar.hidden).toBe(false);
  store.arrive(surfaceMessage(5, (x) => x, { generation: 2, sequence: 9 }));
  expect(bar.hidden).toBe(true);
});

test("it tells of the last checkpoint, its own loss beside the ground under it", () => {
  expect(told()).toEqual([
    "epoch 2, step 20",
    "learning rate 0.01",
    "loss 0.25",
    "under it 0",
    "in the plane",
  ]);
});

test("between cells the ground is interpolated", () => {
  store.change({ moment: 2 });
  expect(told()).toEqual([
    "epoch 1, step 10",
    "learning rate 0.1",
    "loss 1",
    "under it 0.2, interpolated",
    "1 from the plane",
  ]);
});

test("along a line it is so far from the line", () => {
  const along = { coordinates: Float64Array.of(1, 0.5, 0), explained: [null], byChance: [null] };
  const line = { ...(store.surface.value as Surface), path: { ...path, ...along } };
  const howFar = [1, 2].map((index) => {
    const at = checkpoint(line, 0, index) as Checkpoint;
    return checkpointPieces(at, line, "loss", "").at(-1)?.text;
  });
  expect(howFar).toEqual(["1 from the line", "on the line"]);
});

test("what nobody knows isn't told", () => {
  const unknown = Float64Array.of(Number.NaN, Number.NaN, Number.NaN);
  const values = [Float32Array.from(unknown)];
  const bare = { ...path, epochs: unknown, learningRates: unknown, values };
  store.arrive(pathMessage({ path: bare, sequence: 1 }));
  expect(told()).toEqual(["step 20", "loss not measured yet", "under it 0", "in the plane"]);
});

test("the thumb goes from checkpoint to checkpoint, the last one meaning all there will be", () => {
  const thumb = find("checkpoint");
  expect(thumb.getAttribute("aria-valuetext")).toBe("3 of 3");
  pressKey(thumb, "ArrowLeft");
  expect(store.request.value.moment).toBe(2);
  pressKey(thumb, "Home");
  expect(store.request.value.moment).toBe(1);
  pressKey(thumb, "End");
  expect(store.request.value.moment).toBeNull();
});

test("the field takes a number, or all", () => {
  const field = find("checkpoint, a number") as HTMLInputElement;
  typeInto(field, "2");
  expect(store.request.value.moment).toBe(2);
  expect(field.value).toBe("2 of 3");
  typeInto(field, "all");
  expect(store.request.value.moment).toBeNull();
});

test("a path that grows is shown whole, unless a moment is held", () => {
  const shorter = { ...path, size: 2, steps: path.steps.slice(0, 2) };
  store.arrive(pathMessage({ path: shorter, sequence: 1 }));
  expect(find("checkpoint").getAttribute("aria-valuetext")).toBe("2 of 2");
  store.arrive(pathMessage({ sequence: 2 }));
  expect(find("checkpoint").getAttribute("aria-valuetext")).toBe("3 of 3");
  store.change({ moment: 1 });
  store.arrive(pathMessage({ sequence: 3 }));
  expect(find("checkpoint").getAttribute("aria-valuetext")).toBe("1 of 3");
});

test("checkpoints outside of the window are counted, with a way to them", () => {
  const button = () => [...bar.querySelectorAll("button")].at(-2) as HTMLButtonElement;
  expect(button().hidden).toBe(true);
  store.change({ x: [-0.5, 1] });
  expect(bar.textContent).toContain("1 checkpoint outside");
  expect(button().hidden).toBe(false);
  button().click();
  expect(store.acted).toEqual([{ kind: "fit_path" }]);
});

test("checkpoints newer than their principal components are counted, with a way to new axes", () => {
  const button = () => [...bar.querySelectorAll("button")].at(-1) as HTMLButtonElement;
  const longer = (explained: (number | null)[]) =>
    pathMessage({
      sequence: 9,
      path: { ...path, explained, size: 4, steps: Float64Array.of(0, 10, 20, 30) },
    });
  expect(button().hidden).toBe(true);
  store.arrive(longer([0.7, 0.2]));
  expect(bar.textContent).toContain("1 checkpoint newer than the axes");
  button().click();
  expect(store.acted).toEqual([{ kind: "refit" }]);
  store.arrive(longer([null, null]));
  expect(button().hidden).toBe(true);
});

test("the button says what it will do", () => {
  const button = bar.querySelector("button") as HTMLButtonElement;
  expect(button.getAttribute("aria-label")).toBe("play the training");
  button.click();
  expect(button.getAttribute("aria-label")).toBe("hold");
  button.click();
  expect(button.getAttribute("aria-label")).toBe("play the training");
});
