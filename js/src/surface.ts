// What is known so far, in typed arrays; patches are applied in place and `revision` counts up.

import type { Facts, Metric } from "./protocol";

export interface Surface {
  readonly generation: number;
  readonly revision: number;
  /** The finest finished level, −1 before the first. */
  readonly level: number;
  readonly x: Float64Array;
  /** Empty for a line. */
  readonly y: Float64Array;
  /** The first level that holds this column, this row. */
  readonly xLevel: Uint8Array;
  readonly yLevel: Uint8Array;
  readonly metrics: readonly Metric[];
  readonly points: readonly string[];
  readonly pointCoordinates: Float64Array;
  /** One array a metric: cells row by row, then the labelled points. */
  readonly values: readonly Float32Array[];
  /** The population's sd/√n, NaN where it can't be known. */
  readonly errors: readonly Float32Array[];
  readonly states: Uint8Array;
  readonly facts: Facts;
  /** When the kernel sent it, ISO 8601. */
  readonly time: string;
}

/** The finest finished level on its own axes, ready to draw; rows are fresh views. */
export interface Drawable {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly rows: readonly Float32Array[];
}

/** One cell as a person reads it. */
export interface Reading {
  readonly coordinates: readonly number[];
  readonly value: number;
  /** Against the user's data; 0 on all of it, NaN where it can't be known. */
  readonly standardError: number;
  readonly populationError: number;
  /** Distance from the origin in weights: √(cᵀ G c). */
  readonly distance: number;
  readonly label: string | null;
}
