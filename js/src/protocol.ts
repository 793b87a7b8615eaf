// What travels between kernel and browser; the twin of landscape_widget/live/protocol.py.

import type { MetricOption } from "./protocol/choices";
import type { Facts, Phase } from "./protocol/status";

export * from "./protocol/choices";
export * from "./protocol/request";
export * from "./protocol/sharpness";
export * from "./protocol/status";

export interface Metric extends MetricOption {
  readonly samples: number;
}

/** The checkpoints of a training run in the coordinates of a scene, the first one first. */
export interface Path {
  readonly size: number;
  /** Checkpoint by checkpoint, the nearest point of the line or plane. */
  readonly coordinates: Float64Array;
  /** From that point, in weights. */
  readonly distances: Float64Array;
  /** ‖θ‖ of the moved weights. */
  readonly norms: Float64Array;
  /** Optimizer steps taken. */
  readonly steps: Float64Array;
  /** NaN where nobody said. */
  readonly epochs: Float64Array;
  readonly learningRates: Float64Array;
  /** One array a metric, measured where the checkpoint is and not in the plane; NaN where unknown. */
  readonly values: readonly Float32Array[];
  /** Of each axis, the share of the trajectory's variance; null where it is no principal component. */
  readonly explained: readonly (number | null)[];
  /** The share that a random walk of the same step lengths would have. */
  readonly byChance: readonly (number | null)[];
}

export interface SurfaceMessage {
  readonly kind: "surface";
  /** Whose it is: a map of the picture by its key, or null for the picture itself. */
  readonly map: string | null;
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
  readonly path: Path | null;
}

export interface PatchMessage {
  readonly kind: "patch";
  readonly map: string | null;
  readonly generation: number;
  readonly sequence: number;
  readonly level: number;
  readonly preview: number;
  readonly cells: Int32Array;
  readonly values: Float32Array;
  readonly errors: Float32Array;
  readonly states: Uint8Array;
}

/** Replaces the path of its generation whole. */
export interface PathMessage {
  readonly kind: "path";
  readonly generation: number;
  readonly sequence: number;
  readonly path: Path;
}

export interface Refusal {
  readonly kind: "refusal";
  readonly name: string;
  readonly reason: string;
}

/** How far the kernel is with telling. */
export interface Mark {
  readonly generation: number;
  /** Of the last message that tells of a surface. */
  readonly sequence: number;
  readonly phase: Phase;
}

export interface Pong {
  readonly kind: "pong";
  readonly ping: number;
  /** Null where there is no kernel that tells. */
  readonly told: Mark | null;
}

/** What tells of a surface, in the order the kernel sent it. */
export type Telling = SurfaceMessage | PatchMessage | PathMessage;

/** A file that shows the landscape without a kernel. */
export interface Page {
  readonly kind: "page";
  readonly content: DataView;
}

export type Message = Telling | Refusal | Pong | Page;

/** What happens, as against what is wanted: sent once, never merged. */
export type Action =
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  | { readonly kind: "stop" }
  | { readonly kind: "retry" }
  | { readonly kind: "refine_further" }
  | { readonly kind: "fit_path" }
  | { readonly kind: "refit" }
  | { readonly kind: "sharpness" }
  | { readonly kind: "page" }
  | { readonly kind: "preset"; readonly key: string }
  | { readonly kind: "auto_range"; readonly factor: number };

/** Everything a browser may say. */
export type Outgoing =
  | Action
  | { readonly kind: "ack"; readonly generation: number; readonly sequence: number }
  | { readonly kind: "hello"; readonly visible: boolean }
  | { readonly kind: "photograph"; readonly hidden: boolean }
  | { readonly kind: "ping"; readonly ping: number };
