// Surfaces for tests of the picture: a formula on a grid, all or part of it measured.

import { EXACT, UNKNOWN } from "../src/cell-state";
import type { Metric } from "../src/protocol";
import type { Surface } from "../src/surface";
import { facts } from "./fake-store";
import { plain } from "./plain";

export interface Ground {
  readonly x: readonly number[];
  /** Empty for a line. */
  readonly y: readonly number[];
  readonly metrics: readonly Metric[];
  readonly points: Readonly<Record<string, readonly number[]>>;
  readonly errors: number;
  readonly level: number;
  readonly xLevel: readonly number[];
  /** The state of cells that are finer than the level. */
  readonly rest: number;
}

export const loss: Metric = { name: "loss", unit: "", size: 100, samples: 100, ...plain };
export const accuracy: Metric = { name: "accuracy", unit: "%", size: 100, samples: 100, ...plain };

/** Every metric takes the same values; the first level is all there is. */
export function landscape(
  value: (x: number, y: number) => number,
  changes: Partial<Ground> = {},
): Surface {
  const ground: Ground = {
    x: [-1, 0, 1],
    y: [-1, -0.5, 0, 0.5, 1],
    metrics: [loss],
    points: { origin: [0, 0] },
    errors: Number.NaN,
    level: 0,
    xLevel: [],
    rest: UNKNOWN,
    ...changes,
  };
  const rows = ground.y.length > 0 ? ground.y : [0];
  const places = Object.values(ground.points);
  const values = [
    ...rows.flatMap((y) => ground.x.map((x) => value(x, y))),
    ...places.map(([x = 0, y = 0]) => value(x, y)),
  ];
  const finer = ground.x.map((_, index) => (ground.xLevel[index] ?? 0) > Math.max(0, ground.level));
  return {
    map: null,
    generation: 1,
    revision: 4,
    renewed: 0,
    level: ground.level,
    x: Float64Array.from(ground.x),
    y: Float64Array.from(ground.y),
    xLevel: Uint8Array.from(ground.x, (_, index) => ground.xLevel[index] ?? 0),
    yLevel: new Uint8Array(ground.y.length),
    metrics: ground.metrics,
    points: Object.keys(ground.points),
    pointCoordinates: Float64Array.from(places.flat()),
    values: ground.metrics.map(() => Float32Array.from(values)),
    errors: ground.metrics.map(() => new Float32Array(values.length).fill(ground.errors)),
    states: Uint8Array.from([
      ...rows.flatMap(() => finer.map((isFiner) => (isFiner ? ground.rest : EXACT))),
      ...places.map(() => EXACT),
    ]),
    preview: 0,
    facts,
    path: null,
    pathSequence: 0,
    pathBegan: 0,
    time: "2026-11-22T10:41:00Z",
  };
}

/** Points of an axis, evenly spread, ends included. */
export function spread(low: number, high: number, points: number): number[] {
  return Array.from({ length: points }, (_, index) => low + ((high - low) * index) / (points - 1));
}
