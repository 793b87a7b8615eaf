// What does a message from the kernel say? Checked here, so that nothing behind this file need doubt it.

import type {
  Facts,
  Mark,
  Message,
  Metric,
  PatchMessage,
  PathMessage,
  Phase,
  SurfaceMessage,
} from "../protocol";
import { numbers, ofLength, ProtocolError, remedy } from "./bytes";
import { PATH_BUFFERS, path, pathWithin } from "./decode-path";
import {
  type Fields,
  fieldsOf,
  inWords,
  listIn,
  numberIn,
  numbersIn,
  textIn,
  textsIn,
} from "./fields";

const VERSION = 4;
const ALIGNMENT = 8;

/** Read a custom message; a sentence as `ProtocolError` if it can't be what the kernel meant. */
export function decode(content: unknown, buffers: readonly DataView[]): Message {
  const fields = fieldsOf(content, "a message");
  switch (fields.kind) {
    case "surface":
      return surface(versioned(fields), buffers);
    case "patch":
      return patch(versioned(fields), buffers);
    case "path":
      return pathMessage(versioned(fields), buffers);
    case "refusal":
      return { kind: "refusal", name: textIn(fields, "name"), reason: textIn(fields, "reason") };
    case "pong":
      return { kind: "pong", ping: numberIn(fields, "ping"), told: mark(fields.told) };
    case "page":
      return { kind: "page", content: only(buffers) };
    default:
      throw new ProtocolError(
        `Expected a surface, patch, path, refusal, page or pong; got ${inWords(fields.kind)}. ${remedy}`,
      );
  }
}

function mark(told: unknown): Mark | null {
  if (told === undefined) return null;
  const fields = fieldsOf(told, "what a pong tells");
  const [generation, sequence] = [numberIn(fields, "generation"), numberIn(fields, "sequence")];
  return { generation, sequence, phase: textIn(fields, "phase") as Phase };
}

function only(buffers: readonly DataView[]): DataView {
  const [content] = buffers;
  if (content && buffers.length === 1) return content;
  throw new ProtocolError(`Expected a page in one buffer; got ${buffers.length}. ${remedy}`);
}

/** Read a message that came in a trait: header length, JSON header, buffers, each padded to 8 bytes. */
export function unpack(bytes: DataView): Message {
  if (!ArrayBuffer.isView(bytes)) {
    throw new ProtocolError(`Expected a message in bytes; got ${inWords(bytes)}. ${remedy}`);
  }
  const block = (from: number, length: number) => {
    if (length >= 0 && from + length <= bytes.byteLength) {
      return new DataView(bytes.buffer, bytes.byteOffset + from, length);
    }
    throw new ProtocolError(
      `Expected a message of ${from + length} bytes or more; got ${bytes.byteLength}. It is cut off: run the cell again.`,
    );
  };
  const length = block(0, 4).getUint32(0, true);
  const header = fieldsOf(json(block(4, length)), "a message's header");
  let end = padded(4 + length);
  const buffers = numbersIn(header, "lengths").map((size) => {
    const from = end;
    end += padded(size);
    return block(from, size);
  });
  return decode(header, buffers);
}

/** Read the snapshot trait. */
export function unpackSurface(bytes: DataView): SurfaceMessage {
  const message = unpack(bytes);
  if (message.kind === "surface") return message;
  throw new ProtocolError(`Expected a surface in a snapshot; got a ${message.kind}. ${remedy}`);
}

