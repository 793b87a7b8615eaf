// What can be read from the path of a training run: where it drops, what lies outside, what one checkpoint is?

import { ground } from "./lattice";
import type { Path, Range, Request } from "./protocol";
import type { Surface } from "./surface";

/** A learning rate has dropped where it is at most this share of the checkpoint's before. */
const DROP = 0.5;

/** A distance smaller than this share of the weights themselves is none. */
const ROUNDING = 1e-7;

/** One checkpoint as a person reads it. */
export interface Checkpoint {
  readonly index: number;
  readonly coordinates: readonly number[];
  readonly step: number;
  /** NaN where nobody said. */
  readonly epoch: number;
  readonly learningRate: number;
  /** Measured where it is and not in the plane; NaN before it is known. */
  readonly value: number;
  /** Of the plane just there; NaN where none is drawn. */
  readonly under: number;
  /** From the plane, in weights; 0 for what is only rounding. */
  readonly distance: number;
}

export function checkpoint(surface: Surface, metric: number, index: number): Checkpoint | null {
  const { path } = surface;
  if (!path || index < 0 || index >= path.size) return null;
  const coordinates = coordinatesOf(path, index);
  return {
    index,
    coordinates,
    step: path.steps[index] as number,
    epoch: path.epochs[index] as number,
    learningRate: path.learningRates[index] as number,
    value: path.values[metric]?.[index] ?? Number.NaN,
    under: under(surface, metric, coordinates),
    distance: distanceOf(path, index),
  };
}

function distanceOf({ distances, norms }: Path, index: number): number {
  const [distance, norm] = [distances[index] as number, norms[index] as number];
  return distance > ROUNDING * norm ? distance : 0;
}

/** How many checkpoints are drawn at a moment; null: all there are. */
export function shownCount(path: Path, moment: number | null): number {
  return moment === null ? path.size : Math.min(moment, path.size);
}

export function coordinatesOf(path: Path, index: number): readonly number[] {
  const dimensions = path.explained.length;
  return [...path.coordinates.subarray(index * dimensions, (index + 1) * dimensions)];
}

/** The checkpoints whose learning rate is at most half of that of the one before. */
export function dropsOf({ learningRates }: Path): readonly number[] {
  return [...learningRates.keys()].filter((index) => {
    const [before, now] = [learningRates[index - 1] ?? 0, learningRates[index] as number];
    return now < before && now <= DROP * before;
  });
}

/** How many checkpoints don't lie in the window. */
export function outside(path: Path, { x, y }: Pick<Request, "x" | "y">): number {
  const windows = [x, y];
  const isOut = (value: number, axis: number) => !within(value, windows[axis] ?? x);
  return [...path.steps.keys()].filter((index) => coordinatesOf(path, index).some(isOut)).length;
}

/** The drawn ground at a place, straight between its cells; NaN outside of it and beside holes. */
export function under(surface: Surface, metric: number, place: readonly number[]): number {
  const drawn = ground(surface, metric);
  return drawn === null ? Number.NaN : between(drawn, drawn.rows, place);
}

/** Straight between the values of rows on their axes; a line has no second one. */
export function between(
  { x, y }: { readonly x: Float64Array; readonly y: Float64Array },
  rows: readonly ArrayLike<number>[],
  [across = 0, up = 0]: readonly number[],
): number {
  const [left, share] = placeOn(x, across);
  const [low, rise] = y.length === 0 ? [0, 0] : placeOn(y, up);
  const along = (row: number) => mixed(rows[row]?.[left], rows[row]?.[left + 1], share);
  return rise === 0 ? along(low) : mixed(along(low), along(low + 1), rise);
}

/** The cell before a place, and how far it is to the next; NaN outside. */
function placeOn(axis: Float64Array, place: number): readonly [number, number] {
  const last = axis.length - 1;
  if (!within(place, [axis[0] ?? Number.NaN, axis[last] ?? Number.NaN])) return [0, Number.NaN];
  const next = axis.findIndex((value) => value > place);
  const from = next === -1 ? last : next - 1;
  const [low = 0, high = low] = [axis[from], axis[from + 1]];
  return [from, high > low ? (place - low) / (high - low) : 0];
}

function mixed(low: number | undefined, high: number | undefined, share: number): number {
  const start = low ?? Number.NaN;
  return share === 0 ? start : start + ((high ?? Number.NaN) - start) * share;
}

function within(value: number, [low, high]: Range): boolean {
  return value >= low && value <= high;
}
