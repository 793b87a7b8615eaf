// Which cell or checkpoint does a person read: the one under the pointer, else the one clicked last?

import { effect, signal } from "@preact/signals-core";
import { isVisit } from "../figure/path";
import { chosenMetric } from "../figure/scene";
import { ground, nearestCell } from "../lattice";
import { shownCount } from "../path";
import type { Drawn, PointEvent } from "../plotly";
import type { Store } from "../store";
import { read, type Surface } from "../surface";

/** A cell number means something on one surface only. */
interface Chosen {
  readonly map: string | null;
  readonly generation: number;
  readonly cell: number;
  readonly checkpoint: number | null;
}

export interface Pointer {
  listen(element: Drawn): void;
  /** Keep reading the cell under the pointer after it has left. */
  pin(): void;
  /** Pin the neighbour so many drawn cells away; where it stands, or null without a surface. */
  move(columns: number, rows: number): readonly number[] | null;
}

export function createPointer(store: Store, stop: AbortSignal): Pointer {
  const hovered = signal<Chosen | null>(null);
  const pinned = signal<Chosen | null>(null);

  function chosen(surface: Surface | null): Chosen | null {
    const all = [hovered.value, pinned.value];
    const isOn = (at: Chosen | null) =>
      at?.generation === surface?.generation && at?.map === surface?.map;
    return all.find(isOn) ?? null;
  }

  const dispose = effect(() => {
    const surface = store.surface.value;
    const at = chosen(surface);
    store.visited.value = at?.checkpoint ?? null;
    store.reading.value =
      surface && at && read(surface, chosenMetric(surface, store.request.value), at.cell);
  });
  stop.addEventListener("abort", dispose);

  function hover({ points: [point] }: PointEvent): void {
    const surface = store.surface.peek();
    if (!surface || !point) return;
    const { customdata, x, y } = point;
    const cell = typeof customdata === "number" ? customdata : nearestCell(surface, x, y);
    const checkpoint = isVisit(customdata) ? inSight(surface, customdata.checkpoint) : null;
    const { map, generation } = surface;
    hovered.value = { map, generation, cell, checkpoint };
  }

  /** What comes after the moment is hidden, though plotly has drawn it. */
  function inSight({ path }: Surface, checkpoint: number): number | null {
    const shown = path ? shownCount(path, store.request.peek().moment) : 0;
    return checkpoint < shown ? checkpoint : null;
  }

  return {
    listen(element) {
      element.on("plotly_hover", hover);
      element.on("plotly_click", hover);
      element.on("plotly_unhover", () => {
        hovered.value = null;
      });
    },
    pin() {
      pinned.value = hovered.peek();
    },
    move(columns, rows) {
      const surface = store.surface.peek();
      const drawn = surface && ground(surface, 0);
      if (!drawn) return null;
      const [fromX = 0, fromY = 0] = store.reading.peek()?.coordinates ?? [];
      const [x, y] = [step(drawn.x, fromX, columns), step(drawn.y, fromY, rows)];
      pinned.value = {
        map: surface.map,
        generation: surface.generation,
        cell: nearestCell(surface, x, y),
        checkpoint: null,
      };
      hovered.value = null;
      return drawn.y.length === 0 ? [x] : [x, y];
    },
  };
}

/** The coordinate `by` places further along an axis, or its end. */
function step(axis: Float64Array, from: number, by: number): number {
  const away = Array.from(axis, (value) => Math.abs(value - from));
  const index = away.indexOf(Math.min(...away)) + by;
  return axis[Math.min(axis.length - 1, Math.max(0, index))] ?? 0;
}
