// @vitest-environment happy-dom
// Do the rows that say how it is drawn ask for that, and nothing else?

import { afterEach, beforeEach, expect, test } from "vitest";
import { createValues, valuesSummary } from "../src/face/values";
import type { Initial } from "../src/store";
import { mapMessage, withCurvature } from "./curvature";
import { type FakeStore, fakeStore, request, surfaceMessage } from "./fake-store";
import { pressKey, typeInto } from "./gestures";

let store: FakeStore;
let rows: HTMLElement;
let life: AbortController;

beforeEach(() => {
  life = new AbortController();
  build();
});

afterEach(() => life.abort());

function build(changes: Partial<Initial> = {}): void {
  store = fakeStore(changes);
  store.arrive(surfaceMessage(5, (x, y) => x * x + y * y));
  rows = createValues(store, life.signal);
  document.body.replaceChildren(rows);
}

const colours = () => rows.querySelector("select[aria-label=colours]") as HTMLSelectElement;

test("clip counts what it cuts off; its right end, or none, is no clip", () => {
  const field = rows.querySelector("[aria-label='clip, a number']") as HTMLInputElement;
  const count = rows.querySelector(".lw-count");
  expect([field.value, count?.textContent]).toEqual(["none", ""]);
  typeInto(field, "1");
  expect(store.request.value.clip).toBe(1);
  expect(count?.textContent).toBe("12 clipped");
  pressKey(rows.querySelector("[role=slider]"), "End");
  expect(store.request.value.clip).toBeNull();
  typeInto(field, "0.5");
  typeInto(field, "none");
  expect(store.request.value.clip).toBeNull();
});

test("colours are one click", () => {
  colours().value = "viridis";
  colours().dispatchEvent(new Event("change"));
  expect(store.written).toEqual([{ colors: "viridis" }]);
});

test("along a line there are no colours to choose", () => {
  const directions = [{ key: "random", seed: 0, normalization: null }];
  build({ request: { ...request, directions, kind: "line" } });
  expect(colours().closest<HTMLElement>(".lw-row")?.hidden).toBe(true);
});

test("the list of colours says so where a metric has its own", () => {
  build({ choices: withCurvature });
  const first = () => colours().options[0]?.text;
  store.arrive(mapMessage(() => -1));
  expect(first()).toBe("cividis");
  store.change({ metric: "curvature" });
  expect(first()).toBe("its own: viridis");
  store.change({ metric: "curvature_max" });
  expect(first()).toBe("cividis");
});

test("folded, what was chosen is said, and nothing while all is as the values suggest", () => {
  expect(valuesSummary(request)).toBe("");
  expect(valuesSummary({ ...request, clip: 8, colors: "viridis" })).toBe("clip 8, viridis");
});
