// How does the surface run through one point, along each axis?

import { cellAt, nearestIndex } from "../lattice";
import { read, standardError } from "../surface";
import { bounded } from "./extent";
import type { Scene } from "./scene";

/** Where the point that is read, or kept, stands on the drawn lattice. */
export interface Crossing {
  /** Its own, which need not be on the lattice. */
  readonly coordinates: readonly [number, number];
  readonly column: number;
  readonly row: number;
  /** Among cells and labelled points. */
  readonly cell: number;
}

/** Along one axis, the other coordinate being that of the point. */
export interface Cut {
  readonly axis: 0 | 1;
  readonly places: Float64Array;
  /** Drawn units, flat at the clip; NaN where there is no height. */
  readonly heights: Float64Array;
  /** 1 where a cell is measured. */
  readonly measured: Uint8Array;
  /** One standard error below and above; NaN where there is none. */
  readonly lows: Float64Array;
  readonly highs: Float64Array;
  readonly cells: Int32Array;
  /** Which of them the point is. */
  readonly here: number;
}

/** Null where the place isn't on the surface. */
export function crossingAt(scene: Scene, place: readonly number[] | null): Crossing | null {
  const [x = 0, y = 0] = place ?? [];
  const cell = place === null ? -1 : cellAt(scene.surface, x, y);
  if (cell < 0) return null;
  const [across = 0, up = 0] = read(scene.surface, scene.metric, cell).coordinates;
  return {
    coordinates: [across, up],
    column: nearestIndex(scene.x, across),
    row: nearestIndex(scene.y, up),
    cell,
  };
}

export function cutsOf(scene: Scene, { column, row }: Crossing): readonly [Cut, Cut] {
  const rows = [...scene.y.keys()];
  const columns = [...scene.x.keys()];
  return [
    cut(
      scene,
      0,
      columns.map((c) => [row, c]),
      column,
    ),
    cut(
      scene,
      1,
      rows.map((r) => [r, column]),
      row,
    ),
  ];
}

type Spot = readonly [row: number, column: number];

function cut(scene: Scene, axis: 0 | 1, along: readonly Spot[], here: number): Cut {
  const { surface, metric, request, scale, heightRange } = scene;
  const cells = Int32Array.from(along, ([r, c]) => scene.cells[r]?.[c] ?? -1);
  const [floor, top] = heightRange;
  /** Where a scale ends above it, an error reaches down to the floor. */
  const away = (sign: 1 | -1) =>
    Float64Array.from(cells, (cell) => {
      const error = standardError(surface, metric, cell);
      const value = (surface.values[metric]?.[cell] ?? Number.NaN) + sign * error;
      if (!(error > 0) || !Number.isFinite(value)) return Number.NaN;
      const height = scale.forward(bounded(value, request));
      return Number.isNaN(height) ? floor : Math.min(top, Math.max(floor, height));
    });
  return {
    axis,
    places: axis === 0 ? scene.x : scene.y,
    heights: Float64Array.from(along, ([r, c]) => scene.heights[r]?.[c] ?? Number.NaN),
    measured: Uint8Array.from(along, ([r, c]) => scene.measured[r]?.[c] ?? 0),
    lows: away(-1),
    highs: away(1),
    cells,
    here,
  };
}
