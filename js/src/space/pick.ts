// Where does a ray from the eye first meet the ground?

import { between } from "../path";
import type { Triple } from "./matrix";
import type { Room } from "./room";
import type { Ground } from "./sheet";
import type { Ray } from "./view";

/** In data, and how far from the eye. */
export interface Hit {
  readonly x: number;
  readonly y: number;
  readonly distance: number;
}

/** Steps through the room: ground thinner than one of them, seen edge on, is missed. */
const STEPS = 400;
const HALVINGS = 20;

export function firstHit(ground: Ground, room: Room, ray: Ray): Hit | null {
  const [enter, leave] = through(room.half, ray);
  if (!(enter < leave)) return null;
  const axes = { x: Float64Array.from(ground.x), y: Float64Array.from(ground.y) };
  const at = (distance: number, axis: 0 | 1 | 2) => ray.from[axis] + distance * ray.along[axis];
  const place = (distance: number) =>
    [room.from(0, at(distance, 0)), room.from(1, at(distance, 1))] as const;
  const above = (distance: number) =>
    at(distance, 2) - room.at(2, between(axes, ground.z, place(distance)));
  let [last, was] = [enter, above(enter)];
  for (let step = 1; step <= STEPS; step++) {
    const distance = enter + ((leave - enter) * step) / STEPS;
    const is = above(distance);
    if (was * is <= 0) {
      const found = halved(above, last, distance);
      const [x, y] = place(found);
      return { x, y, distance: found };
    }
    [last, was] = [distance, is];
  }
  return null;
}

/** From where to where a ray runs in a room; the second is the smaller where it passes by. */
function through(half: Triple, { from, along }: Ray): readonly [number, number] {
  let [enter, leave] = [0, Infinity];
  for (const axis of [0, 1, 2] as const) {
    const ends = [-half[axis], half[axis]].map((end) => (end - from[axis]) / along[axis]);
    enter = Math.max(enter, Math.min(...ends));
    leave = Math.min(leave, Math.max(...ends));
  }
  return [enter, leave];
}

/** Where a function that changes its sign between two places has its zero. */
function halved(value: (place: number) => number, from: number, to: number): number {
  const isUp = value(from) < 0;
  let [low, high] = [from, to];
  for (let turn = 0; turn < HALVINGS; turn++) {
    const middle = (low + high) / 2;
    if (value(middle) < 0 === isUp) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
