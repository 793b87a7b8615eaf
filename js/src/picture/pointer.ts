// Which cell or checkpoint does a person read: the one pointed at, else the one that is kept?

import { effect, signal } from "@preact/signals-core";
import { isVisit } from "../figure/path";
import { chosenMetric } from "../figure/scene";
import { cellAt, ground, nearestCell } from "../lattice";
import { shownCount } from "../path";
import type { Drawn, PointEvent } from "../plotly";
import type { Range } from "../protocol";
import type { Pointed, Store } from "../store";
import { same } from "../store/same";
import { read, type Surface } from "../surface";

export interface Pointer {
  listen(element: Drawn): void;
  /** True where it is this very picture that a hand points at. */
  isOwn(): boolean;
  /** Keep reading the cell under the pointer after it has left; once more, and it is let go. */
  pin(): void;
  /** Keep the neighbour so many drawn cells away; where it stands, or null without a surface. */
  move(columns: number, rows: number): readonly number[] | null;
}

/** Milliseconds after which a walk by keys is over, as one step of undo. */
const SETTLED = 250;

/** A checkpoint that was kept, for as long as its place is. */
interface Visit {
  readonly marked: Range;
  readonly at: Pointed;
}

export function createPointer(store: Store, stop: AbortSignal): Pointer {
  const { hovered } = store;
  let own: Pointed | null = null;
  const visit = signal<Visit | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const dispose = effect(() => {
    const surface = store.surface.value;
    const request = store.request.value;
    const at = surface && (pointedOn(surface, hovered.value) ?? keptOn(surface, request.marked));
    store.visited.value = at?.checkpoint ?? null;
    store.reading.value = surface && at && read(surface, chosenMetric(surface, request), at.cell);
  });
  stop.addEventListener("abort", () => {
    dispose();
    clearTimeout(timer);
  });

  function keptOn(surface: Surface, marked: Range | null): Pointed | null {
    if (marked === null) return null;
    const kept = visit.value;
    if (kept && same(kept.marked, marked) && pointedOn(surface, kept.at)) return kept.at;
    const cell = cellAt(surface, ...marked);
    const { map, generation } = surface;
    return cell < 0 ? null : { map, generation, cell, checkpoint: null };
  }

  function hover({ points }: PointEvent): void {
    const surface = store.surface.peek();
    const point = points?.[0];
    if (!surface || !point) return;
    const { customdata, x, y } = point;
    const cell = typeof customdata === "number" ? customdata : nearestCell(surface, x, y);
    const checkpoint = isVisit(customdata) ? inSight(surface, customdata.checkpoint) : null;
    const { map, generation } = surface;
    own = { map, generation, cell, checkpoint };
    hovered.value = own;
  }

  /** What comes after the moment is hidden, though plotly has drawn it. */
  function inSight({ path }: Surface, checkpoint: number): number | null {
    const shown = path ? shownCount(path, store.request.peek().moment) : 0;
    return checkpoint < shown ? checkpoint : null;
  }

  function leave(): void {
    if (own !== null && hovered.peek() === own) hovered.value = null;
    own = null;
  }

  return {
    listen(element) {
      element.on("plotly_hover", hover);
      element.on("plotly_click", hover);
      element.on("plotly_unhover", leave);
    },
    isOwn: () => own !== null && hovered.peek() === own,
    pin() {
      const surface = store.surface.peek();
      const before = store.request.peek().marked;
      const at = surface && own && placeOf(surface, own);
      const isVisit = own !== null && own.checkpoint !== null;
      const marked = same(at, before) && !isVisit ? null : at;
      visit.value = marked && own && isVisit ? { marked, at: own } : null;
      if (!same(marked, before)) store.change({ marked });
    },
    move(columns, rows) {
      const surface = store.surface.peek();
      const drawn = surface && ground(surface, 0);
      if (!drawn) return null;
      const [fromX = 0, fromY = 0] = store.reading.peek()?.coordinates ?? [];
      const [x, y] = [step(drawn.x, fromX, columns), step(drawn.y, fromY, rows)];
      hovered.value = null;
      store.preview({ marked: [x, y] });
      clearTimeout(timer);
      timer = setTimeout(() => store.change({ marked: [x, y] }), SETTLED);
      return drawn.y.length === 0 ? [x] : [x, y];
    },
  };
}

/** Null where it points at another surface. */
function pointedOn(surface: Surface, at: Pointed | null): Pointed | null {
  return at?.generation === surface.generation && at.map === surface.map ? at : null;
}

function placeOf(surface: Surface, { cell }: Pointed): Range {
  const [x = 0, y = 0] = read(surface, 0, cell).coordinates;
  return [x, y];
}

/** The coordinate `by` places further along an axis, or its end. */
function step(axis: Float64Array, from: number, by: number): number {
  const away = Array.from(axis, (value) => Math.abs(value - from));
  const index = away.indexOf(Math.min(...away)) + by;
  return axis[Math.min(axis.length - 1, Math.max(0, index))] ?? 0;
}
