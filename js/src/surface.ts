// What is known so far, in typed arrays, and what a picture or a person reads from it; `tell.ts` makes it grow.

import {
  FAILED,
  INTERPOLATED,
  isFinal,
  isMeasured,
  PREVIEW,
  UNCONVERGED,
  UNKNOWN,
} from "./cell-state";
import type { Facts, Metric, Path } from "./protocol";

export interface Surface {
  /** The map of the picture that it is, by its key; null for the picture itself. */
  readonly map: string | null;
  readonly generation: number;
  readonly revision: number;
  /** The message with which the kernel took back what it had said before and began anew; 0 if it never did. */
  readonly renewed: number;
  /** The finest level of which every cell is measured, previews too; −1 before the first. */
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
  /** Training samples of the preview cells; 0 before there were any. */
  readonly preview: number;
  readonly facts: Facts;
  readonly path: Path | null;
  /** The message that told the path. */
  readonly pathSequence: number;
  /** How many checkpoints there were when the surface came: its axes know of no others. */
  readonly pathBegan: number;
  /** When the kernel sent it, ISO 8601. */
  readonly time: string;
}

/** One cell as a person reads it. */
export interface Reading {
  readonly coordinates: readonly number[];
  readonly value: number;
  readonly known: "exact" | "preview" | "interpolated" | "unknown" | "unconverged" | "failed";
  /** How many it is measured on; 0 where it isn't. */
  readonly samples: number;
  /** Against the user's data; 0 on all of it, NaN where it can't be known. */
  readonly standardError: number;
  readonly populationError: number;
  /** Distance from the origin in weights: √(cᵀ G c). */
  readonly distance: number;
  readonly label: string | null;
  /** Of the eigenvalues in a cell of a map: ‖Hv − λv‖ as a share of the larger one's size; null elsewhere. */
  readonly residual: number | null;
}

/** One cell, or a labelled point, as a person reads it. */
export function read(surface: Surface, metric: number, cell: number): Reading {
  const coordinates = coordinatesOf(surface, cell);
  return {
    coordinates,
    value: at(surface.values, metric, cell),
    known: KNOWN[surface.states[cell] ?? UNKNOWN] ?? "unknown",
    samples: samplesOf(surface, metric, cell),
    standardError: standardError(surface, metric, cell),
    populationError: at(surface.errors, metric, cell),
    distance: lengthOf(coordinates, surface.facts.gram),
    label: surface.points[cell - cellCount(surface)] ?? null,
    residual: residualOf(surface, cell),
  };
}

/** −1 if there is no such metric. */
export function metricIndex(surface: Surface, name: string): number {
  return surface.metrics.findIndex((metric) => metric.name === name);
}

/** The columns of a metric: its own, then those of its further draws. */
export function drawsOf(surface: Surface, metric: number): readonly number[] {
  const { name } = surface.metrics[metric] ?? { name: "" };
  const isDraw = (index: number) => {
    const { name: other, repeat } = surface.metrics[index] as Metric;
    return index === metric || (repeat > 0 && other === `${name} #${repeat}`);
  };
  return [...surface.metrics.keys()].filter(isDraw);
}

/** sd/√n · √(1 − n/N): the error against the user's data, 0 on all of it; NaN where nothing is measured. */
export function standardError(surface: Surface, metric: number, cell: number): number {
  if (!isMeasured(surface.states[cell]) || surface.states[cell] === FAILED) return Number.NaN;
  const size = surface.metrics[metric]?.size ?? 1;
  const unseen = Math.max(0, 1 - samplesOf(surface, metric, cell) / size);
  return unseen === 0 ? 0 : at(surface.errors, metric, cell) * Math.sqrt(unseen);
}

/** How many measured cells are NaN or infinite; those that failed are none of them. */
export function notFinite(surface: Surface, metric: number): number {
  const isBroken = (cell: number) => !Number.isFinite(at(surface.values, metric, cell));
  return count(surface, (state, cell) => isMeasured(state) && state !== FAILED && isBroken(cell));
}

/** How many cells have no value, as their loss raised an error. */
export function failedCells(surface: Surface): number {
  return count(surface, (state) => state === FAILED);
}

/** Measured ones, previews too: what is interpolated isn't known. */
export function knownCells(surface: Surface): number {
  return count(surface, isMeasured);
}

/** Those that are as good as they will be. */
export function finalCells(surface: Surface): number {
  return count(surface, isFinal);
}

/** How many cells hold the best values found, which aren't as good as was asked for. */
export function unconvergedCells(surface: Surface): number {
  return count(surface, (state) => state === UNCONVERGED);
}

/** True while a cell or labelled point is measured on fewer samples than asked for. */
export function hasPreview(surface: Surface): boolean {
  return surface.states.includes(PREVIEW);
}

export function isInterpolated(surface: Surface): boolean {
  return surface.states.includes(INTERPOLATED);
}

/** Cells on the grid; labelled points come after them. */
export function cellCount(surface: Surface): number {
  return surface.x.length * Math.max(1, surface.y.length);
}

/** How long a step along the second axis is, in steps along the first: in weights where those are to scale. */
export function lengthRatio(surface: Surface | null): number {
  const { gram, is_to_scale } = surface?.facts ?? { gram: [], is_to_scale: false };
  const ratio = Math.sqrt((gram[1]?.[1] ?? 1) / (gram[0]?.[0] ?? 1));
  return is_to_scale && ratio > 0 && ratio < Infinity ? ratio : 1;
}

/** How far a place is from the origin, in weights: √(cᵀ G c). */
export function lengthOf(coordinates: readonly number[], gram: Facts["gram"]): number {
  const sum = (terms: readonly number[]) => terms.reduce((total, term) => total + term, 0);
  const along = (a: number, i: number) =>
    sum(coordinates.map((b, j) => a * b * (gram[i]?.[j] ?? Number.NaN)));
  return Math.sqrt(sum(coordinates.map(along)));
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

/** By the name that every map gives this column. */
function residualOf(surface: Surface, cell: number): number | null {
  const column = surface.map === null ? -1 : metricIndex(surface, `${surface.map}_residual`);
  return column < 0 ? null : at(surface.values, column, cell);
}

function samplesOf(surface: Surface, metric: number, cell: number): number {
  const { samples, size } = surface.metrics[metric] ?? { samples: Number.NaN, size: 1 };
  const state = surface.states[cell];
  if (isFinal(state)) return state === FAILED ? 0 : samples;
  return state === PREVIEW ? Math.min(surface.preview, size) : 0;
}

function count(surface: Surface, claim: (state: number, cell: number) => boolean): number {
  const cells = surface.states.subarray(0, cellCount(surface));
  return cells.reduce((total, state, cell) => total + Number(claim(state, cell)), 0);
}

function at(arrays: readonly Float32Array[], metric: number, cell: number): number {
  return arrays[metric]?.[cell] ?? Number.NaN;
}

/** By state. */
const KNOWN = ["unknown", "exact", "preview", "interpolated", "unconverged", "failed"] as const;
