// Which controls make a picture of the paper? Pure; the twin of landscape_widget/live/presets.py.

import type { Kind, Preset, Request } from "../protocol";
import { isPlane } from "./directions";

/** The one preset whose changes depend on the kind of picture, so that both sides know it by name. */
export const PAPER = "paper";

const LINEAR = { scale: "linear", levels: "auto", clip: null, limits: null } as const;

/** As the code of Li et al. (2018) draws: surfaces as ln(loss + 0.1) cut off at 10, contours at the paper's lines. */
export const AS_IN_THE_PAPER: Readonly<Record<Kind, Partial<Request>>> = {
  surface: { ...LINEAR, scale: "paper", clip: 10 },
  contour: { ...LINEAR, levels: "paper" },
  heatmap: LINEAR,
  line: { ...LINEAR, limits: [0, 5] },
};

/** Back to what the values themselves suggest. */
export const AUTOMATIC: Partial<Request> = { ...LINEAR, scale: "auto" };

/** What a preset changes of a request. */
export function changesOf({ key, changes }: Preset, request: Request): Partial<Request> {
  return key === PAPER ? AS_IN_THE_PAPER[kindAsked(request)] : changes;
}

function kindAsked(request: Request): Kind {
  if (!isPlane(request)) return "line";
  return request.kind === "line" ? "surface" : request.kind;
}
