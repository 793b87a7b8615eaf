// What travels between kernel and browser; the twin of landscape_widget/live/protocol.py.

export type Range = readonly [number, number];
export type Kind = "surface" | "contour" | "heatmap" | "line";
export type Scale = "auto" | "linear" | "log" | "paper";
export type Colors = "cividis" | "viridis" | "diverging" | "grey";
/** Where contour lines run: round values, the paper's, or these values of the metric. */
export type Levels = "auto" | "paper" | readonly number[];
/** How BatchNorm's statistics are treated in a shifted network. */
export type BatchNorm = "frozen" | "reestimate" | "interpolate";

export interface DirectionChoice {
  readonly key: string;
  readonly seed: number;
  /** Null: that of the request. */
  readonly normalization: string | null;
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
  /** Null without BatchNorm. */
  readonly batch_norm: BatchNorm | null;
  readonly directions: readonly DirectionChoice[];
  /** The direction that the second axis is turned towards; null for none. */
  readonly third: DirectionChoice | null;
  /** How far it is turned, in degrees from 0 to 90. */
  readonly rotation: number;
  /** Finer cells are left out once the interpolation is off by less than this share of the range; null: never. */
  readonly tolerance: number | null;
  readonly metric: string;
  readonly kind: Kind;
  readonly scale: Scale;
  readonly clip: number | null;
  /** The lowest and the highest value drawn; null: what the data has. */
  readonly limits: Range | null;
  readonly levels: Levels;
  /** How many checkpoints of the path are drawn; null: all. */
  readonly moment: number | null;
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
  "batch_norm",
  "directions",
  "third",
  "rotation",
  "tolerance",
  "metric",
  "kind",
  "scale",
  "clip",
  "limits",
  "levels",
  "moment",
  "colors",
  "camera",
  "name",
] as const satisfies readonly (keyof Request)[];

export type Phase = "preparing" | "computing" | "paused" | "stopped" | "done" | "failed";

/** How large the moved weights of one model are. */
export interface Histogram {
  readonly label: string;
  /** One more than counts. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly norm: number;
}

/** What is true of a scene before any cell is measured. */
export interface Facts {
  readonly angle: number | null;
  readonly spread: number | null;
  readonly share: number;
  readonly zeros: number;
  readonly notes: readonly string[];
  readonly gram: readonly (readonly number[])[];
  readonly labels: readonly string[];
  readonly batch_norm: BatchNorm | null;
  /** One unit of weight length is as long on both axes. */
  readonly is_to_scale: boolean;
  /** The plane goes through three models. */
  readonly is_triangle: boolean;
  readonly histograms: readonly Histogram[];
}

/** What lies between the models at 0 and 1 of a line; null stands for what is infinite. */
export interface Barrier {
  /** Above the chord between the two. */
  readonly height: number | null;
  readonly at: number;
  readonly is_monotone: boolean;
  /** The largest rise above the lowest value so far, on the way to the better end. */
  readonly rise: number | null;
  /** Null where it doesn't rise. */
  readonly rise_at: number | null;
  /** Cells in between that are left out, being NaN or −∞. */
  readonly missing: number;
  readonly metric: string;
}

/** How much the treatment of BatchNorm matters, measured at a few cells; null stands for what is infinite. */
export interface Sensitivity {
  /** The largest loss over the smallest at one cell. */
  readonly worst: number | null;
  readonly losses: Readonly<Partial<Record<BatchNorm, number | null>>>;
  readonly at: readonly number[];
  readonly samples: number;
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
  /** Null until both ends and a cell between them are known, and where there is none. */
  readonly barrier: Barrier | null;
  /** Null without BatchNorm, and before it is measured. */
  readonly sensitivity: Sensitivity | null;
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

export interface BatchNormOption extends Choice {
  readonly key: BatchNorm;
}

export interface DirectionOption extends Choice {
  readonly seeded: boolean;
  readonly range: Range;
}

export interface MetricOption {
  readonly name: string;
  readonly unit: string;
  readonly size: number;
  /** 0, or which further draw of the random directions it is measured along. */
  readonly repeat: number;
}

/** Several controls set at once. */
export interface Preset extends Choice {
  readonly changes: Partial<Request>;
  /** Whether the ranges then follow from the trajectory. */
  readonly fits: boolean;
}

/** What the controls may offer; fixed for the life of a widget. */
export interface Choices {
  readonly directions: readonly DirectionOption[];
  readonly normalizations: readonly Choice[];
  /** Empty without BatchNorm. */
  readonly batch_norms: readonly BatchNormOption[];
  readonly presets: readonly Preset[];
  /** There is a path to draw. */
  readonly has_trajectory: boolean;
  readonly metrics: readonly MetricOption[];
  readonly size: number;
}

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

export interface Pong {
  readonly kind: "pong";
  readonly ping: number;
}

/** What tells of a surface, in the order the kernel sent it. */
export type Telling = SurfaceMessage | PatchMessage | PathMessage;

export type Message = Telling | Refusal | Pong;

/** What happens, as against what is wanted: sent once, never merged. */
export type Action =
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  | { readonly kind: "stop" }
  | { readonly kind: "retry" }
  | { readonly kind: "refine_further" }
  | { readonly kind: "fit_path" }
  | { readonly kind: "auto_range"; readonly factor: number };

/** Everything a browser may say. */
export type Outgoing =
  | Action
  | { readonly kind: "ack"; readonly generation: number; readonly sequence: number }
  | { readonly kind: "hello"; readonly visible: boolean }
  | { readonly kind: "ping"; readonly ping: number };
