import { describe, expect, it } from "vitest";
import {
  between,
  checkpoint,
  coordinatesOf,
  dropsOf,
  outside,
  shownCount,
  under,
} from "../src/path";
import { landscape, spread } from "./landscapes";
import { path, request } from "./messages";

const axis = spread(-1, 1, 5);
const tilted = { ...landscape((x, y) => 2 * x + y, { x: axis, y: axis }), path };

describe("a path", () => {
  it("has a place for each checkpoint", () => {
    expect([0, 1, 2].map((index) => coordinatesOf(path, index))).toEqual([
      [-0.8, 0.6],
      [-0.2, 0.4],
      [0, 0],
    ]);
  });

  it("is drawn whole, or as far as the moment", () => {
    expect([null, 0, 2, 3, 99].map((moment) => shownCount(path, moment))).toEqual([3, 0, 2, 3, 3]);
  });

  it("drops where the learning rate is half or less of the one before", () => {
    const rates = (...learningRates: number[]) =>
      dropsOf({ ...path, learningRates: Float64Array.from(learningRates) });
    expect(dropsOf(path)).toEqual([2]);
    expect(rates(0.1, 0.05, 0.04, 0.002)).toEqual([1, 3]);
    expect(rates(0.1, Number.NaN, 0.01)).toEqual([]);
    expect(rates(0, 0, 0)).toEqual([]);
  });

  it("says how many checkpoints lie outside of the window", () => {
    expect(outside(path, request)).toBe(0);
    expect(outside(path, { x: [-0.5, 1], y: [-1, 1] })).toBe(1);
    expect(outside(path, { x: [-0.5, 1], y: [-1, 0.3] })).toBe(2);
  });
});

describe("the ground under a place", () => {
  it("is straight between cells, so that a tilted plane is met exactly", () => {
    expect(under(tilted, 0, [-0.8, 0.6])).toBeCloseTo(-1, 6);
    expect(under(tilted, 0, [0.3, -0.7])).toBeCloseTo(-0.1, 6);
    expect(under(tilted, 0, [1, 1])).toBe(3);
  });

  it("is unknown outside, and before the first level", () => {
    expect(under(tilted, 0, [1.01, 0])).toBeNaN();
    expect(
      under(
        landscape(() => 1, { level: -1 }),
        0,
        [0, 0],
      ),
    ).toBeNaN();
  });

  it("is unknown beside a hole, but not on a cell next to it", () => {
    const holed = landscape((x, y) => (x > 0.9 ? Number.NaN : x + y), { x: axis, y: axis });
    expect(under(holed, 0, [0.75, 0])).toBeNaN();
    expect(under(holed, 0, [0.5, 0])).toBe(0.5);
  });

  it("needs no second axis along a line", () => {
    const x = Float64Array.of(0, 1, 3);
    expect(between({ x, y: new Float64Array() }, [[0, 2, 4]], [2])).toBe(3);
  });
});

describe("one checkpoint", () => {
  it("has its own value beside that of the ground", () => {
    expect(checkpoint(tilted, 0, 1)).toEqual({
      index: 1,
      coordinates: [-0.2, 0.4],
      step: 10,
      epoch: 1,
      learningRate: 0.1,
      value: 1,
      under: expect.closeTo(0, 6),
      distance: 1,
    });
  });

  it("is in the plane where only rounding is between", () => {
    const near = { ...tilted, path: { ...path, distances: Float64Array.of(2, 1, 1e-7) } };
    expect(checkpoint(near, 0, 2)?.distance).toBe(0);
  });

  it("is none where there is no such", () => {
    expect(checkpoint(tilted, 0, 3)).toBeNull();
    expect(checkpoint(tilted, 0, -1)).toBeNull();
    expect(checkpoint({ ...tilted, path: null }, 0, 0)).toBeNull();
  });
});
