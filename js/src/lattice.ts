// Which cells are drawn, on which axes: those of the finest measured level, and the ground between them?

import { isMeasured, UNKNOWN } from "./cell-state";
import { filled } from "./numbers/filled";
import { cellCount, type Surface } from "./surface";

type Levels = Pick<Surface, "states" | "xLevel" | "yLevel">;

/** Some levels' cells on their own axes, ready to draw; rows are fresh. */
export interface Drawable {
  readonly x: Float64Array;
  /** Empty for a line. */
  readonly y: Float64Array;
  readonly rows: readonly Float32Array[];
  /** The number of each cell among those of the surface. */
  readonly cells: readonly Int32Array[];
}

/** How many levels are drawn beyond the measured one, so that a first picture is no polygon of five by five. */
const FINER = 2;

/** The finest level of which every cell is measured; null before the first. */
export function drawable(surface: Surface, metric: number): Drawable | null {
  return lattice(surface, metric, surface.level);
}

/** The same and up to two levels more, as far as every cell of them is measured or interpolated. */
export function ground(surface: Surface, metric: number): Drawable | null {
  return lattice(surface, metric, groundLevel(surface));
}

/** The drawn cell nearest to a place, each axis for itself; −1 before the first level. */
export function nearestCell(surface: Surface, x: number, y: number): number {
  if (surface.level < 0) return -1;
  const level = groundLevel(surface);
  const column = nearest(surface.x, upTo(surface.xLevel, level), x);
  const line = surface.y.length === 0;
  const row = line ? 0 : nearest(surface.y, upTo(surface.yLevel, level), y);
  return row * surface.x.length + column;
}

/** The labelled point that stands at a place, else the drawn cell nearest to it; −1 outside, and before the first level. */
export function cellAt(surface: Surface, x: number, y: number): number {
  const dimensions = surface.y.length === 0 ? 1 : 2;
  const place = [x, y].slice(0, dimensions);
  const point = surface.points.findIndex((_, index) =>
    place.every((at, axis) => surface.pointCoordinates[index * dimensions + axis] === at),
  );
  if (point >= 0 && surface.level >= 0) return cellCount(surface) + point;
  return place.every((at, axis) => isOn(axis === 0 ? surface.x : surface.y, at))
    ? nearestCell(surface, x, y)
    : -1;
}

/** Within the outermost cells, which reach half a step beyond their middles. */
function isOn(axis: Float64Array, place: number): boolean {
  const [first = 0, last = 0] = [axis[0], axis.at(-1)];
  const half = (last - first) / Math.max(1, axis.length - 1) / 2;
  return place >= first - half && place <= last + half;
}

/** −1 before the first. */
export function measuredLevel(levels: Levels): number {
  return finestLevel(levels, isMeasured);
}

function groundLevel(surface: Surface): number {
  if (surface.level < 0) return surface.level;
  return Math.min(
    surface.level + FINER,
    finestLevel(surface, (state) => state !== UNKNOWN),
  );
}

/** The finest level whose cells are all in a state that `claim` accepts. */
function finestLevel(
  { states, xLevel, yLevel }: Levels,
  claim: (state: number | undefined) => boolean,
): number {
  const rows = yLevel.length > 0 ? yLevel : Uint8Array.of(0);
  let finest = Math.max(highest(xLevel), highest(rows));
  rows.forEach((rowLevel, y) => {
    xLevel.forEach((columnLevel, x) => {
      if (claim(states[y * xLevel.length + x])) return;
      finest = Math.min(finest, Math.max(rowLevel, columnLevel) - 1);
    });
  });
  return finest;
}

function lattice(surface: Surface, metric: number, level: number): Drawable | null {
  const values = surface.values[metric];
  if (level < 0 || !values) return null;
  const columns = upTo(surface.xLevel, level);
  const rows = surface.y.length > 0 ? upTo(surface.yLevel, level) : [0];
  const width = surface.x.length;
  const cells = rows.map((y) =>
    filled(new Int32Array(columns.length), (index) => y * width + (columns[index] as number)),
  );
  return {
    x: Float64Array.from(columns, (column) => surface.x[column] as number),
    y: surface.y.length > 0 ? Float64Array.from(rows, (y) => surface.y[y] as number) : surface.y,
    rows: cells.map((row) =>
      filled(new Float32Array(row.length), (index) => values[row[index] as number] as number),
    ),
    cells,
  };
}

function upTo(levels: Uint8Array, level: number): readonly number[] {
  return [...levels.keys()].filter((index) => (levels[index] as number) <= level);
}

/** The index of the value nearest to a place. */
export function nearestIndex(axis: Float64Array, place: number): number {
  return nearest(axis, [...axis.keys()], place);
}

function nearest(axis: Float64Array, indices: readonly number[], place: number): number {
  const away = (index: number) => Math.abs((axis[index] as number) - place);
  return indices.reduce((best, index) => (away(index) < away(best) ? index : best));
}

function highest(levels: Uint8Array): number {
  return levels.reduce((a, b) => Math.max(a, b), 0);
}
