// @vitest-environment happy-dom
// Is a listener told what matters, soon enough and not too often?

import { signal } from "@preact/signals-core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createAnnouncer, SELDOM } from "../src/face/announcer";
import { fromMessage } from "../src/store/tell";
import type { Situation, State } from "../src/words/state";
import { stateOf } from "../src/words/states";
import { status, surfaceMessage } from "./fake-store";

let life: AbortController;
let node: HTMLElement;
const situation = signal<Situation>(at({}));
const state = signal<State>(stateOf(situation.value));

/** A run whose level so fine is finished. */
function at(changes: Partial<Situation>, level = -1, drawn: readonly [number, number] = [5, 5]) {
  return {
    status: { ...status, drawn: level < 0 ? null : drawn },
    connection: "live",
    surface: level < 0 ? null : { ...fromMessage(surfaceMessage(5, (x) => x * x)), level },
    metric: 0,
    previous: false,
    error: null,
    heard: null,
    problem: null,
    ...changes,
  } as Situation;
}

function tell(next: Situation): void {
  situation.value = next;
  state.value = stateOf(next);
}

const polite = () => node.querySelector("[role=status]")?.textContent;
const urgent = () => node.querySelector("[role=alert]")?.textContent;

beforeEach(() => {
  vi.useFakeTimers();
  life = new AbortController();
  tell(at({}));
  node = createAnnouncer(situation, state, life.signal);
});

afterEach(() => {
  life.abort();
  vi.useRealTimers();
});

test("another state is told at once, as its sentence", () => {
  expect(polite()).toBe("computing the first level");
  tell(at({ status: { ...status, phase: "paused" } }, 0));
  expect(polite()).toBe("paused at 33×33");
});

test("levels that follow each other quickly are told of once, the last one", () => {
  tell(at({}, 0));
  expect(polite()).toBe("refining");
  tell(at({}, 1, [9, 9]));
  tell(at({}, 2, [17, 17]));
  expect(polite()).toBe("refining");
  vi.advanceTimersByTime(SELDOM - 1);
  expect(polite()).toBe("refining");
  vi.advanceTimersByTime(1);
  expect(polite()).toBe("refining, 17×17 cells");
  tell(at({}, 3, [33, 33]));
  expect(polite()).toBe("refining, 17×17 cells");
});

test("cells that come in without a level are not worth a word", () => {
  tell(at({}, 0));
  tell(at({ status: { ...status, known: 900, drawn: [5, 5] } }, 0));
  vi.advanceTimersByTime(10 * SELDOM);
  expect(polite()).toBe("refining");
});

test("an error interrupts, and is gone once the run goes on", () => {
  const error = { message: "ValueError: expected [3]", traceback: "" };
  tell(at({ error, status: { ...status, phase: "failed" } }));
  expect(urgent()).toBe("ValueError: expected [3]");
  tell(at({}));
  expect([urgent(), polite()]).toEqual(["", "computing the first level"]);
});

test("a level that was to be told of is forgotten once there is something newer", () => {
  tell(at({}, 0));
  tell(at({}, 1, [9, 9]));
  tell(at({ status: { ...status, phase: "done" } }, 2));
  vi.advanceTimersByTime(SELDOM);
  expect(polite()).toBe("complete");
});
