// What does each message from the kernel change? The surface that is shown, and the one on its way to replace it.

import { isMeasured } from "../cell-state";
import type {
  PatchMessage,
  PathMessage,
  Range,
  Request,
  SurfaceMessage,
  Telling,
} from "../protocol";
import type { Surface } from "../surface";
import { same } from "./same";
import { applyPatch, fromMessage, merge, withPath } from "./tell";

export interface Arrivals {
  readonly shown: Surface | null;
  /** A newer generation whose first level isn't finished; until then the old picture stays. */
  readonly incoming: Surface | null;
  /** Of the last message. */
  readonly sequence: number;
}

export interface Arrival {
  readonly arrivals: Arrivals;
  /** False: the message belongs to an older generation, or came before its surface. */
  readonly applied: boolean;
  /** Something got lost on the way; the kernel must be asked for the whole surface. */
  readonly incomplete: boolean;
}

export const noArrivals: Arrivals = { shown: null, incoming: null, sequence: 0 };

/** Any order of a generation's messages gives the same surface. */
export function arrive(arrivals: Arrivals, message: Telling): Arrival {
  const newest = arrivals.incoming ?? arrivals.shown;
  const generation = newest?.generation ?? -1;
  if (message.generation < generation) return { arrivals, applied: false, incomplete: false };
  if (message.kind === "surface") {
    const known = together(newest, message, message.sequence > arrivals.sequence);
    return { arrivals: place(arrivals, known, message), applied: true, incomplete: false };
  }
  if (!newest || message.generation > generation) {
    return { arrivals, applied: false, incomplete: true };
  }
  const isTakenBack = message.kind === "patch" && message.sequence < newest.renewed;
  return {
    arrivals: place(arrivals, isTakenBack ? newest : grown(newest, message), message),
    applied: !isTakenBack,
    incomplete: message.sequence > arrivals.sequence + 1,
  };
}

function grown(surface: Surface, message: PatchMessage | PathMessage): Surface {
  return message.kind === "path" ? withPath(surface, message) : applyPatch(surface, message);
}

/**
 * Whether a surface is what is asked for. Its axes and samples tell, of which a map has its own; its directions don't, so
 * those are compared with what was asked for when it came.
 */
export function answers(surface: Surface, request: Request, then: Request): boolean {
  const isMap = surface.map !== null;
  const isOn = (axis: Float64Array, range: Range, cells: number) =>
    (isMap || axis.length === cells) && axis[0] === range[0] && axis.at(-1) === range[1];
  return (
    isOn(surface.x, request.x, request.resolution[0]) &&
    (request.directions.length < 2 || isOn(surface.y, request.y, request.resolution[1])) &&
    (isMap || surface.metrics[0]?.samples === request.samples) &&
    same(sceneOf(request), sceneOf(then))
  );
}

/** What decides the directions, and how a cell is measured; a turn by 0°, or of a line, is none. */
function sceneOf({ normalization, batch_norm, directions, third, rotation }: Request) {
  const turned = directions.length === 2 && third !== null && rotation > 0;
  return { normalization, batch_norm, directions, third: turned ? { third, rotation } : null };
}

/**
 * What is known with a message that tells all. If it is the newest, and cells are missing that were measured, then the
 * kernel has taken them back: it found them wrong.
 */
function together(newest: Surface | null, message: SurfaceMessage, isNewest: boolean): Surface {
  const surface = fromMessage(message);
  if (!newest || !sameLattice(newest, surface)) return surface;
  const lacks = (state: number, cell: number) =>
    isMeasured(state) && !isMeasured(surface.states[cell]);
  if (!isNewest || !newest.states.some(lacks)) return merge(newest, surface);
  return { ...surface, revision: newest.revision + 1, renewed: message.sequence };
}

function place(arrivals: Arrivals, surface: Surface, message: { sequence: number }): Arrivals {
  const { shown } = arrivals;
  const ready = !shown || surface.level >= 0 || surface.generation === shown.generation;
  return {
    shown: ready ? surface : shown,
    incoming: ready ? null : surface,
    sequence: Math.max(arrivals.sequence, message.sequence),
  };
}

function sameLattice(a: Surface, b: Surface): boolean {
  return (
    a.generation === b.generation &&
    same(a.x, b.x) &&
    same(a.y, b.y) &&
    same(a.metrics, b.metrics) &&
    same(a.points, b.points)
  );
}
