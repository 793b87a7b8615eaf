// Which walls stand behind the ground, and along which edges do the names of the axes go?

import type { Triple } from "./matrix";
import type { AxisName, Room } from "./room";
import { AXES } from "./room";
import type { View } from "./view";

/** One of two sides of the room along an axis. */
export type Side = -1 | 1;

export interface Edge {
  readonly from: Triple;
  readonly to: Triple;
}

export interface Box {
  /** The side along each axis that is behind everything. */
  readonly back: readonly [Side, Side, Side];
  /** Corners of the three walls at the back. */
  readonly walls: readonly Float32Array[];
  /** Null where an axis is seen from its end. */
  readonly edges: Readonly<Record<AxisName, Edge | null>>;
}

export function boxOf({ half }: Room, view: View): Box {
  const [x, y, z] = view.eye;
  // The floor is seen until the eye is below it.
  const sides = [x >= 0 ? -1 : 1, y >= 0 ? -1 : 1, z >= -half[2] ? -1 : 1] as const;
  const edge = (axis: 0 | 1 | 2) => edgeOf(axis, half, view);
  return {
    back: sides,
    walls: ([0, 1, 2] as const).map((axis) => wallOf(axis, sides[axis], half)),
    edges: { x: edge(0), y: edge(1), z: edge(2) },
  };
}

/** Lines on the walls at the back: six numbers each, from and to, at places along each axis in the room. */
export function gridOf(
  { back }: Pick<Box, "back">,
  { half }: Pick<Room, "half">,
  places: Readonly<Record<AxisName, readonly number[]>>,
): Float32Array {
  const lines = AXES.flatMap((name, axis) =>
    places[name].flatMap((place) =>
      [0, 1, 2]
        .filter((wall) => wall !== axis)
        .flatMap((wall) => {
          const along = 3 - axis - wall;
          const ends = [-1, 1].map((end) => {
            const spot = [0, 0, 0];
            spot[axis] = place;
            spot[wall] = (back[wall] as number) * (half[wall] as number);
            spot[along] = end * (half[along] as number);
            return spot;
          });
          return ends.flat();
        }),
    ),
  );
  return Float32Array.from(lines);
}

function wallOf(axis: 0 | 1 | 2, side: Side, half: Triple): Float32Array {
  const [u, v] = [(axis + 1) % 3, (axis + 2) % 3];
  const corners = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([a = 0, b = 0]) => {
    const corner = [0, 0, 0];
    corner[axis] = side * half[axis];
    corner[u] = a * (half[u] as number);
    corner[v] = b * (half[v] as number);
    return corner;
  });
  return Float32Array.from(corners.flat());
}

/**
 * On the outline of the room, where a wall that faces the eye meets one that doesn't: the lower one for the directions,
 * the left one for the height. Straight from above no edge along the height is on it.
 */
function edgeOf(axis: 0 | 1 | 2, half: Triple, view: View): Edge | null {
  const [u, v] = [0, 1, 2].filter((other) => other !== axis) as [0 | 1 | 2, 0 | 1 | 2];
  const [x, y, z] = view.eye;
  const isSteep = z > STEEP * Math.hypot(x, y);
  const faces = (wall: 0 | 1 | 2, side: Side) => {
    if (isSteep) return side * view.eye[wall] > half[wall];
    return side * (wall === 2 ? z + half[2] : view.eye[wall]) > 0;
  };
  const candidates = SIDES.filter(([a, b]) => faces(u, a) !== faces(v, b)).map(([a, b]) => {
    const end = (side: Side): Triple => {
      const place = [0, 0, 0];
      place[axis] = side * half[axis];
      place[u] = a * half[u];
      place[v] = b * half[v];
      return place as unknown as Triple;
    };
    return { from: end(-1), to: end(1) };
  });
  const rank = ({ from, to }: Edge) => {
    const [a, b] = [view.spot(from), view.spot(to)];
    return axis === 2 ? a.x + b.x : -a.y - b.y;
  };
  return candidates.reduce<Edge | null>(
    (best, edge) => (best === null || rank(edge) < rank(best) ? edge : best),
    null,
  );
}

/** From so far above, the outline of the room is that of its ceiling; else names stand along its floor. */
const STEEP = 2.2;

const SIDES: readonly (readonly [Side, Side])[] = [
  [-1, -1],
  [-1, 1],
  [1, -1],
  [1, 1],
];
