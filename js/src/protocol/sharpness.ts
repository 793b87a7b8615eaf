// How sharp is the minimum at the origin? Numbers that get known one after the other; null: not yet, or not to be had.

/** Where the eigenvalues of the Hessian lie. */
export interface Spectrum {
  readonly grid: readonly number[];
  /** Share of the eigenvalues per unit of λ, over the grid. */
  readonly density: readonly number[];
  /** Single eigenvalues that lie apart from all others. */
  readonly outliers: readonly number[];
}

export interface Sharpness {
  readonly critical: number | null;
  /** The smallest step along the negative gradient that raises the loss: 2 / critical. */
  readonly critical_step: number | null;
  readonly sam: number | null;
  readonly sam_radius: number | null;
  readonly asam: number | null;
  readonly asam_radius: number | null;
  readonly largest: number | null;
  readonly smallest: number | null;
  readonly trace: number | null;
  readonly trace_error: number | null;
  /** How many parameters they are over. */
  readonly parameters: number | null;
  readonly samples: number | null;
  readonly size: number | null;
  readonly spectrum: Spectrum | null;
  readonly notes: readonly string[];
  /** What has to be said beside every one of these numbers. */
  readonly caveat: string;
  /** False while parts are still to come. */
  readonly done: boolean;
}
