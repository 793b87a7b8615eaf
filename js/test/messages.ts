// Messages for tests: small surfaces, their patches, and the bytes a kernel would send.

import type {
  Choices,
  Facts,
  Metric,
  PatchMessage,
  Path,
  PathMessage,
  Request,
  Status,
  SurfaceMessage,
  Telling,
} from "../src/protocol";
import { plain } from "./plain";

export const facts: Facts = {
  angle: 89.5,
  spread: 0.4,
  share: 0.97,
  zeros: 0,
  notes: [],
  gram: [
    [4, 0],
    [0, 9],
  ],
  labels: ["random, seed 0", "random, seed 1"],
  batch_norm: null,
  is_to_scale: false,
  is_triangle: false,
  histograms: [],
  rounding: null,
};

export const metrics: readonly Metric[] = [
  { name: "loss", unit: "", size: 400, samples: 100, ...plain },
  { name: "accuracy", unit: "%", size: 400, samples: 100, ...plain },
];

export const choices: Choices = {
  directions: [],
  normalizations: [],
  batch_norms: [],
  presets: [],
  has_trajectory: false,
  given: [],
  metrics: metrics.map((metric) => ({ ...metric, map: null })),
  size: 400,
};

export const request: Request = {
  x: [-1, 1],
  y: [-1, 1],
  linked: true,
  resolution: [9, 5],
  samples: 100,
  normalization: "filter",
  batch_norm: null,
  directions: [
    { key: "random", seed: 0, normalization: null },
    { key: "random", seed: 1, normalization: null },
  ],
  third: null,
  rotation: 0,
  metric: "loss",
  kind: "surface",
  scale: "auto",
  clip: null,
  limits: null,
  levels: "auto",
  moment: null,
  colors: "cividis",
  height: 1,
  camera: null,
  cuts: false,
  marked: null,
  big_type: false,
  pins: [],
  steps: [],
  step: null,
  covered: false,
  locked: [],
  hidden: [],
  name: "digits",
  tolerance: null,
};

export const status: Status = {
  phase: "computing",
  generation: 1,
  level: -1,
  known: 0,
  cells: 45,
  drawn: null,
  resolution: [9, 5],
  samples: 100,
  size: 400,
  remaining: null,
  where: "cpu, 1 worker",
  task: "cells",
  facts: null,
  surplus: null,
  settled: false,
  preview: 0,
  how: null,
  first_error: "",
  barrier: null,
  sensitivity: null,
  maps: [],
  settings: ["direction 1: random, seed 0"],
};

/** Nothing known, on 9 × 5 cells (levels 0 and 1 along x) and the origin. */
export function surfaceMessage(changes: Partial<SurfaceMessage> = {}): SurfaceMessage {
  const cells = 9 * 5 + 1;
  return {
    kind: "surface",
    map: null,
    generation: 1,
    sequence: 1,
    level: -1,
    metrics,
    points: ["origin"],
    dimensions: 2,
    time: "2026-01-02T03:04:05+00:00",
    facts,
    preview: 0,
    x: Float64Array.from({ length: 9 }, (_, i) => -1 + i / 4),
    y: Float64Array.from({ length: 5 }, (_, i) => -1 + i / 2),
    xLevel: Uint8Array.of(0, 1, 0, 1, 0, 1, 0, 1, 0),
    yLevel: new Uint8Array(5),
    pointCoordinates: Float64Array.of(0, 0),
    values: new Float32Array(2 * cells).fill(Number.NaN),
    errors: new Float32Array(2 * cells).fill(Number.NaN),
    states: new Uint8Array(cells),
    path: null,
    ...changes,
  };
}

/** Three checkpoints on the way to the origin; the learning rate drops before the last. */
export const path: Path = {
  size: 3,
  coordinates: Float64Array.of(-0.8, 0.6, -0.2, 0.4, 0, 0),
  distances: Float64Array.of(2, 1, 0),
  norms: Float64Array.of(8, 9, 10),
  steps: Float64Array.of(0, 10, 20),
  epochs: Float64Array.of(0, 1, 2),
  learningRates: Float64Array.of(0.1, 0.1, 0.01),
  values: [Float32Array.of(2.5, 1, 0.25), Float32Array.of(12.5, 50, 87.5)],
  explained: [0.75, 0.125],
  byChance: [0.6, 0.15],
};

