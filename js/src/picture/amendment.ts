// What changes in a picture from one moment of training to the next?

import type { Trace } from "../plotly";
import type { Camera } from "../protocol";

/** How much of the path is in sight; in space, the path's traces with other numbers. Everything else stays as it is. */
export interface Amendment {
  readonly shown: number;
  /** On a chart nothing: its path is there already, as far as it is in sight. */
  readonly inSpace: {
    readonly first: number;
    readonly traces: readonly Trace[];
    readonly camera: Camera;
  } | null;
}
