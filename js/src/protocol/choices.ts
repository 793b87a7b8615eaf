// What may the controls offer?

import type { BatchNorm, Colors, Range, Request } from "./request";

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
  /** As people read it; empty: its name. */
  readonly label: string;
  /** What is drawn of it unless the view has limits of its own; null: what there is. */
  readonly limits: Range | null;
  /** Its colours while nobody has chosen any; empty: the picture's. */
  readonly colors: Colors | "";
}

/** A metric on offer. */
export interface MetricChoice extends MetricOption {
  /** The map that it is a column of; null for the picture's own. */
  readonly map: string | null;
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
  readonly metrics: readonly MetricChoice[];
  readonly size: number;
  /** Name and Python of options of `explore` that no control shows. */
  readonly given: readonly (readonly [name: string, code: string])[];
}
