// Is all of a picture larger for those in the last row, and nothing else of it different?

import { expect, test } from "vitest";
import { figure } from "../src/figure";
import { LARGER } from "../src/figure/bold";
import { LIGHT } from "../src/picture/theme";
import type { Kind } from "../src/protocol";
import { fromMessage } from "../src/store/tell";
import { request, surfaceMessage } from "./fake-store";
import { path } from "./messages";

const bowl = (x: number, y: number) => x * x + y * y;

/** Every number of both, by where it stands, that isn't the same. */
function differences(one: unknown, other: unknown, place = ""): [string, number][] {
  if (typeof one === "number" && typeof other === "number") {
    return one === other || (Number.isNaN(one) && Number.isNaN(other))
      ? []
      : [[place, other / one]];
  }
  if (typeof one !== "object" || one === null) {
    expect(other, place).toEqual(one);
    return [];
  }
  return Object.entries(one).flatMap(([name, value]) =>
    differences(value, (other as Record<string, unknown>)[name], `${place}/${name}`),
  );
}

test.each<Kind>(["surface", "contour", "heatmap", "line"])("%s", (kind) => {
  const dimensions = kind === "line" ? 1 : 2;
  const surface = fromMessage(surfaceMessage(5, bowl, { dimensions, path }));
  const drawn = (big_type: boolean) =>
    figure(surface, { ...request, kind, big_type }, LIGHT, false).data;
  const changed = differences(drawn(false), drawn(true));
  for (const [place, ratio] of changed) {
    expect(place).toMatch(/(width|size)(\/\d+)?$/);
    if (/font\/size$/.test(place)) expect(ratio).toBeGreaterThanOrEqual(LARGER);
    else expect(ratio).toBeCloseTo(LARGER);
  }
  expect(changed.some(([place]) => place.endsWith("/line/width"))).toBe(true);
});

test("letters are larger too", () => {
  const surface = fromMessage(surfaceMessage(5, bowl));
  const size = (big_type: boolean) => {
    const { font } = figure(surface, { ...request, big_type }, LIGHT, false).layout;
    return (font as { readonly size: number }).size;
  };
  expect(size(true)).toBe(LARGER * size(false));
});
