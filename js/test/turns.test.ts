import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createTurns } from "../src/space/turns";
import { fakeFrames } from "./fake-plotly";

let frames = fakeFrames();
let now = 0;
beforeEach(() => {
  frames = fakeFrames();
  now = 0;
  vi.stubGlobal("requestAnimationFrame", frames.requestAnimationFrame);
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const drawing = (done: string[], name: string, cost: number) => async () => {
  done.push(name);
  now += cost;
};

it("draws at once, and what is cheap all in one frame", async () => {
  const [turns, done] = [createTurns(), [] as string[]];
  for (const name of ["a", "b", "c"]) turns.take({}, drawing(done, name, 1));
  expect(done).toEqual(["a"]);
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  expect(done).toEqual(["a", "b", "c"]);
});

it("draws one a frame where each takes all of it", async () => {
  const [turns, done] = [createTurns(), [] as string[]];
  for (const name of ["a", "b", "c"]) turns.take({}, drawing(done, name, 30));
  for (const drawn of [["a"], ["a", "b"], ["a", "b", "c"]]) {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    expect(done).toEqual(drawn);
    await frames.pass();
  }
});

it("draws of each only what it asked last, and nothing of who has gone", async () => {
  const [turns, done] = [createTurns(), [] as string[]];
  const [busy, one, gone] = [{}, {}, {}];
  turns.take(busy, drawing(done, "busy", 30));
  turns.take(one, drawing(done, "old", 1));
  turns.take(gone, drawing(done, "gone", 1));
  turns.take(one, drawing(done, "new", 1));
  turns.forget(gone);
  for (let frame = 0; frame < 3; frame++) await frames.pass();
  expect(done).toEqual(["busy", "new"]);
});

it("lets the next begin when the one before is there, and never two at once", async () => {
  const [turns, done] = [createTurns(), [] as string[]];
  let finish = () => {};
  turns.take({}, () => new Promise((resolve) => (finish = resolve)));
  turns.take({}, drawing(done, "next", 1));
  await frames.pass();
  expect(done).toEqual([]);
  finish();
  await frames.pass();
  expect(done).toEqual(["next"]);
});
