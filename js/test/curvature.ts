// A map of curvature for tests: its columns, its surface, and what the status says of it.

import { UNCONVERGED } from "../src/cell-state";
import type { Choices, MapStatus, Metric, Sharpness, SurfaceMessage } from "../src/protocol";
import { choices, surfaceMessage } from "./fake-store";
import { plain } from "./plain";

const of = { unit: "", size: 1797, samples: 256 };

/** As `HessianExtremes` has them. */
export const columns: readonly Metric[] = [
  {
    ...{ ...of, ...plain, name: "curvature", label: "|λ_min/λ_max|" },
    limits: [0, 0.5],
    colors: "viridis",
  },
  { ...of, ...plain, name: "curvature_max", label: "λ_max" },
  { ...of, ...plain, name: "curvature_min", label: "λ_min" },
  { ...of, ...plain, name: "curvature_residual", label: "residual" },
];

export const withCurvature: Choices = {
  ...choices,
  metrics: [
    ...choices.metrics,
    ...columns.map(({ samples, ...column }) => ({ ...column, map: "curvature" })),
  ],
};

export const mapStatus: MapStatus = {
  key: "curvature",
  phase: "waiting",
  cost: 110,
  known: 0,
  cells: 25,
  resolution: [5, 5],
  samples: 256,
  unconverged: 0,
  remaining: null,
  note: "",
  settings: {
    samples: 256,
    resolution: 5,
    parameters: "moved",
    tolerance: 0.01,
    seconds: null,
    seed: 0,
  },
};

/** 5 × 5 cells and the origin, all known: λ_max is 10 everywhere, λ_min what `smallest` says; one is unconverged. */
export function mapMessage(
  smallest: (x: number, y: number) => number,
  changes: Partial<SurfaceMessage> = {},
): SurfaceMessage {
  const message = surfaceMessage(5, smallest, { map: "curvature", metrics: columns, sequence: 2 });
  const bottom = message.values.slice(0, 26);
  const values = [
    ...bottom.map((value) => Math.abs(value) / 10),
    ...bottom.map(() => 10),
    ...bottom,
    ...bottom.map((_, cell) => (cell === 3 ? 0.03 : 0.001)),
  ];
  const states = new Uint8Array(26).fill(1);
  states[3] = UNCONVERGED;
  return {
    ...message,
    values: Float32Array.from(values),
    errors: new Float32Array(values.length).fill(Number.NaN),
    states,
    ...changes,
  };
}

/** As a generation opens. */
export function emptyMap(changes: Partial<SurfaceMessage> = {}): SurfaceMessage {
  return mapMessage(() => Number.NaN, { level: -1, states: new Uint8Array(26), ...changes });
}

/** Everything but the spectrum. */
export const sharpness: Sharpness = {
  critical: 12.5,
  critical_step: 0.16,
  sam: 0.031,
  sam_radius: 0.05,
  asam: 0.007,
  asam_radius: 0.5,
  largest: 41.2,
  smallest: -3.41,
  trace: 512,
  trace_error: 21,
  parameters: 4810,
  samples: 512,
  size: 1797,
  spectrum: null,
  notes: [],
  caveat: "Compare only networks of one architecture.",
  done: false,
};
