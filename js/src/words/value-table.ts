// What do the values say as rows and columns, and what is said where there is none? Pure.

import { FAILED, INTERPOLATED, PREVIEW, UNCONVERGED, UNKNOWN } from "../cell-state";
import { ground } from "../lattice";
import { formatCount, formatNumber } from "../numbers/format";
import type { Surface } from "../surface";
import { labelOf } from "./metrics";

/** Rows and columns that a person can go through. */
export const MOST = 33;

export interface ValueTable {
  readonly caption: string;
  /** What the headers are of: rows, then columns. */
  readonly corner: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly head: string; readonly cells: readonly string[] }[];
}

/** The cells drawn, both ends among them; first the row with the largest y, as on a picture. */
export function valueTable(surface: Surface | null, metric: number, most = MOST): ValueTable {
  const facts = surface?.metrics[metric];
  const drawn = surface && ground(surface, metric);
  if (!surface || !facts || !drawn) {
    return { caption: "No cell is known yet.", corner: "", columns: [], rows: [] };
  }
  const isLine = drawn.y.length === 0;
  const name = [labelOf(facts), facts.unit].filter(Boolean).join(", ");
  const columns = thinned(drawn.x.length, most);
  const rows = isLine ? [0] : thinned(drawn.y.length, most).reverse();
  const text = (row: number, column: number) => {
    const value = drawn.rows[row]?.[column] ?? Number.NaN;
    return valueText(value, surface.states[drawn.cells[row]?.[column] ?? -1]);
  };
  const place = (axis: Float64Array, index: number) => formatNumber(axis[index] ?? Number.NaN);
  const caption = `${name}, ${sizes([columns.length, rows.length], [drawn.x.length, drawn.rows.length])}`;
  if (isLine) {
    const lines = columns.map((column) => ({
      head: place(drawn.x, column),
      cells: [text(0, column)],
    }));
    return { caption, corner: "x", columns: [name], rows: lines };
  }
  return {
    caption,
    corner: "y, x",
    columns: columns.map((column) => place(drawn.x, column)),
    rows: rows.map((row) => ({
      head: place(drawn.y, row),
      cells: columns.map((column) => text(row, column)),
    })),
  };
}

/** "17 by 17 cells", "33 by 33 of 129 by 129 cells, spread evenly" */
function sizes(shown: readonly [number, number], all: readonly [number, number]): string {
  const text = ([columns, rows]: readonly [number, number]) =>
    rows > 1 ? `${formatCount(columns)} by ${formatCount(rows)}` : formatCount(columns);
  const isWhole = shown[0] === all[0] && shown[1] === all[1];
  return isWhole ? `${text(all)} cells` : `${text(shown)} of ${text(all)} cells, spread evenly`;
}

/** A number, or why it is none, or what it is worth. */
export function valueText(value: number, state: number | undefined): string {
  if (state === UNKNOWN || state === undefined) return "not computed";
  if (state === FAILED) return "failed";
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "infinite" : "minus infinite";
  const number = formatNumber(value, { significant: 4 });
  if (state === INTERPOLATED) return `≈ ${number}`;
  if (state === PREVIEW) return `${number}, preview`;
  return state === UNCONVERGED ? `${number}, not converged` : number;
}

/** Evenly spread indices, both ends among them. */
function thinned(length: number, most: number): number[] {
  const count = Math.min(length, most);
  const last = Math.max(1, count - 1);
  return Array.from({ length: count }, (_, index) => Math.round((index * (length - 1)) / last));
}
