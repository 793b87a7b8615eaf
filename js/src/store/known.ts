// What has the kernel told of the picture and of each of its maps, and which of them is looked at?

import type { Request, Telling } from "../protocol";
import { metricIndex, type Surface } from "../surface";
import { type Arrivals, answers, arrive, noArrivals } from "./arrivals";

/** One surface's messages; a map's come beside those of the picture. */
interface Stream {
  readonly arrivals: Arrivals;
  /** What was asked for when the shown surface's generation began to be shown. */
  readonly answered: Request;
}

export interface Known {
  /** By the key of the map; null for the picture itself. */
  readonly streams: ReadonlyMap<string | null, Stream>;
  /** Of the last message, whatever it told of. */
  readonly sequence: number;
}

/** What came of a message; see `Arrival`. */
export interface Learned {
  readonly known: Known;
  readonly applied: boolean;
  readonly incomplete: boolean;
}

export const nothingKnown: Known = { streams: new Map(), sequence: 0 };

/** One sequence numbers the messages of all streams, so that a gap shows whichever of them it is in. */
export function learn(known: Known, message: Telling, request: Request): Learned {
  const map = mapOf(message);
  const before = known.streams.get(map) ?? { arrivals: noArrivals, answered: request };
  const last = { ...before.arrivals, sequence: known.sequence };
  const { arrivals, applied, incomplete } = arrive(last, message);
  const isNew = arrivals.shown?.generation !== before.arrivals.shown?.generation;
  const stream = { arrivals, answered: isNew ? request : before.answered };
  const streams = new Map(known.streams).set(map, stream);
  return { known: { streams, sequence: arrivals.sequence }, applied, incomplete };
}

/** Whose surface a message tells of; a path is the picture's, and maps show the same one. */
export function mapOf(message: Telling): string | null {
  return message.kind === "path" ? null : message.map;
}

/** The surface that holds a metric: a map's own, or else the picture's. */
export function surfaceFor(known: Known, metric: string): Surface | null {
  const map = mapHolding(known, metric);
  const surface = known.streams.get(map)?.arrivals.shown ?? null;
  return surface && map !== null ? walked(surface, shownOf(known, null)) : surface;
}

/** True while what is shown of a metric belongs to an older request than the one asked for. */
export function isPrevious(known: Known, request: Request): boolean {
  const stream = known.streams.get(mapHolding(known, request.metric));
  if (!stream?.arrivals.shown) return false;
  const { shown, incoming } = stream.arrivals;
  return incoming !== null || !answers(shown, request, stream.answered);
}

export function shownOf(known: Known, map: string | null): Surface | null {
  return known.streams.get(map)?.arrivals.shown ?? null;
}

/** As they are now, the newest generation of each. */
export function mapsOf(known: Known): readonly Surface[] {
  return [...known.streams].flatMap(([map, { arrivals }]) => {
    const newest = arrivals.incoming ?? arrivals.shown;
    return map !== null && newest ? [newest] : [];
  });
}

function mapHolding(known: Known, metric: string): string | null {
  return mapsOf(known).find((surface) => metricIndex(surface, metric) >= 0)?.map ?? null;
}

/** Training goes the same way over a map; but nobody has measured its values along it. */
function walked(surface: Surface, picture: Surface | null): Surface {
  if (!picture?.path || picture.generation !== surface.generation) return surface;
  const { pathSequence, pathBegan } = picture;
  return { ...surface, path: { ...picture.path, values: [] }, pathSequence, pathBegan };
}