export function pathMessage(changes: Partial<PathMessage> = {}): PathMessage {
  return { kind: "path", generation: 1, sequence: 3, path, ...changes };
}

export const firstLevel = allCells().filter((cell) => (cell % 9) % 2 === 0);
export const secondLevel = allCells().filter((cell) => (cell % 9) % 2 === 1);

/** The loss of a cell is its number, the accuracy its number over 100. */
export function patchMessage(
  cells: readonly number[],
  changes: Partial<PatchMessage> = {},
): PatchMessage {
  const losses = cells.map(Number);
  return {
    kind: "patch",
    map: null,
    generation: 1,
    sequence: 2,
    level: -1,
    preview: 0,
    cells: Int32Array.from(cells),
    values: Float32Array.from([...losses, ...losses.map((loss) => loss / 100)]),
    errors: new Float32Array(2 * cells.length).fill(0.5),
    states: new Uint8Array(cells.length).fill(1),
    ...changes,
  };
}

/** As the kernel writes it: JSON and buffers. */
export function encoded(message: Telling): [object, DataView[]] {
  const { generation, sequence, kind } = message;
  const header = { version: 4, kind, generation, sequence };
  if (message.kind === "path") {
    return [{ ...header, ...pathContent(message.path) }, pathBuffers(message.path)];
  }
  const { level, preview, map } = message;
  if (message.kind === "patch") {
    const { cells, values, errors, states } = message;
    return [{ ...header, map, level, preview }, [cells, values, errors, states].map(bytesOf)];
  }
  const { metrics, points, dimensions, time, facts, path } = message;
  const { x, y, xLevel, yLevel, pointCoordinates, values, errors, states } = message;
  const content = { map, level, preview, metrics, points, dimensions, time, facts };
  return [
    { ...header, ...content, path: path && pathContent(path) },
    [
      ...[x, y, xLevel, yLevel, pointCoordinates, values, errors, states].map(bytesOf),
      ...(path ? pathBuffers(path) : Array(7).fill(new DataView(new ArrayBuffer(0)))),
    ],
  ];
}

/** A message without buffers. */
export interface Other {
  readonly kind: string;
  readonly [field: string]: unknown;
}

function isSurface(message: SurfaceMessage | Other): message is SurfaceMessage {
  return message.kind === "surface";
}

/** As the kernel writes a message into a trait. */
export function packed(message: SurfaceMessage | Other): DataView {
  const [content, buffers] = isSurface(message) ? encoded(message) : [message, []];
  const lengths = buffers.map((buffer) => buffer.byteLength);
  const header = new TextEncoder().encode(JSON.stringify({ ...content, lengths }));
  const length = new Uint8Array(Uint32Array.of(header.length).buffer);
  const parts = [
    Uint8Array.of(...length, ...header),
    ...buffers.map((buffer) => new Uint8Array(buffer.buffer)),
  ];
  const bytes = parts.flatMap((part) => [...part, ...new Uint8Array((8 - (part.length % 8)) % 8)]);
  return new DataView(Uint8Array.from(bytes).buffer);
}

function pathContent({ size, explained, byChance }: Path) {
  return { size, explained, by_chance: byChance };
}

function pathBuffers(path: Path): DataView[] {
  const { coordinates, distances, norms, steps, epochs, learningRates, values } = path;
  const flat = Float32Array.from(values.flatMap((row) => [...row]));
  return [coordinates, distances, norms, steps, epochs, learningRates, flat].map(bytesOf);
}

function allCells(): readonly number[] {
  return [...Array(45).keys()];
}

function bytesOf(array: Float64Array | Float32Array | Int32Array | Uint8Array): DataView {
  return new DataView(array.slice().buffer);
}
