// Where did training go, in bytes? Seven buffers, which a surface and a path message both end with.

import type { Path } from "../protocol";
import { numbers, ofLength } from "./bytes";
import { type Fields, fieldsOf, listIn, numberIn } from "./fields";

export const PATH_BUFFERS = 7;

/** Read a path from its fields and its buffers; `fields` is what came as the message's `path`, or the message. */
export function path(fields: Fields, buffers: readonly DataView[]): Path {
  const size = numberIn(fields, "size");
  const explained = listIn(fields, "explained").map(share);
  const byChance = ofLength(listIn(fields, "by_chance").map(share), explained.length, "shares");
  const [coordinates, distances, norms, steps, epochs, rates, values] = buffers as Seven<DataView>;
  const each = (bytes: DataView, what: string) =>
    ofLength(numbers(Float64Array, bytes, what), size, what);
  const told = numbers(Float32Array, values, "values of a path");
  const metrics = size > 0 ? Math.floor(told.length / size) : 0;
  return {
    size,
    coordinates: ofLength(
      numbers(Float64Array, coordinates, "coordinates of a path"),
      size * explained.length,
      "coordinates of a path",
    ),
    distances: each(distances, "distances of a path"),
    norms: each(norms, "norms of a path"),
    steps: each(steps, "steps of a path"),
    epochs: each(epochs, "epochs of a path"),
    learningRates: each(rates, "learning rates of a path"),
    values: rowsOf(ofLength(told, size * metrics, "values of a path"), metrics, size),
    explained,
    byChance,
  };
}

/** The path that a surface message carries, if it carries one. */
export function pathWithin(content: unknown, buffers: readonly DataView[]): Path | null {
  return content === null ? null : path(fieldsOf(content, "a path"), buffers);
}

function share(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function rowsOf(flat: Float32Array, rows: number, width: number): readonly Float32Array[] {
  return Array.from({ length: rows }, (_, row) => flat.slice(row * width, (row + 1) * width));
}

type Seven<T> = readonly [T, T, T, T, T, T, T];
