import { expect, it } from "vitest";
import { INTERPOLATED, PREVIEW } from "../src/cell-state";
import { decode } from "../src/kernel/decode";
import { drawable, ground, nearestCell } from "../src/lattice";
import type { SurfaceMessage } from "../src/protocol";
import { applyPatch, fromMessage } from "../src/store/tell";
import { fixture } from "./fixtures";
import { firstLevel, patchMessage, secondLevel, surfaceMessage } from "./messages";

const empty = () => fromMessage(surfaceMessage());
const coarse = () => applyPatch(empty(), patchMessage([...firstLevel, 45]));
const fine = () => applyPatch(coarse(), patchMessage(secondLevel));
const inState = (cells: readonly number[], state: number) =>
  patchMessage(cells, { states: new Uint8Array(cells.length).fill(state) });
const line = () => {
  const { content, buffers } = fixture("line");
  return fromMessage(decode(content, buffers) as SurfaceMessage);
};

it("has nothing to draw before its first level", () => {
  expect(drawable(empty(), 0)).toBeNull();
  expect(drawable(coarse(), 7)).toBeNull();
  expect(nearestCell(empty(), 0, 0)).toBe(-1);
});

it("draws a level on its own axes, never padded", () => {
  const drawn = drawable(coarse(), 0);
  expect([...(drawn?.x ?? [])]).toEqual([-1, -0.5, 0, 0.5, 1]);
  expect([...(drawn?.y ?? [])]).toEqual([-1, -0.5, 0, 0.5, 1]);
  expect(drawn?.rows.map((row) => [...row])).toEqual(
    [0, 9, 18, 27, 36].map((start) => [0, 2, 4, 6, 8].map((column) => start + column)),
  );
});

it("draws a started level only when it is finished", () => {
  const started = applyPatch(coarse(), patchMessage(secondLevel.slice(1)));
  expect(drawable(started, 0)?.x).toHaveLength(5);
  expect(drawable(fine(), 0)?.x).toHaveLength(9);
});

it("hands out rows of its own, so that a later patch doesn't change a picture", () => {
  const surface = coarse();
  const drawn = drawable(surface, 0);
  applyPatch(surface, patchMessage([0], { values: Float32Array.of(99, 99) }));
  expect(drawn?.rows[0]?.[0]).toBe(0);
});

it("draws a line as one row without a second axis", () => {
  const drawn = drawable(line(), 1);
  expect([...(drawn?.x ?? [])]).toEqual([-0.5, 0, 0.5, 1, 1.5]);
  expect(drawn?.y).toHaveLength(0);
  expect(drawn?.rows.map((row) => [...row])).toEqual([[100, 99, 98, 97, 96]]);
});

it("finds the nearest cell among the drawn ones", () => {
  expect(nearestCell(coarse(), -0.7, -1)).toBe(2);
  expect(nearestCell(fine(), -0.7, -1)).toBe(1);
  expect(nearestCell(fine(), 5, 5)).toBe(44);
  expect(nearestCell(line(), 0.9, 123)).toBe(3);
});

it("draws the ground between measured cells where the kernel has interpolated it", () => {
  expect(ground(coarse(), 0)?.x).toHaveLength(5);
  const filled = applyPatch(coarse(), inState(secondLevel, INTERPOLATED));
  expect(filled.level).toBe(0);
  expect(drawable(filled, 0)?.x).toHaveLength(5);
  expect(ground(filled, 0)?.x).toHaveLength(9);
  expect([...(ground(filled, 0)?.cells[1] ?? [])]).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17]);
  expect(nearestCell(filled, -0.75, -1)).toBe(1);
  expect(nearestCell(coarse(), -0.76, -1)).toBe(0);
});

it("draws no ground two levels finer than the measured one, nor where a cell is missing", () => {
  const levels = { xLevel: Uint8Array.of(0, 3, 1, 3, 0, 3, 2, 3, 0) };
  const rows = (columns: number[]) => [0, 9, 18, 27, 36].flatMap((y) => columns.map((x) => y + x));
  const filled = (cells: readonly number[]) =>
    [patchMessage(rows([0, 4, 8])), inState(cells, INTERPOLATED)].reduce(
      applyPatch,
      fromMessage(surfaceMessage(levels)),
    );
  expect(ground(filled(rows([1, 2, 3, 5, 6, 7])), 0)?.x).toHaveLength(5);
  expect(ground(filled(rows([2, 6]).slice(1)), 0)?.x).toHaveLength(3);
});

it("takes a preview for measured", () => {
  expect(applyPatch(empty(), inState(firstLevel, PREVIEW)).level).toBe(0);
});
