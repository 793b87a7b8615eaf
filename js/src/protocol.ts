// What travels between kernel and browser; the twin of landscape_widget/live/protocol.py.

export type Range = readonly [number, number];
export type Kind = "surface" | "contour" | "heatmap" | "line";
export type Scale = "auto" | "linear" | "log";
export type Colors = "cividis" | "viridis" | "diverging" | "grey";

export interface DirectionChoice {
  readonly key: string;
  readonly seed: number;
}

export interface Vector {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export interface Camera {
  readonly eye: Vector;
  readonly center: Vector;
  readonly up: Vector;
}

/** What a person, or Python, asks to see: one trait each, last write wins. */
export interface Request {
  readonly x: Range;
  readonly y: Range;
  readonly linked: boolean;
  readonly resolution: readonly [number, number];
  readonly samples: number;
  readonly normalization: string;
  readonly directions: readonly DirectionChoice[];
  /** Finer cells are left out once the interpolation is off by less than this share of the range; null: never. */
  readonly tolerance: number | null;
  readonly metric: string;
  readonly kind: Kind;
  readonly scale: Scale;
  readonly clip: number | null;
  readonly colors: Colors;
  readonly camera: Camera | null;
  readonly name: string;
}

export const requestNames = [
  "x",
  "y",
  "linked",
  "resolution",
  "samples",
  "normalization",
  "directions",
  "tolerance",
  "metric",
  "kind",
  "scale",
  "clip",
  "colors",
  "camera",
  "name",
] as const satisfies readonly (keyof Request)[];

export type Phase = "preparing" | "computing" | "paused" | "stopped" | "done" | "failed";

/** What is true of a scene before any cell is measured. */
export interface Facts {
  readonly angle: number | null;
  readonly spread: number | null;
  readonly share: number;
  readonly zeros: number;
  readonly notes: readonly string[];
  readonly gram: readonly (readonly number[])[];
  readonly labels: readonly string[];
  readonly batch_norm: "frozen" | "interpolated" | null;
}

/** By how much a level was off that was interpolated before it was measured; shares of the range. */
export interface Surplus {
  readonly level: number;
  readonly worst: number;
  readonly mean: number;
}

/** How the cells were computed, in sentences: what was chosen, and what had to be left. */
export interface How {
  readonly choices: readonly string[];
  readonly notes: readonly string[];
}

export interface Status {
  readonly phase: Phase;
  readonly generation: number;
  readonly level: number;
  readonly known: number;
  readonly cells: number;
  readonly drawn: readonly [number, number] | null;
  readonly resolution: readonly [number, number];
  readonly samples: number;
  readonly size: number;
  readonly remaining: number | null;
  readonly where: string;
  readonly task: "directions" | "cells" | "range" | null;
  readonly facts: Facts | null;
  /** Null while no level has been interpolated first. */
  readonly surplus: Surplus | null;
  /** Done before the last cell, since the tolerance asked for is met. */
  readonly settled: boolean;
  /** Training samples of the preview cells; 0 where there are none. */
  readonly preview: number;
  readonly how: How | null;
}

export interface Failure {
  readonly message: string;
  readonly traceback: string;
}

export interface Choice {
  readonly key: string;
  readonly label: string;
  readonly hint: string;
}

export interface DirectionOption extends Choice {
  readonly seeded: boolean;
  readonly range: Range;
}

export interface MetricOption {
  readonly name: string;
  readonly unit: string;
  readonly size: number;
}

/** What the controls may offer; fixed for the life of a widget. */
export interface Choices {
  readonly directions: readonly DirectionOption[];
  readonly normalizations: readonly Choice[];
  readonly metrics: readonly MetricOption[];
  readonly size: number;
}

export interface Metric extends MetricOption {
  readonly samples: number;
}

export interface SurfaceMessage {
  readonly kind: "surface";
  readonly generation: number;
  readonly sequence: number;
  readonly level: number;
  readonly metrics: readonly Metric[];
  readonly points: readonly string[];
  readonly dimensions: 1 | 2;
  readonly time: string;
  readonly facts: Facts;
  /** Training samples of its preview cells; 0 where there are none. */
  readonly preview: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly xLevel: Uint8Array;
  readonly yLevel: Uint8Array;
  readonly pointCoordinates: Float64Array;
  readonly values: Float32Array;
  readonly errors: Float32Array;
  readonly states: Uint8Array;
}

export interface PatchMessage {
  readonly kind: "patch";
  readonly generation: number;
  readonly sequence: number;
  readonly level: number;
  readonly preview: number;
  readonly cells: Int32Array;
  readonly values: Float32Array;
  readonly errors: Float32Array;
  readonly states: Uint8Array;
}

export interface Refusal {
  readonly kind: "refusal";
  readonly name: string;
  readonly reason: string;
}

export interface Pong {
  readonly kind: "pong";
  readonly ping: number;
}

export type Message = SurfaceMessage | PatchMessage | Refusal | Pong;

/** What happens, as against what is wanted: sent once, never merged. */
export type Action =
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  | { readonly kind: "stop" }
  | { readonly kind: "retry" }
  | { readonly kind: "refine_further" }
  | { readonly kind: "auto_range"; readonly factor: number };

/** Everything a browser may say. */
export type Outgoing =
  | Action
  | { readonly kind: "ack"; readonly generation: number; readonly sequence: number }
  | { readonly kind: "hello"; readonly visible: boolean }
  | { readonly kind: "ping"; readonly ping: number };
