// What is known so far, in typed arrays, and what a picture or a person reads from it; `tell.ts` makes it grow.

import type { Facts, Metric } from "./protocol";

export interface Surface {
  readonly generation: number;
  readonly revision: number;
  /** The finest finished level, −1 before the first. */
  readonly level: number;
  readonly x: Float64Array;
  /** Empty for a line. */
  readonly y: Float64Array;
  /** The first level that holds this column, this row. */
  readonly xLevel: Uint8Array;
  readonly yLevel: Uint8Array;
  readonly metrics: readonly Metric[];
  readonly points: readonly string[];
  readonly pointCoordinates: Float64Array;
  /** One array a metric: cells row by row, then the labelled points. */
  readonly values: readonly Float32Array[];
  /** The population's sd/√n, NaN where it can't be known. */
  readonly errors: readonly Float32Array[];
  readonly states: Uint8Array;
  readonly facts: Facts;
  /** When the kernel sent it, ISO 8601. */
  readonly time: string;
}

/** The finest finished level on its own axes, ready to draw; rows are fresh views. */
export interface Drawable {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly rows: readonly Float32Array[];
}

/** One cell as a person reads it. */
export interface Reading {
  readonly coordinates: readonly number[];
  readonly value: number;
  /** Against the user's data; 0 on all of it, NaN where it can't be known. */
  readonly standardError: number;
  readonly populationError: number;
  /** Distance from the origin in weights: √(cᵀ G c). */
  readonly distance: number;
  readonly label: string | null;
}

/** The finest finished level as plotly takes it; null before the first. */
export function drawable(surface: Surface, metric: number): Drawable | null {
  const values = surface.values[metric];
  if (surface.level < 0 || !values) return null;
  const columns = drawn(surface.xLevel, surface.level);
  const rows = surface.y.length > 0 ? drawn(surface.yLevel, surface.level) : [0];
  const width = surface.x.length;
  return {
    x: Float64Array.from(columns, (column) => surface.x[column] as number),
    y: surface.y.length > 0 ? Float64Array.from(rows, (y) => surface.y[y] as number) : surface.y,
    rows: rows.map((y) =>
      Float32Array.from(columns, (column) => values[y * width + column] as number),
    ),
  };
}

/** One cell, or a labelled point, as a person reads it. */
export function read(surface: Surface, metric: number, cell: number): Reading {
  const coordinates = coordinatesOf(surface, cell);
  return {
    coordinates,
    value: at(surface.values, metric, cell),
    standardError: standardError(surface, metric, cell),
    populationError: at(surface.errors, metric, cell),
    distance: distance(coordinates, surface.facts.gram),
    label: surface.points[cell - cellCount(surface)] ?? null,
  };
}

/** The drawn cell nearest to a place, each axis for itself; −1 before the first level. */
export function nearestCell(surface: Surface, x: number, y: number): number {
  if (surface.level < 0) return -1;
  const column = nearest(surface.x, drawn(surface.xLevel, surface.level), x);
  const line = surface.y.length === 0;
  const rowIndex = line ? 0 : nearest(surface.y, drawn(surface.yLevel, surface.level), y);
  return rowIndex * surface.x.length + column;
}

/** −1 if there is no such metric. */
export function metricIndex(surface: Surface, name: string): number {
  return surface.metrics.findIndex((metric) => metric.name === name);
}

/** sd/√n · √(1 − n/N): the error against the user's data, 0 on all of it. */
export function standardError(surface: Surface, metric: number, cell: number): number {
  const { samples, size } = surface.metrics[metric] ?? { samples: Number.NaN, size: 1 };
  if (surface.states[cell] === UNKNOWN) return Number.NaN;
  const unseen = Math.max(0, 1 - samples / size);
  return unseen === 0 ? 0 : at(surface.errors, metric, cell) * Math.sqrt(unseen);
}

/** How many known cells are NaN or infinite. */
export function notFinite(surface: Surface, metric: number): number {
  return count(
    surface,
    (state, cell) => state !== UNKNOWN && !Number.isFinite(at(surface.values, metric, cell)),
  );
}

export function knownCells(surface: Surface): number {
  return count(surface, (state) => state !== UNKNOWN);
}

/** The state of a cell that was not measured; its value means nothing. */
export const UNKNOWN = 0;

/** Cells on the grid; labelled points come after them. */
export function cellCount(surface: Surface): number {
  return surface.x.length * Math.max(1, surface.y.length);
}

function coordinatesOf(surface: Surface, cell: number): readonly number[] {
  const { x, y, pointCoordinates } = surface;
  const point = cell - cellCount(surface);
  const dimensions = y.length > 0 ? 2 : 1;
  if (point >= 0)
    return [...pointCoordinates.subarray(point * dimensions, (point + 1) * dimensions)];
  const column = x[cell % x.length] as number;
  return dimensions === 1 ? [column] : [column, y[Math.floor(cell / x.length)] as number];
}

function distance(coordinates: readonly number[], gram: Facts["gram"]): number {
  const sum = (terms: readonly number[]) => terms.reduce((total, term) => total + term, 0);
  const along = (a: number, i: number) =>
    sum(coordinates.map((b, j) => a * b * (gram[i]?.[j] ?? Number.NaN)));
  return Math.sqrt(sum(coordinates.map(along)));
}

function drawn(levels: Uint8Array, level: number): readonly number[] {
  return [...levels.keys()].filter((index) => (levels[index] as number) <= level);
}

function nearest(axis: Float64Array, indices: readonly number[], place: number): number {
  const away = (index: number) => Math.abs((axis[index] as number) - place);
  return indices.reduce((best, index) => (away(index) < away(best) ? index : best));
}

function count(surface: Surface, claim: (state: number, cell: number) => boolean): number {
  const cells = surface.states.subarray(0, cellCount(surface));
  return cells.reduce((total, state, cell) => total + Number(claim(state, cell)), 0);
}

function at(arrays: readonly Float32Array[], metric: number, cell: number): number {
  return arrays[metric]?.[cell] ?? Number.NaN;
}
