import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PATIENCE, REST, watchConnection } from "../src/kernel/connection";
import { createStore } from "../src/store";
import { choices, request, status, surfaceMessage } from "./messages";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  const store = createStore(
    { request, status, error: null, choices, sharpness: null },
    { write: vi.fn(), act: vi.fn() },
  );
  const pings: number[] = [];
  const ending = new AbortController();
  const watch = watchConnection(store, (ping) => pings.push(ping), ending.signal);
  return { store, watch, pings, ending };
}

it("is busy after silence, and live with the next word", () => {
  const { store, watch } = setUp();
  watch.asked();
  vi.advanceTimersByTime(PATIENCE - 1);
  expect(store.connection.value).toBe("live");
  vi.advanceTimersByTime(1);
  expect(store.connection.value).toBe("busy");
  watch.heard(1);
  expect(store.connection.value).toBe("live");
  expect(store.heard.value).toEqual(new Date());
});

it("is never disconnected by silence, however long", () => {
  const { store, watch } = setUp();
  watch.asked();
  vi.advanceTimersByTime(1000 * PATIENCE);
  expect(store.connection.value).toBe("busy");
});

it("says nothing about silence when nothing was asked", () => {
  const { store, watch } = setUp();
  watch.asked();
  watch.heard(1);
  vi.advanceTimersByTime(10 * PATIENCE);
  expect(store.connection.value).toBe("live");
});

it("isn't silent while patches arrive, though the pong is late", () => {
  const { store, watch } = setUp();
  watch.asked();
  for (let i = 0; i < 5; i++) {
    vi.advanceTimersByTime(PATIENCE - 1);
    watch.heard();
  }
  expect(store.connection.value).toBe("live");
  vi.advanceTimersByTime(PATIENCE);
  expect(store.connection.value).toBe("busy");
});

it("has one ping under way, and one more for what was asked meanwhile", () => {
  const { watch, pings } = setUp();
  for (let i = 0; i < 9; i++) watch.asked();
  expect(pings).toEqual([1]);
  watch.heard();
  expect(pings).toEqual([1]);
  watch.heard(1);
  expect(pings).toEqual([1, 2]);
  watch.heard(2);
  expect(pings).toEqual([1, 2]);
});

it("tells a question again in silence, each time after twice as long", () => {
  const { watch, pings } = setUp();
  watch.asked();
  vi.advanceTimersByTime(PATIENCE * (1 + 2 + 4));
  expect(pings).toEqual([1, 1, 1, 1]);
  watch.heard(1);
  vi.advanceTimersByTime(1000 * PATIENCE);
  expect(pings).toHaveLength(4);
});

it("asks once whether the kernel's last word was its last", () => {
  const { watch, pings } = setUp();
  for (let word = 0; word < 3; word++) {
    vi.advanceTimersByTime(REST - 1);
    watch.heard();
  }
  expect(pings).toEqual([]);
  vi.advanceTimersByTime(REST);
  expect(pings).toEqual([1]);
  watch.heard(1);
  vi.advanceTimersByTime(10 * REST);
  expect(pings).toEqual([1]);
});

it("is saved when a surface is there and no kernel ever spoke", () => {
  const { store, watch } = setUp();
  store.arrive(surfaceMessage());
  watch.asked();
  vi.advanceTimersByTime(PATIENCE);
  expect(store.connection.value).toBe("saved");
});

it("is disconnected when the line is dead, and stays so", () => {
  const { store, watch } = setUp();
  watch.asked();
  watch.lost();
  expect(store.connection.value).toBe("disconnected");
  vi.advanceTimersByTime(10 * PATIENCE);
  expect(store.connection.value).toBe("disconnected");
});

it("is live again when a lost kernel speaks", () => {
  const { store, watch, pings } = setUp();
  watch.asked();
  watch.lost();
  watch.heard();
  expect(store.connection.value).toBe("live");
  watch.asked();
  expect(pings).toEqual([1, 2]);
});

it("ends with its signal", () => {
  const { store, watch, ending } = setUp();
  watch.asked();
  ending.abort();
  vi.advanceTimersByTime(PATIENCE);
  expect(store.connection.value).toBe("live");
  expect(vi.getTimerCount()).toBe(0);
});
