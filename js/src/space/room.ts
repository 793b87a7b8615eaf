// Which room does a layout describe: its sides in data, its size, and how one becomes the other?

import type { Layout } from "../plotly";
import type { Range } from "../protocol";
import type { Triple } from "./matrix";

export type AxisName = "x" | "y" | "z";

/** Centred at zero; its half sides are those of the aspect ratio. */
export interface Room {
  readonly ranges: Readonly<Record<AxisName, Range>>;
  readonly half: Triple;
  /** A coordinate of the data, in the room. */
  at(axis: 0 | 1 | 2, value: number): number;
  /** A coordinate of the room, in the data. */
  from(axis: 0 | 1 | 2, place: number): number;
}

export const AXES = ["x", "y", "z"] as const;

/** `scene` is plotly's: a range an axis, and an aspect ratio. */
export function roomOf(scene: Layout): Room {
  const aspect = scene.aspectratio as Readonly<Record<AxisName, number>>;
  const range = (name: AxisName) => (scene[`${name}axis`] as { readonly range: Range }).range;
  const ranges = { x: range("x"), y: range("y"), z: range("z") };
  const all = AXES.map((name) => ({ range: ranges[name], side: aspect[name] }));
  return {
    ranges,
    half: [aspect.x / 2, aspect.y / 2, aspect.z / 2],
    at(axis, value) {
      const { range, side } = all[axis] as (typeof all)[number];
      return ((value - range[0]) / (range[1] - range[0]) - 0.5) * side;
    },
    from(axis, place) {
      const { range, side } = all[axis] as (typeof all)[number];
      return range[0] + (place / side + 0.5) * (range[1] - range[0]);
    },
  };
}
