// Do ranges stay on the lattice when they are moved, zoomed and linked?

import { expect, test } from "vitest";
import { followed, shifted, snap, stepOf, tidy, tripled, zoomed } from "../src/numbers/ranges";

test("snapping lands on the lattice, without dust", () => {
  expect(snap(0.29, -1, 0.1)).toBe(0.3);
  expect(tidy(0.1 + 0.2)).toBe(0.3);
  expect(stepOf([-1, 1], 51)).toBe(0.04);
});

test("zoom keeps the middle; twice out and in comes back", () => {
  expect(zoomed([-0.5, 1.5], 2)).toEqual([-1.5, 2.5]);
  expect(zoomed(zoomed([-0.3, 0.7], 2), 0.5)).toEqual([-0.3, 0.7]);
  expect(tripled([-1, 1])).toEqual([-3, 3]);
  expect(shifted([-1, 1], 0.04)).toEqual([-0.96, 1.04]);
});

test("what is linked follows in proportion", () => {
  expect(followed([-1, 1], [-1, 1], [-2, 4])).toEqual([-2, 4]);
  expect(followed([0, 1], [-1, 1], [-2, 2])).toEqual([-0.5, 1.5]);
});

test("nothing follows a range that makes no sense", () => {
  expect(followed([-1, 1], [-1, 1], [3, 1])).toEqual([-1, 1]);
});
