// @vitest-environment happy-dom
// Can the values be read without a picture, by eye, by key and by ear?

import { afterEach, beforeEach, expect, test } from "vitest";
import { EXACT, INTERPOLATED, PREVIEW, UNCONVERGED, UNKNOWN } from "../src/cell-state";
import { createTableView, type TableView } from "../src/face/value-table";
import { createTable } from "../src/picture/table";
import { fromMessage } from "../src/store/tell";
import { MOST, valueTable, valueText } from "../src/words/value-table";
import { type FakeStore, fakeStore, surfaceMessage } from "./fake-store";
import { pressKey } from "./gestures";

const plane = (x: number, y: number) => 10 * y + x;
const surface = (points: number) => fromMessage(surfaceMessage(points, plane));

test("the first row is the top of the picture", () => {
  const { caption, columns, rows } = valueTable(surface(3), 0);
  expect(caption).toBe("loss, 3 by 3 cells");
  expect(columns).toEqual(["−1", "0", "1"]);
  expect(rows.map(({ head }) => head)).toEqual(["1", "0", "−1"]);
  expect(rows.map(({ cells }) => cells)).toEqual([
    ["9", "10", "11"],
    ["−1", "0", "1"],
    ["−11", "−10", "−9"],
  ]);
});

test("more than anybody goes through is thinned, both ends kept, and said so", () => {
  const { caption, columns, rows } = valueTable(surface(51), 0);
  expect(caption).toBe("loss, 33 by 33 of 51 by 51 cells, spread evenly");
  expect([columns.length, rows.length]).toEqual([MOST, MOST]);
  expect([columns[0], columns.at(-1), rows[0]?.head, rows.at(-1)?.head]).toEqual([
    "−1",
    "1",
    "1",
    "−1",
  ]);
});

test("a line is a column of values, one row a place, each with its metric's unit", () => {
  const line = fromMessage(surfaceMessage(5, (x) => x * x, { dimensions: 1 }));
  expect(valueTable(line, 1).columns).toEqual(["accuracy, %"]);
  const { caption, rows } = valueTable(line, 0);
  expect(caption).toBe("loss, 5 cells");
  expect(rows.map(({ head, cells: [value] }) => [head, value])).toEqual([
    ["−1", "1"],
    ["−0.5", "0.25"],
    ["0", "0"],
    ["0.5", "0.25"],
    ["1", "1"],
  ]);
});

test.each<[number, number, string]>([
  [0.5, EXACT, "0.5"],
  [0.5, INTERPOLATED, "≈ 0.5"],
  [0.5, PREVIEW, "0.5, preview"],
  [0.5, UNCONVERGED, "0.5, not converged"],
  [0.5, UNKNOWN, "not computed"],
  [Number.NaN, EXACT, "not a number"],
  [Number.POSITIVE_INFINITY, EXACT, "infinite"],
  [Number.NEGATIVE_INFINITY, EXACT, "minus infinite"],
])("%d in state %d reads %s", (value, state, text) => {
  expect(valueText(value, state)).toBe(text);
});

test("before the first level there is a table that says so", () => {
  expect(createTable(null, -1).caption?.textContent).toBe("No cell is known yet.");
});

let life: AbortController;
let store: FakeStore;
let view: TableView;

beforeEach(() => {
  life = new AbortController();
  store = fakeStore();
  store.arrive(surfaceMessage(3, plane));
  view = createTableView(store, life.signal);
  document.body.replaceChildren(view.node);
});

afterEach(() => life.abort());

const focused = () => document.activeElement?.textContent;

function press(...keys: readonly string[]): void {
  for (const key of keys) pressKey(document.activeElement, key);
}

test("arrows go from cell to cell and stay inside, Home and End along the row", () => {
  view.toggle();
  expect(focused()).toBe("9");
  press("ArrowUp", "ArrowLeft");
  expect(focused()).toBe("9");
  press("ArrowRight", "ArrowDown");
  expect(focused()).toBe("0");
  press("End");
  expect(focused()).toBe("1");
  press("PageDown", "Home");
  expect(focused()).toBe("−11");
  expect(view.node.querySelectorAll("td[tabindex='0']")).toHaveLength(1);
});

test("headers name each row and column", () => {
  view.toggle();
  const scopes = [...view.node.querySelectorAll("th")].map((head) => head.getAttribute("scope"));
  expect(scopes).toEqual(["col", "col", "col", "col", "row", "row", "row"]);
});

test("a finer picture keeps a reader at the same place", () => {
  view.toggle();
  press("ArrowRight", "ArrowDown", "ArrowRight");
  expect(focused()).toBe("1");
  store.arrive(surfaceMessage(5, plane, { generation: 2 }));
  expect(view.node.querySelectorAll("tbody tr")).toHaveLength(5);
  expect(focused()).toBe("1");
});

test("another metric is another table, and Escape closes it where it was opened", () => {
  const opener = document.createElement("button");
  document.body.append(opener);
  opener.focus();
  view.toggle();
  store.change({ metric: "accuracy" });
  expect(view.node.querySelector("caption")?.textContent).toContain("accuracy, %");
  press("Escape");
  expect([view.node.hidden, document.activeElement]).toEqual([true, opener]);
});
