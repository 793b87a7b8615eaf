import { expect, it } from "vitest";
import { UNKNOWN } from "../src/cell-state";
import { figure } from "../src/figure";
import { LIGHT } from "../src/picture/theme";
import { request } from "./fake-store";
import { landscape, spread } from "./landscapes";

/** What plotly takes from one level of an axis of so many points. */
function sheetOf(points: number, xLevel: readonly number[] = []) {
  const surface = landscape((x) => x, { x: spread(-1, 1, points), xLevel, rest: UNKNOWN });
  const [sheet] = figure(surface, request, LIGHT, false).data;
  return sheet as unknown as { x: Float64Array; z: Float64Array[] };
}

it("is so fine, and so even, that plotly has nothing to add", () => {
  // The columns of a level of 51: three steps apart, or four.
  const drawn = spread(0, 50, 17).map(Math.round);
  const uneven = spread(0, 50, 51).map((index) => (drawn.includes(index) ? 0 : 1));
  for (const { x, z } of [sheetOf(5), sheetOf(51, uneven), sheetOf(130)]) {
    expect(x.length).toBeGreaterThanOrEqual(120);
    expect(x.length).toBeLessThan(240);
    expect(z[0]).toHaveLength(x.length);
    const steps = [...x.subarray(1)].map((to, index) =>
      Math.round(2 / (to - (x[index] as number))),
    );
    expect(new Set(steps)).toEqual(new Set([x.length - 1]));
  }
});

it("goes straight from cell to cell, and has each of them on it", () => {
  const { x, z } = sheetOf(5, [0, 1, 1, 0, 0]);
  const value = (place: number) => z[0]?.[x.findIndex((at) => Math.abs(at - place) < 1e-9)];
  expect([-1, -0.5, 0.5, 0.75, 1].map(value)).toEqual([-1, -0.5, 0.5, 0.75, 1]);
});

it("ends where a cell isn't finite", () => {
  const holed = landscape((x) => (x === 0 ? Number.NaN : x), { x: spread(-1, 1, 5) });
  const [sheet] = figure(holed, request, LIGHT, false).data;
  const { x, z } = sheet as unknown as { x: Float64Array; z: Float64Array[] };
  const isKnown = (place: number) =>
    Number.isFinite(z[0]?.[x.findIndex((at) => at >= place - 1e-9)]);
  expect([-0.5, -0.4, 0, 0.4, 0.5].map(isKnown)).toEqual([true, false, false, false, true]);
});
