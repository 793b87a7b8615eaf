// What may be asked for? One trait each.

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

/** A note at a place of the picture; on a line there is no y. */
export interface Pin {
  readonly x: number;
  readonly y: number | null;
  readonly text: string;
}

/** What a step of a lesson sets; what it doesn't name stays as the steps before have it. */
export type StepView = Partial<Omit<Request, "linked" | "big_type" | "name" | keyof Lesson>> &
  Partial<Pick<Lesson, "covered">>;

export interface LessonStep {
  readonly caption: string;
  readonly view: StepView;
}

/** How a teacher leads through a landscape. */
export interface Lesson {
  readonly steps: readonly LessonStep[];
  /** Which one is shown, from 0; null outside the lesson. */
  readonly step: number | null;
  /** The values are hidden until somebody reveals them. */
  readonly covered: boolean;
  /** Controls, or groups of them, that only Python changes. */
  readonly locked: readonly string[];
  /** Controls, or groups of them, that aren't shown. */
  readonly hidden: readonly string[];
}

/** What a person, or Python, asks to see: one trait each, last write wins. */
export interface Request extends Lesson {
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
  /** Of a surface in space: 2 is twice as high; from 0.25 to 4. */
  readonly height: number;
  readonly camera: Camera | null;
  /** Two cuts through the marked point stand below a plane. */
  readonly cuts: boolean;
  /** The point that is kept; on a line its second number means nothing. */
  readonly marked: Range | null;
  /** Type and strokes for a projector. */
  readonly big_type: boolean;
  readonly pins: readonly Pin[];
  readonly name: string;
}

/** What is a matter of view: nothing has to be computed for it. */
export const viewNames = [
  "metric",
  "kind",
  "scale",
  "clip",
  "limits",
  "levels",
  "moment",
  "colors",
  "height",
  "camera",
  "cuts",
  "marked",
  "big_type",
  "pins",
  "steps",
  "step",
  "covered",
  "locked",
  "hidden",
] as const satisfies readonly (keyof Request)[];

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
  ...viewNames,
  "name",
] as const satisfies readonly (keyof Request)[];
