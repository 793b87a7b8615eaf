// A store without a kernel: the real one, with what it sends written down, and a small surface to look at.

import type { Action, Choices, Facts, Request, Status, SurfaceMessage } from "../src/protocol";
import { createStore, type Initial, type KernelStore } from "../src/store";
import { plain } from "./plain";

export interface FakeStore extends KernelStore {
  readonly written: Partial<Request>[];
  readonly acted: Action[];
}

export const choices: Choices = {
  directions: [
    { key: "random", label: "random", seeded: true, range: [-1, 1], hint: "Drawn from the seed." },
    { key: "gradient", label: "gradient", seeded: false, range: [-1, 1], hint: "Downhill." },
    {
      key: "given 0",
      label: "towards other",
      seeded: false,
      range: [-0.5, 1.5],
      hint: "At 1, the other model.",
    },
  ],
  normalizations: ["filter", "layer", "weight", "none"].map((key) => ({
    key,
    label: key,
    hint: `${key}.`,
  })),
  batch_norms: [],
  presets: [],
  has_trajectory: false,
  given: [],
  metrics: [
    { name: "loss", unit: "", size: 1797, ...plain, map: null },
    { name: "accuracy", unit: "%", size: 1797, ...plain, map: null },
  ],
  size: 1797,
};

export const request: Request = {
  x: [-1, 1],
  y: [-1, 1],
  linked: false,
  resolution: [51, 51],
  samples: 1797,
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
  name: "digits-mlp",
  tolerance: null,
};

export const facts: Facts = {
  angle: 89.62,
  spread: 0.41,
  share: 0.982,
  zeros: 3,
  notes: ["Biases are fixed, as in the paper's figures."],
  gram: [
    [81, 0.5],
    [0.5, 82],
  ],
  labels: ["random, seed 0", "random, seed 1"],
  batch_norm: null,
  is_to_scale: false,
  is_triangle: false,
  histograms: [],
  rounding: null,
};

export const status: Status = {
  phase: "computing",
  generation: 1,
  level: 3,
  known: 1089,
  cells: 2601,
  drawn: [33, 33],
  resolution: [51, 51],
  samples: 1797,
  size: 1797,
  remaining: 2.2,
  where: "cpu, 1 worker",
  task: "cells",
  facts,
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

/** A store that has heard of `changes`. */
export function fakeStore(changes: Partial<Initial> = {}): FakeStore {
  const written: Partial<Request>[] = [];
  const acted: Action[] = [];
  const initial: Initial = { request, status, error: null, choices, sharpness: null, ...changes };
  const store = createStore(initial, {
    write: (asked) => written.push(asked),
    act: (action) => acted.push(action),
  });
  return { ...store, written, acted };
}

/** A finished surface of n × n cells about the origin, or a line when `dimensions` is 1. */
export function surfaceMessage(
  points: number,
  loss: (x: number, y: number) => number,
  { dimensions = 2, ...changes }: Partial<SurfaceMessage> = {},
): SurfaceMessage {
  const axis = Float64Array.from({ length: points }, (_, index) => -1 + (2 * index) / (points - 1));
  const rows = dimensions === 2 ? axis : Float64Array.of(0);
  const cells = [...rows].flatMap((y) => [...axis].map((x) => loss(x, y)));
  const values = [...cells, loss(0, 0)];
  const all = [...values, ...values.map((value) => 100 * Math.exp(-value))];
  return {
    kind: "surface",
    map: null,
    generation: 1,
    sequence: 0,
    level: 0,
    metrics: choices.metrics.map((metric) => ({ ...metric, samples: metric.size })),
    points: ["origin"],
    dimensions,
    time: "2026-11-22T10:41:00Z",
    facts,
    preview: 0,
    x: axis,
    y: dimensions === 2 ? axis : new Float64Array(),
    xLevel: new Uint8Array(points),
    yLevel: new Uint8Array(dimensions === 2 ? points : 0),
    pointCoordinates: new Float64Array(dimensions),
    values: Float32Array.from(all),
    errors: Float32Array.from(all, () => 0.004),
    states: new Uint8Array(values.length).fill(1),
    path: null,
    ...changes,
  };
}
