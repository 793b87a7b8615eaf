// Where on the picture is a place in the room, and what lies behind a place on the picture?

import type { Camera } from "../protocol";
import {
  applied,
  cross,
  dot,
  lookAt,
  type Matrix,
  perspective,
  product,
  rightOf,
  type Triple,
  unit,
} from "./matrix";

/** In CSS pixels from the upper left; `depth` is the distance in front of the eye. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly depth: number;
}

export interface Ray {
  readonly from: Triple;
  readonly along: Triple;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface View {
  readonly size: Size;
  readonly eye: Triple;
  readonly matrix: Matrix;
  spot(place: Triple): Spot;
  ray(x: number, y: number): Ray;
}

/** As plotly has it, so that a saved camera keeps its meaning. */
const OPENING = Math.PI / 4;
/** Near and far end of what is seen lie this far around the room, in its own units. */
const AROUND = 1.6;
const NEAREST = 0.02;

/** The room is centred where the camera's coordinates have their zero. */
export function viewOf({ eye, center, up }: Camera, size: Size): View {
  const from: Triple = [eye.x, eye.y, eye.z];
  const away = Math.hypot(...from);
  const near = Math.max(NEAREST, away - AROUND);
  const shape = size.width / size.height;
  const seen = lookAt(eye, center, up);
  const matrix = product(perspective(OPENING, shape, near, away + AROUND), seen);
  const back = unit([eye.x - center.x, eye.y - center.y, eye.z - center.z]);
  const right = rightOf(back, up);
  const above = cross(back, right);
  const reach = Math.tan(OPENING / 2);
  return {
    size,
    eye: from,
    matrix,
    spot(place) {
      const [x, y, , depth] = applied(matrix, place);
      return {
        x: (size.width / 2) * (1 + x / depth),
        y: (size.height / 2) * (1 - y / depth),
        depth,
      };
    },
    ray(x, y) {
      const across = reach * shape * ((2 * x) / size.width - 1);
      const up = reach * (1 - (2 * y) / size.height);
      const along = [0, 1, 2].map(
        (axis) => across * (right[axis] ?? 0) + up * (above[axis] ?? 0) - (back[axis] ?? 0),
      ) as unknown as Triple;
      return { from, along: unit(along) };
    },
  };
}

/** How far before the eye a place lies on a ray, for who has the ray. */
export function distanceOn({ from, along }: Ray, place: Triple): number {
  return dot([place[0] - from[0], place[1] - from[1], place[2] - from[2]], along);
}
