import fc from "fast-check";
import { expect, it } from "vitest";
import { EXACT, INTERPOLATED, PREVIEW } from "../src/cell-state";
import { decode } from "../src/kernel/decode";
import type { PatchMessage, SurfaceMessage } from "../src/protocol";
import { applyPatch, fromMessage, merge } from "../src/store/tell";
import { fixture } from "./fixtures";
import { firstLevel, patchMessage, secondLevel, surfaceMessage } from "./messages";

/** All cells and the origin, cut into patches and shuffled. */
const shuffledPatches = fc
  .tuple(
    fc.shuffledSubarray([...Array(46).keys()], { minLength: 46 }),
    fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }),
  )
  .map(([cells, sizes]) => {
    const patches: PatchMessage[] = [];
    let from = 0;
    for (let i = 0; from < cells.length; i++) {
      const size = sizes[i % sizes.length] as number;
      patches.push(patchMessage(cells.slice(from, from + size)));
      from += size;
    }
    return patches;
  });

it("is the same surface after any order of patches", () => {
  const whole = applyPatch(fromMessage(surfaceMessage()), patchMessage([...Array(46).keys()]));
  fc.assert(
    fc.property(shuffledPatches, (patches) => {
      const told = patches.reduce(applyPatch, fromMessage(surfaceMessage()));
      expect(told).toEqual({ ...whole, revision: patches.length });
    }),
  );
});

it("knows its level by its cells, not by what a message claims", () => {
  const empty = fromMessage(surfaceMessage({ level: 1 }));
  expect(empty.level).toBe(-1);
  const fine = applyPatch(empty, patchMessage(secondLevel, { level: 1 }));
  expect(fine.level).toBe(-1);
  const missingOne = applyPatch(fine, patchMessage(firstLevel.slice(1)));
  expect(missingOne.level).toBe(-1);
  expect(applyPatch(missingOne, patchMessage(firstLevel.slice(0, 1))).level).toBe(1);
});

it("finishes coarse levels first", () => {
  const coarse = applyPatch(fromMessage(surfaceMessage()), patchMessage(firstLevel));
  expect(coarse.level).toBe(0);
  expect(applyPatch(coarse, patchMessage(secondLevel)).level).toBe(1);
});

it("agrees with Python about the level of a line", () => {
  const { content, buffers } = fixture("line");
  const line = fromMessage(decode(content, buffers) as SurfaceMessage);
  expect(line.level).toBe(content.level);
  expect(line.values.map((values) => values.length)).toEqual([7, 7]);
});

it("leaves the message alone, and counts revisions in a new wrapper", () => {
  const message = surfaceMessage();
  const before = fromMessage(message);
  const after = applyPatch(before, patchMessage([0, 45]));
  expect(message).toEqual(surfaceMessage());
  expect(after).not.toBe(before);
  expect(after.revision).toBe(before.revision + 1);
  expect(after.values[0]).toBe(before.values[0]);
  expect(after.values[0]?.[45]).toBe(45);
  expect(after.values[1]?.[45]).toBe(Math.fround(0.45));
});

it("merges a newer message without losing what it knew", () => {
  const known = applyPatch(fromMessage(surfaceMessage()), patchMessage([0, 1, 2]));
  const newer = applyPatch(fromMessage(surfaceMessage({ time: "later" })), patchMessage([2, 3]));
  const both = merge(known, newer);
  expect([...both.states.subarray(0, 5)]).toEqual([1, 1, 1, 1, 0]);
  expect([...(both.values[0] as Float32Array).subarray(0, 4)]).toEqual([0, 1, 2, 3]);
  expect(both.time).toBe("later");
  expect(both.revision).toBe(known.revision + 1);
});

it("refuses a patch that was meant for another surface", () => {
  const surface = fromMessage(surfaceMessage());
  expect(() => applyPatch(surface, patchMessage([46]))).toThrow(/Expected cells 0 to 45/);
  expect(() => applyPatch(surface, patchMessage([-1]))).toThrow(/Expected cells 0 to 45/);
  const oneMetric = { values: new Float32Array(2), errors: new Float32Array(2) };
  expect(() => applyPatch(surface, patchMessage([0, 1], oneMetric))).toThrow(
    /Expected 4 values of a patch; got 2/,
  );
});

it("never interpolates again what is measured, nor takes a preview for more than it is", () => {
  const told = (state: number, value: number, preview = 0) =>
    patchMessage([3], {
      values: Float32Array.of(value, value),
      states: Uint8Array.of(state),
      preview,
    });
  const patches = [told(INTERPOLATED, 1), told(PREVIEW, 2, 64), told(EXACT, 3)];
  fc.assert(
    fc.property(fc.shuffledSubarray(patches, { minLength: 3 }), (shuffled) => {
      const surface = shuffled.reduce(applyPatch, fromMessage(surfaceMessage()));
      expect([surface.states[3], surface.values[0]?.[3], surface.preview]).toEqual([EXACT, 3, 64]);
    }),
  );
  const newer = [told(INTERPOLATED, 1), told(INTERPOLATED, 4)].reduce(
    applyPatch,
    fromMessage(surfaceMessage()),
  );
  expect(newer.values[0]?.[3]).toBe(4);
  const preview = applyPatch(fromMessage(surfaceMessage()), told(PREVIEW, 2, 64));
  expect(merge(preview, newer).states[3]).toBe(PREVIEW);
});