function surface(fields: Fields, buffers: readonly DataView[]): SurfaceMessage {
  const [x, y, xLevel, yLevel, pointCoordinates, values, errors, states] = ofLength(
    buffers,
    8 + PATH_BUFFERS,
    "buffers of a surface",
  ) as unknown as Eight<DataView>;
  const dimensions = numberIn(fields, "dimensions") === 1 ? 1 : 2;
  const metrics = listIn(fields, "metrics").map(metric);
  const points = textsIn(fields, "points");
  const columns = numbers(Float64Array, x, "x");
  const rows = numbers(Float64Array, y, "y");
  if (dimensions === 1) ofLength(rows, 0, "rows of a line");
  else if (rows.length === 0) throw new ProtocolError(`Expected rows of a plane; got 0. ${remedy}`);
  const cells = columns.length * (dimensions === 1 ? 1 : rows.length) + points.length;
  const each = cells * metrics.length;
  const coordinates = numbers(Float64Array, pointCoordinates, "coordinates");
  return {
    ...place(fields),
    kind: "surface",
    map: mapOf(fields),
    metrics,
    points,
    dimensions,
    time: textIn(fields, "time"),
    facts: facts(fieldsOf(fields.facts, "facts")),
    x: columns,
    y: rows,
    xLevel: ofLength(numbers(Uint8Array, xLevel, "levels"), columns.length, "levels of x"),
    yLevel: ofLength(numbers(Uint8Array, yLevel, "levels"), rows.length, "levels of y"),
    pointCoordinates: ofLength(coordinates, points.length * dimensions, "coordinates of points"),
    values: ofLength(numbers(Float32Array, values, "values"), each, "values"),
    errors: ofLength(numbers(Float32Array, errors, "errors"), each, "errors"),
    states: ofLength(numbers(Uint8Array, states, "states"), cells, "states"),
    path: pathWithin(fields.path, buffers.slice(8)),
  };
}

function patch(fields: Fields, buffers: readonly DataView[]): PatchMessage {
  const [where, values, errors, states] = ofLength(
    buffers,
    4,
    "buffers of a patch",
  ) as Four<DataView>;
  const cells = numbers(Int32Array, where, "cells");
  const told = numbers(Float32Array, values, "values");
  return {
    ...place(fields),
    kind: "patch",
    map: mapOf(fields),
    cells,
    values: told,
    errors: ofLength(numbers(Float32Array, errors, "errors"), told.length, "errors"),
    states: ofLength(numbers(Uint8Array, states, "states"), cells.length, "states"),
  };
}

function pathMessage(fields: Fields, buffers: readonly DataView[]): PathMessage {
  return {
    kind: "path",
    generation: numberIn(fields, "generation"),
    sequence: numberIn(fields, "sequence"),
    path: path(fields, ofLength(buffers, PATH_BUFFERS, "buffers of a path")),
  };
}

function versioned(fields: Fields): Fields {
  if (fields.version === VERSION) return fields;
  throw new ProtocolError(
    `Expected version ${VERSION} of the messages; got ${inWords(fields.version)}. ` +
      "The page and the kernel have different versions of landscape_widget: restart the kernel, then reload the page.",
  );
}

function place(fields: Fields) {
  return {
    generation: numberIn(fields, "generation"),
    sequence: numberIn(fields, "sequence"),
    level: numberIn(fields, "level"),
    preview: numberIn(fields, "preview"),
  };
}

/** Null for the picture itself. */
function mapOf(fields: Fields): string | null {
  return fields.map === null ? null : textIn(fields, "map");
}

function metric(value: unknown): Metric {
  const fields = fieldsOf(value, "a metric");
  return {
    name: textIn(fields, "name"),
    unit: textIn(fields, "unit"),
    size: numberIn(fields, "size"),
    samples: numberIn(fields, "samples"),
    repeat: numberIn(fields, "repeat"),
    label: textIn(fields, "label"),
    limits: limitsOf(fields),
    colors: textIn(fields, "colors") as Metric["colors"],
  };
}

/** The version vouches for what is inside of them. */
function facts(fields: Fields): Facts {
  for (const name of ["labels", "notes"]) textsIn(fields, name);
  for (const name of ["gram", "histograms"]) listIn(fields, name);
  return fields as unknown as Facts;
}

function limitsOf(fields: Fields): Metric["limits"] {
  if (fields.limits === null) return null;
  const [low, high] = ofLength(numbersIn(fields, "limits"), 2, "limits");
  return [low as number, high as number];
}

function json(bytes: DataView): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new ProtocolError("Expected a message's header; got no JSON. Run the cell again.");
  }
}

function padded(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

type Four<T> = readonly [T, T, T, T];
type Eight<T> = readonly [...Four<T>, ...Four<T>];
