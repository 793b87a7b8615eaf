// Where does the kernel stand, and what is true of the picture?

import type { BatchNorm } from "./request";

export type Phase = "preparing" | "computing" | "paused" | "stopped" | "done" | "failed";

/** How large the moved weights of one model are. */
export interface Histogram {
  readonly label: string;
  /** One more than counts. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly norm: number;
}

/** How much of a step along a direction is lost where weights are stored with few digits: a share of its length. */
export interface Rounding {
  readonly dtype: string;
  /** In units of the direction, rising. */
  readonly steps: readonly number[];
  readonly lost: readonly number[];
}

/** What is true of a scene before any cell is measured. */
export interface Facts {
  readonly angle: number | null;
  readonly spread: number | null;
  /** Null where nobody said. */
  readonly share: number | null;
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
  /** Null where weights have digits enough. */
  readonly rounding: Rounding | null;
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

/** One metric with a grid of its own, measured after the picture's own surface. */
export interface MapStatus {
  readonly key: string;
  readonly phase: "waiting" | "measuring" | "done" | "skipped";
  /** Seconds that it will take, announced before it starts. */
  readonly cost: number | null;
  readonly known: number;
  readonly cells: number;
  readonly resolution: readonly [number, number];
  readonly samples: number;
  /** Cells known whose values didn't converge. */
  readonly unconverged: number;
  readonly remaining: number | null;
  /** Why it was skipped, or ended early; empty where it wasn't. */
  readonly note: string;
  /** What it was asked for with, by the names of its options. */
  readonly settings: Readonly<Record<string, unknown>>;
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
  /** In which file it is kept, in short, and sentences on that; a landscape that is in none has nothing here. */
  readonly kept?: readonly string[];
  readonly task: "directions" | "cells" | "range" | "path" | "table" | "map" | "sharpness" | null;
  readonly facts: Facts | null;
  /** Null while no level has been interpolated first. */
  readonly surplus: Surplus | null;
  /** Done before the last cell, since the tolerance asked for is met. */
  readonly settled: boolean;
  /** Training samples of the preview cells; 0 where there are none. */
  readonly preview: number;
  readonly how: How | null;
  /** What the first cell that failed raised; empty where none did. */
  readonly first_error: string;
  /** Null until both ends and a cell between them are known, and where there is none. */
  readonly barrier: Barrier | null;
  /** Null without BatchNorm, and before it is measured. */
  readonly sensitivity: Sensitivity | null;
  readonly maps: readonly MapStatus[];
  /** What makes the picture again, in a few words each; empty before the directions are ready. */
  readonly settings: readonly string[];
}

export interface Failure {
  readonly message: string;
  readonly traceback: string;
}
