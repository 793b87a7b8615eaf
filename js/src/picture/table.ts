// What can be shown when nothing can be drawn? The values themselves, coarsely.

import { drawable } from "../lattice";
import { formatNumber } from "../numbers/format";
import type { Surface } from "../surface";

const MOST = 9;

/** At most nine by nine values of the measured level, first row the largest y, as on a picture. */
export function createTable(surface: Surface, metric: number): HTMLTableElement {
  const table = document.createElement("table");
  table.className = "lw-values";
  const drawn = drawable(surface, metric);
  if (drawn === null) return table;
  const columns = thinned(drawn.x.length);
  const rows = thinned(drawn.rows.length).reverse();
  row(table, "th", ["", ...columns.map((column) => formatNumber(drawn.x[column] ?? 0))]);
  for (const index of rows) {
    const y = drawn.y[index];
    const values = columns.map((column) => formatNumber(drawn.rows[index]?.[column] ?? Number.NaN));
    row(table, "td", [y === undefined ? "" : formatNumber(y), ...values]);
  }
  return table;
}

/** Evenly spread indices, both ends among them. */
function thinned(length: number): number[] {
  const count = Math.min(length, MOST);
  const last = Math.max(1, count - 1);
  return Array.from({ length: count }, (_, index) => Math.round((index * (length - 1)) / last));
}

function row(table: HTMLTableElement, kind: "th" | "td", texts: readonly string[]): void {
  const line = table.insertRow();
  texts.forEach((text, index) => {
    const cell = document.createElement(index === 0 ? "th" : kind);
    cell.textContent = text;
    line.append(cell);
  });
}
