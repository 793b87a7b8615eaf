// What is under the pointer: a marker that carries something, or the ground?

import type { PointedAt, Trace } from "../plotly";
import { placesOf } from "./parts";
import { firstHit } from "./pick";
import type { Room } from "./room";
import type { Ground } from "./sheet";
import { distanceOn, type View } from "./view";

/** Pixels around a marker that belong to it. */
const AROUND = 6;
/** How far behind the ground a marker is still seen, in the room. */
const BEHIND = 0.03;

export function pointedAt(
  data: readonly Trace[],
  room: Room,
  view: View,
  x: number,
  y: number,
): PointedAt | null {
  const ray = view.ray(x, y);
  const sheet = data.find(({ type }) => type === "surface");
  const hit = sheet ? firstHit(sheet as unknown as Ground, room, ray) : null;
  const isClear = ((sheet?.opacity as number | undefined) ?? 1) < 1;
  const farthest = isClear || !hit ? Infinity : hit.distance + BEHIND;
  const markers = data.filter(
    ({ type, customdata }) => type === "scatter3d" && customdata !== undefined,
  );
  let best: PointedAt | null = null;
  let nearest = AROUND;
  for (const trace of markers) {
    const carried = trace.customdata as readonly unknown[];
    placesOf(trace, room).forEach((place, index) => {
      if (!place || distanceOn(ray, place) > farthest) return;
      const spot = view.spot(place);
      const away = Math.hypot(spot.x - x, spot.y - y);
      if (away > nearest) return;
      nearest = away;
      const [at, up] = [trace.x, trace.y] as readonly (readonly number[])[];
      best = { x: at?.[index] as number, y: up?.[index] as number, customdata: carried[index] };
    });
  }
  return best ?? (hit && { x: hit.x, y: hit.y });
}
