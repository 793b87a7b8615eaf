// How are values read without a picture? A table that the arrow keys go through, cell by cell.

import { element, focusedBeside, set } from "../controls/element";
import type { Surface } from "../surface";
import { valueTable } from "../words/value-table";

/** Rows that PageUp and PageDown go over. */
const PAGE = 10;

export function createTable(surface: Surface | null, metric: number): HTMLTableElement {
  const { caption, corner, columns, rows } = valueTable(surface, metric);
  const lines = rows.map(({ head, cells }) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, head),
      ...cells.map((text) => element("td", { tabindex: -1 }, text)),
    ),
  );
  const heads = columns.map((column) => element("th", { scope: "col" }, column));
  const table = element(
    "table",
    { class: "lw-table", role: "grid" },
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, corner), ...heads)),
    element("tbody", {}, ...lines),
  );
  const cells = lines.map((line) => [...line.querySelectorAll("td")]);
  if (cells[0]?.[0]) set(cells[0][0], "tabindex", 0);
  table.addEventListener("keydown", (event) => {
    const focused = focusedBeside(table);
    if (!(focused instanceof HTMLTableCellElement)) return;
    const row = cells.findIndex((line) => line.includes(focused));
    const column = cells[row]?.indexOf(focused) ?? -1;
    const [line, place] = reached(event, row, column, rows.length, columns.length) ?? [];
    const next = cells[line ?? -1]?.[place ?? -1];
    if (row < 0 || !next) return;
    event.preventDefault();
    next.focus();
  });
  table.addEventListener("focusin", ({ target }) => {
    for (const cell of table.querySelectorAll("td[tabindex='0']")) set(cell, "tabindex", -1);
    if (target instanceof HTMLTableCellElement) set(target, "tabindex", 0);
  });
  return table;
}

/** Where a key leads to, inside the table. */
function reached(
  { key, ctrlKey, metaKey, altKey }: KeyboardEvent,
  row: number,
  column: number,
  rows: number,
  columns: number,
): readonly [number, number] | null {
  if (metaKey || altKey) return null;
  const [last, end] = [rows - 1, columns - 1];
  switch (key) {
    case "ArrowLeft":
      return [row, Math.max(0, column - 1)];
    case "ArrowRight":
      return [row, Math.min(end, column + 1)];
    case "ArrowUp":
      return [Math.max(0, row - 1), column];
    case "ArrowDown":
      return [Math.min(last, row + 1), column];
    case "PageUp":
      return [Math.max(0, row - PAGE), column];
    case "PageDown":
      return [Math.min(last, row + PAGE), column];
    case "Home":
      return [ctrlKey ? 0 : row, 0];
    case "End":
      return [ctrlKey ? last : row, end];
    default:
      return null;
  }
}
