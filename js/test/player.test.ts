// @vitest-environment happy-dom
// Does training run by at its pace, as one step, and give way to whoever else moves along the path?

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPlayer, type Player } from "../src/face/player";
import { fakeStore, request, surfaceMessage } from "./fake-store";
import { path } from "./messages";

const SIZE = 60;
const long = {
  ...path,
  size: SIZE,
  coordinates: new Float64Array(2 * SIZE),
  steps: Float64Array.from({ length: SIZE }, (_, index) => index),
};

let store: ReturnType<typeof fakeStore>;
let player: Player;
let life: AbortController;
let frames: FrameRequestCallback[];

beforeEach(() => {
  life = new AbortController();
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (run: FrameRequestCallback) => frames.push(run));
  vi.stubGlobal("cancelAnimationFrame", () => {
    frames = [];
  });
  build();
});

afterEach(() => {
  life.abort();
  vi.unstubAllGlobals();
});

function build(moment: number | null = null): void {
  store = fakeStore({ request: { ...request, moment } });
  store.arrive(surfaceMessage(5, (x) => x, { path: long }));
  player = createPlayer(store, life.signal);
}

function pass(time: number): void {
  const due = frames;
  frames = [];
  for (const run of due) run(time);
}

const moment = () => store.request.value.moment;

test("it begins with the first checkpoint and ends with all, in six seconds", () => {
  player.toggle();
  expect([moment(), player.playing.value]).toEqual([1, true]);
  pass(1000);
  pass(1099);
  expect(moment()).toBe(1);
  pass(1100);
  expect(moment()).toBe(2);
  pass(4000);
  expect(moment()).toBe(31);
  pass(6900);
  expect([moment(), player.playing.value]).toEqual([null, false]);
  expect(frames).toEqual([]);
});

test("run through, it leaves nothing to undo", () => {
  player.toggle();
  for (const time of [0, 3000, 7000]) pass(time);
  expect(store.canUndo.value).toBe(false);
});

test("held, it stays where it is, and that is one step of undo", () => {
  player.toggle();
  pass(0);
  pass(3000);
  player.toggle();
  expect([moment(), player.playing.value]).toEqual([31, false]);
  store.undo();
  expect(moment()).toBeNull();
});

test("it goes on from where it was held", () => {
  build(31);
  player.toggle();
  expect(moment()).toBe(31);
  pass(0);
  pass(100);
  expect(moment()).toBe(32);
});

test("a hand on the slider takes over", () => {
  player.toggle();
  pass(0);
  store.change({ moment: 12 });
  pass(3000);
  expect([moment(), player.playing.value]).toEqual([12, false]);
});

test("what Python sets meanwhile waits until it is held", () => {
  player.toggle();
  store.receive({ moment: 5 });
  expect(moment()).toBe(1);
  player.toggle();
  expect(player.playing.value).toBe(false);
});

test("where less motion is asked for it goes on by one checkpoint a press", () => {
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
  player.toggle();
  player.toggle();
  expect([moment(), player.playing.value, frames.length]).toEqual([2, false, 0]);
  build(SIZE - 1);
  player.toggle();
  expect(moment()).toBeNull();
});

test("it stops with its view", () => {
  player.toggle();
  life.abort();
  expect([player.playing.value, frames.length]).toEqual([false, 0]);
});

test("without a path there is nothing to play", () => {
  store = fakeStore();
  createPlayer(store, life.signal).toggle();
  expect(store.written).toEqual([]);
});
