import { expect, it } from "vitest";
import { decode } from "../src/kernel/decode";
import type { SurfaceMessage } from "../src/protocol";
import { applyPatch, fromMessage } from "../src/store/tell";
import * as surfaces from "../src/surface";
import { fixture } from "./fixtures";
import { firstLevel, metrics, patchMessage, secondLevel, surfaceMessage } from "./messages";

const empty = () => fromMessage(surfaceMessage());
const coarse = () => applyPatch(empty(), patchMessage([...firstLevel, 45]));
const fine = () => applyPatch(coarse(), patchMessage(secondLevel));
const line = () => {
  const { content, buffers } = fixture("line");
  return fromMessage(decode(content, buffers) as SurfaceMessage);
};

it("has nothing to draw before its first level", () => {
  expect(surfaces.drawable(empty(), 0)).toBeNull();
  expect(surfaces.drawable(coarse(), 7)).toBeNull();
  expect(surfaces.nearestCell(empty(), 0, 0)).toBe(-1);
});

it("draws a level on its own axes, never padded", () => {
  const drawn = surfaces.drawable(coarse(), 0);
  expect([...(drawn?.x ?? [])]).toEqual([-1, -0.5, 0, 0.5, 1]);
  expect([...(drawn?.y ?? [])]).toEqual([-1, -0.5, 0, 0.5, 1]);
  expect(drawn?.rows.map((row) => [...row])).toEqual(
    [0, 9, 18, 27, 36].map((start) => [0, 2, 4, 6, 8].map((column) => start + column)),
  );
});

it("draws a started level only when it is finished", () => {
  const started = applyPatch(coarse(), patchMessage(secondLevel.slice(1)));
  expect(surfaces.drawable(started, 0)?.x).toHaveLength(5);
  expect(surfaces.drawable(fine(), 0)?.x).toHaveLength(9);
});

it("hands out rows of its own, so that a later patch doesn't change a picture", () => {
  const surface = coarse();
  const drawn = surfaces.drawable(surface, 0);
  applyPatch(surface, patchMessage([0], { values: Float32Array.of(99, 99) }));
  expect(drawn?.rows[0]?.[0]).toBe(0);
});

it("draws a line as one row without a second axis", () => {
  const drawn = surfaces.drawable(line(), 1);
  expect([...(drawn?.x ?? [])]).toEqual([-0.5, 0, 0.5, 1, 1.5]);
  expect(drawn?.y).toHaveLength(0);
  expect(drawn?.rows.map((row) => [...row])).toEqual([[100, 99, 98, 97, 96]]);
});

it("reads a cell: coordinates, value, errors, distance in weights", () => {
  expect(surfaces.read(coarse(), 0, 36)).toEqual({
    coordinates: [-1, 1],
    value: 36,
    standardError: 0.5 * Math.sqrt(3 / 4),
    populationError: 0.5,
    distance: Math.sqrt(4 + 9),
    label: null,
  });
});

it("reads a labelled point by its label", () => {
  expect(surfaces.read(coarse(), 1, 45)).toMatchObject({
    coordinates: [0, 0],
    value: Math.fround(0.45),
    distance: 0,
    label: "origin",
  });
  expect(surfaces.read(line(), 0, 6)).toMatchObject({
    coordinates: [1],
    value: 6,
    distance: 2,
    label: "other model",
  });
});

it("finds the nearest cell among the drawn ones", () => {
  expect(surfaces.nearestCell(coarse(), -0.7, -1)).toBe(2);
  expect(surfaces.nearestCell(fine(), -0.7, -1)).toBe(1);
  expect(surfaces.nearestCell(fine(), 5, 5)).toBe(44);
  expect(surfaces.nearestCell(line(), 0.9, 123)).toBe(3);
});

it("has no error on all of the data, and none that is known before a cell is", () => {
  const whole = metrics.map((metric) => ({ ...metric, samples: metric.size }));
  const unknown = patchMessage([3], { errors: new Float32Array(2).fill(Number.NaN) });
  const surface = applyPatch(fromMessage(surfaceMessage({ metrics: whole })), unknown);
  expect(surfaces.standardError(surface, 0, 3)).toBe(0);
  expect(surfaces.standardError(surface, 0, 4)).toBeNaN();
  expect(surfaces.standardError(applyPatch(empty(), unknown), 0, 3)).toBeNaN();
});

it("counts what is known and what is not finite, labelled points apart", () => {
  const values = Float32Array.of(1, Number.NaN, Infinity, Number.NaN, 1, 1, 1, 1);
  const surface = applyPatch(empty(), patchMessage([0, 1, 2, 45], { values }));
  expect(surfaces.knownCells(surface)).toBe(3);
  expect(surfaces.notFinite(surface, 0)).toBe(2);
  expect(surfaces.notFinite(surface, 1)).toBe(0);
  expect(surfaces.cellCount(surface)).toBe(45);
  expect(surfaces.cellCount(line())).toBe(5);
});

it("knows its metrics by name", () => {
  expect(surfaces.metricIndex(empty(), "accuracy")).toBe(1);
  expect(surfaces.metricIndex(empty(), "test_loss")).toBe(-1);
});
