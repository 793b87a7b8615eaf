import { expect, it } from "vitest";
import { EXACT, INTERPOLATED, PREVIEW } from "../src/cell-state";
import { decode } from "../src/kernel/decode";
import type { SurfaceMessage } from "../src/protocol";
import { applyPatch, fromMessage } from "../src/store/tell";
import * as surfaces from "../src/surface";
import { fixture } from "./fixtures";
import { firstLevel, metrics, patchMessage, surfaceMessage } from "./messages";

const empty = () => fromMessage(surfaceMessage());
const coarse = () => applyPatch(empty(), patchMessage([...firstLevel, 45]));
const line = () => {
  const { content, buffers } = fixture("line");
  return fromMessage(decode(content, buffers) as SurfaceMessage);
};

it("reads a cell: coordinates, value, errors, distance in weights", () => {
  expect(surfaces.read(coarse(), 0, 36)).toEqual({
    coordinates: [-1, 1],
    value: 36,
    known: "exact",
    samples: 100,
    standardError: 0.5 * Math.sqrt(3 / 4),
    populationError: 0.5,
    distance: Math.sqrt(4 + 9),
    label: null,
    residual: null,
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
  expect(surfaces.finalCells(surface)).toBe(3);
  expect(surfaces.notFinite(surface, 0)).toBe(2);
  expect(surfaces.notFinite(surface, 1)).toBe(0);
  expect(surfaces.cellCount(surface)).toBe(45);
  expect(surfaces.cellCount(line())).toBe(5);
});

it("knows its metrics by name", () => {
  expect(surfaces.metricIndex(empty(), "accuracy")).toBe(1);
  expect(surfaces.metricIndex(empty(), "test_loss")).toBe(-1);
});

it("reads a preview with its own count, and the interpolated as what it is, without an error", () => {
  const states = Uint8Array.of(PREVIEW, INTERPOLATED);
  const surface = applyPatch(empty(), patchMessage([0, 1], { states, preview: 25 }));
  expect(surfaces.read(surface, 0, 0)).toMatchObject({
    value: 0,
    known: "preview",
    samples: 25,
    standardError: 0.5 * Math.sqrt(1 - 25 / 400),
  });
  expect(surfaces.read(surface, 0, 1)).toMatchObject({
    value: 1,
    known: "interpolated",
    samples: 0,
    standardError: Number.NaN,
  });
  expect(surfaces.read(surface, 0, 2)).toMatchObject({ known: "unknown", value: Number.NaN });
});

it("knows what is measured, and tells previews and interpolated ground apart from it", () => {
  const states = Uint8Array.of(EXACT, PREVIEW, INTERPOLATED);
  const values = Float32Array.of(1, Number.NaN, Number.NaN, 1, 1, 1);
  const surface = applyPatch(empty(), patchMessage([0, 1, 2], { states, values }));
  expect([surfaces.knownCells(surface), surfaces.finalCells(surface)]).toEqual([2, 1]);
  expect(surfaces.notFinite(surface, 0)).toBe(1);
  expect([surfaces.hasPreview(surface), surfaces.isInterpolated(surface)]).toEqual([true, true]);
  expect([surfaces.hasPreview(empty()), surfaces.isInterpolated(empty())]).toEqual([false, false]);
});
