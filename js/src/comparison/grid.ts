// How do the members stand in rows and columns, with the names that a person gave these?

import { signal as cell, type ReadonlySignal } from "@preact/signals-core";
import { element, watch } from "../controls/element";
import { arrange } from "./arrangement";
import type { Linked } from "./links";
import type { Matrix } from "./traits";

/** Pixels; narrower pictures say nothing, so a row of them is scrolled. */
const NARROWEST = 130;

export function createGrid(
  all: readonly Linked[],
  nodes: readonly HTMLElement[],
  matrix: Matrix | null,
  wanted: ReadonlySignal<number | null>,
  signal: AbortSignal,
): HTMLElement {
  const names = (kind: "row" | "column", words: readonly string[] = []) =>
    words.map((word) => element("h4", { class: `lw-${kind}-name` }, word));
  const [rows, columns] = [names("row", matrix?.rows), names("column", matrix?.columns)];
  const [before, above] = [Math.min(rows.length, 1), Math.min(columns.length, 1)];
  const grid = element("div", { class: "lw-matrix" }, ...columns, ...rows, ...nodes);
  const width = watchedWidth(grid, signal);
  const members = all.map(({ member }) => member);
  for (const [column, node] of columns.entries()) put(node, 0, column + before);
  for (const [row, node] of rows.entries()) put(node, row + above, 0);
  watch(signal, () => {
    const { columns: count, places } = arrange(members, matrix, wanted.value, width.value);
    const pictures = `repeat(${count}, minmax(${NARROWEST}px, 1fr))`;
    grid.style.gridTemplateColumns = before ? `max-content ${pictures}` : pictures;
    places.forEach(({ row, column }, index) => {
      const node = nodes[index];
      if (node) put(node, row + above, column + before);
    });
  });
  return grid;
}

function put(node: HTMLElement, row: number, column: number): void {
  node.style.gridArea = `${row + 1} / ${column + 1}`;
}

function watchedWidth(node: HTMLElement, signal: AbortSignal): ReadonlySignal<number> {
  const width = cell(0);
  const resizes = new ResizeObserver(() => {
    width.value = node.clientWidth || width.peek();
  });
  resizes.observe(node);
  signal.addEventListener("abort", () => resizes.disconnect(), { once: true });
  return width;
}
