// How do the members stand together? A grid with names of rows and columns, one title an axis, one colour bar.

import { signal as cell, computed, type ReadonlySignal } from "@preact/signals-core";
import { element, watch } from "../controls/element";
import { kindOf } from "../figure";
import { directionTitle } from "../figure/axes";
import type { Dress } from "../picture/easel";
import type { Plotly } from "../plotly";
import { same } from "../store/same";
import { arrange } from "./arrangement";
import { createColorBar } from "./color-bar";
import {
  type Bar,
  barOf,
  type LegendEntry,
  legendOf,
  plainText,
  withoutBar,
  withoutTitles,
} from "./dress";
import { createLegend } from "./legend";
import type { Linked, Links } from "./links";
import { createTile, type Tile } from "./tile";
import type { Matrix } from "./traits";

export interface Standing {
  readonly matrix: Matrix | null;
  readonly columns: ReadonlySignal<number | null>;
  readonly isShared: ReadonlySignal<boolean>;
}

export interface MatrixView {
  readonly node: HTMLElement;
  readonly tiles: readonly Tile[];
}

export function createMatrix(
  links: Links,
  load: () => Promise<Plotly>,
  { matrix, columns, isShared }: Standing,
  signal: AbortSignal,
): MatrixView {
  const beside = links.all.map(() => cell<Beside>({ bar: null, legend: [] }));
  const titles = computed(() => titlesOf(links.all));
  const areAlike = computed(() => titles.value !== null);
  const tiles = links.all.map((linked, index) => {
    const dress = computed<Dress>(() => {
      const [barless, titleless] = [isShared.value, areAlike.value];
      return (figure) => {
        const [slot, taken] = [beside[index], { bar: barOf(figure), legend: legendOf(figure) }];
        if (slot && !same(slot.peek(), taken)) slot.value = taken;
        const plain = barless ? withoutBar(figure) : figure;
        return titleless ? withoutTitles(plain) : plain;
      };
    });
    return createTile(linked, load, { dress, pictures: links.all.length }, signal);
  });
  const grid = element("div", { class: "lw-matrix" });
  const names = (kind: "row" | "column", all: readonly string[] = []) =>
    all.map((name) => element("h4", { class: `lw-${kind}-name` }, name));
  const [rows, named] = [names("row", matrix?.rows), names("column", matrix?.columns)];
  grid.append(...named, ...rows, ...tiles.map(({ node }) => node));
  const width = watchedWidth(grid, signal);
  watch(signal, () => {
    const entries = links.all.map(({ member }) => member);
    const { columns: count, places } = arrange(entries, matrix, columns.value, width.value);
    const [before, above] = [rows.length > 0 ? 1 : 0, named.length > 0 ? 1 : 0];
    const first = before ? "max-content " : "";
    grid.style.gridTemplateColumns = `${first}repeat(${count}, minmax(130px, 1fr))`;
    for (const [column, node] of named.entries()) put(node, 1, column + 1 + before);
    for (const [row, node] of rows.entries()) put(node, row + 1 + above, 1);
    tiles.forEach(({ node }, index) => {
      const at = places[index] ?? { row: 0, column: 0 };
      put(node, at.row + 1 + above, at.column + 1 + before);
    });
  });
  const title = (axis: "x" | "y") => {
    const node = element("div", { class: `lw-axis-${axis}` });
    watch(signal, () => {
      const text = titles.value?.[axis] ?? "";
      node.textContent = text;
      node.hidden = text === "";
    });
    return node;
  };
  const bar = createColorBar(
    () => (isShared.value ? (beside.map(({ value }) => value.bar).find(Boolean) ?? null) : null),
    signal,
  );
  const legend = createLegend(
    () => (areAlike.value ? (longest(beside.map(({ value }) => value.legend)) ?? []) : []),
    signal,
  );
  const node = element("div", { class: "lw-together" }, title("y"), grid, bar, title("x"), legend);
  return { node, tiles };
}

/** What stands once beside all pictures. */
interface Beside {
  readonly bar: Bar | null;
  readonly legend: readonly LegendEntry[];
}

function longest(legends: readonly (readonly LegendEntry[])[]): readonly LegendEntry[] | undefined {
  return [...legends].sort((a, b) => b.length - a.length)[0];
}

function put(node: HTMLElement, row: number, column: number): void {
  node.style.gridArea = `${row} / ${column}`;
}

interface Titles {
  readonly x: string;
  readonly y: string;
}

/** What the axes of all pictures are called; null where they differ. In space no picture has room for it. */
function titlesOf(all: readonly Linked[]): Titles | null {
  const found = all.flatMap(({ store }) => {
    const [surface, request] = [store.surface.value, store.request.value];
    if (!surface) return [];
    const title = (axis: 0 | 1) => plainText(directionTitle(surface, request, axis));
    const kind = kindOf(surface, request);
    if (kind === "line") return [{ x: title(0), y: "" }];
    if (kind === "surface") return [{ x: `${title(0)} · ${title(1)}`, y: "" }];
    return [{ x: title(0), y: title(1) }];
  });
  const first = found[0] ?? { x: "", y: "" };
  return found.every((one) => same(one, first)) ? first : null;
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
