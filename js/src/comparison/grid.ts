// How do the members stand in rows and columns, with the names that a person gave these?

import { signal as cell, computed, type ReadonlySignal } from "@preact/signals-core";
import { element, watch } from "../controls/element";
import { arrange } from "./arrangement";
import type { Linked } from "./links";
import type { Matrix, MemberEntry } from "./traits";

/** Pixels; narrower pictures say nothing, so a row of them is scrolled. */
const NARROWEST = 130;
/** Pixels below which a picture has room for a few ticks only. */
const SMALL = 200;
/** Pixels of a title's letter, roughly. */
const LETTER = 8;

export interface Grid {
  readonly node: HTMLElement;
  readonly isSmall: ReadonlySignal<boolean>;
  /** Put the pictures in, one a member. */
  fill(nodes: readonly HTMLElement[]): void;
}

export function createGrid(
  all: readonly Linked[],
  matrix: Matrix | null,
  wanted: ReadonlySignal<number | null>,
  signal: AbortSignal,
): Grid {
  const names = (kind: "row" | "column", words: readonly string[] = []) =>
    words.map((word) => element("h4", { class: `lw-${kind}-name` }, word));
  const [rows, columns] = [names("row", matrix?.rows), names("column", matrix?.columns)];
  const [before, above] = [Math.min(rows.length, 1), Math.min(columns.length, 1)];
  const node = element("div", { class: "lw-matrix" }, ...columns, ...rows);
  const width = watchedWidth(node, signal);
  const members = all.map(({ member }) => member);
  const arrangement = computed(() => arrange(members, matrix, wanted.value, width.value));
  for (const [column, name] of columns.entries()) put(name, 0, column + before);
  for (const [row, name] of rows.entries()) put(name, row + above, 0);
  watch(signal, () => {
    const pictures = `repeat(${arrangement.value.columns}, minmax(${NARROWEST}px, 1fr))`;
    node.style.gridTemplateColumns = before ? `max-content ${pictures}` : pictures;
  });
  watch(signal, () => {
    const room = width.value / arrangement.value.columns / LETTER;
    const isLong = ({ title, about }: MemberEntry) =>
      (matrix ? about : title + about).length > room;
    node.classList.toggle("lw-long-titles", width.value > 0 && members.some(isLong));
  });
  return {
    node,
    isSmall: computed(() => width.value > 0 && width.value / arrangement.value.columns < SMALL),
    fill(nodes) {
      node.append(...nodes);
      watch(signal, () => {
        arrangement.value.places.forEach(({ row, column }, index) => {
          const one = nodes[index];
          if (one) put(one, row + above, column + before);
        });
      });
    },
  };
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
