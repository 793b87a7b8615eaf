// What stands once beside all pictures? A title an axis, a colour bar, a legend.

import { signal as cell, computed, type ReadonlySignal } from "@preact/signals-core";
import { element, watch } from "../controls/element";
import { kindOf } from "../figure";
import { shapeOf } from "../figure/plane";
import type { Dress } from "../picture/easel";
import type { Renderers } from "../picture/renderer";
import { same } from "../store/same";
import { createColorBar } from "./color-bar";
import {
  type Bar,
  barOf,
  type LegendEntry,
  legendOf,
  withFewTicks,
  withoutBar,
  withoutLegend,
  withoutTitles,
} from "./dress";
import { createGrid } from "./grid";
import { createLegend } from "./legend";
import type { Linked, Links } from "./links";
import { createTile, type Tile } from "./tile";
import { titlesOf } from "./titles";
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
  load: () => Promise<Renderers>,
  { matrix, columns, isShared }: Standing,
  signal: AbortSignal,
): MatrixView {
  const beside = links.all.map(() => cell<Beside>({ bar: null, legend: [] }));
  const titles = computed(() => titlesOf(links.all));
  const areAlike = computed(() => titles.value !== null);
  const areTitled = computed(() => titles.value === null);
  const legend = computed(() => common(beside.map(({ value }) => value.legend)));
  const grid = createGrid(links.all, matrix, columns, signal);
  const tiles = links.all.map((linked, index) => {
    const low = computed(() => isLow(linked.store));
    const dress = computed<Dress>(() => {
      const [barless, titleless] = [isShared.value, areAlike.value];
      const small = grid.isSmall.value || low.value;
      const legendless = legend.value !== null;
      return (figure) => {
        const [slot, taken] = [beside[index], { bar: barOf(figure), legend: legendOf(figure) }];
        if (slot && !same(slot.peek(), taken)) slot.value = taken;
        const plain = barless ? withoutBar(figure) : figure;
        const bare = titleless ? withoutTitles(plain) : plain;
        const alike = legendless ? withoutLegend(bare) : bare;
        return small ? withFewTicks(alike) : alike;
      };
    });
    const around = { dress, pictures: links.all.length, areTitled };
    return createTile(linked, load, around, signal);
  });
  grid.fill(tiles.map(({ node }) => node));
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
  const node = element(
    "div",
    { class: "lw-together" },
    title("y"),
    grid.node,
    bar,
    title("x"),
    createLegend(() => legend.value ?? [], signal),
  );
  return { node, tiles };
}

/** Too low for as many ticks as a square has. */
function isLow({ surface, request }: Linked["store"]): boolean {
  return (
    kindOf(surface.value, request.value) !== "line" && shapeOf(surface.value, request.value) > 2.5
  );
}

/** What stands once beside all pictures. */
interface Beside {
  readonly bar: Bar | null;
  readonly legend: readonly LegendEntry[];
}

/** The longest, where all others are parts of it; else null. */
export function common(legends: readonly Legend[]): Legend | null {
  const [longest = []] = [...legends].sort((a, b) => b.length - a.length);
  const holds = (entry: LegendEntry) => longest.some((one) => same(one, entry));
  return legends.every((legend) => legend.every(holds)) ? longest : null;
}

type Legend = readonly LegendEntry[];
