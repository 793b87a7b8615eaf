import { expect, it } from "vitest";
import { approach, commanded, DEFAULT_CAMERA, sameView, turn } from "../src/picture/camera";
import type { Camera } from "../src/protocol";

function away({ eye, center }: Camera): { distance: number; height: number; azimuth: number } {
  const [x, y, z] = [eye.x - center.x, eye.y - center.y, eye.z - center.z];
  const distance = Math.hypot(x, y, z);
  return { distance, height: Math.asin(z / distance), azimuth: Math.atan2(y, x) };
}

it("turns about the point it looks at and keeps its distance", () => {
  const turned = turn(DEFAULT_CAMERA, 0.3, 0.1);
  expect(turned.center).toEqual(DEFAULT_CAMERA.center);
  expect(away(turned).distance).toBeCloseTo(away(DEFAULT_CAMERA).distance, 12);
  expect(away(turned).azimuth).toBeCloseTo(away(DEFAULT_CAMERA).azimuth + 0.3, 12);
  expect(away(turned).height).toBeCloseTo(away(DEFAULT_CAMERA).height + 0.1, 12);
});

it("comes back to where it was after a full turn", () => {
  expect(sameView(turn(DEFAULT_CAMERA, 2 * Math.PI, 0), DEFAULT_CAMERA)).toBe(true);
});

it("never goes over the top", () => {
  expect(away(turn(DEFAULT_CAMERA, 0, 10)).height).toBeCloseTo(0.49 * Math.PI, 12);
  expect(away(turn(DEFAULT_CAMERA, 0, -10)).height).toBeCloseTo(-0.49 * Math.PI, 12);
});

it("comes nearer by a factor", () => {
  expect(away(approach(DEFAULT_CAMERA, 2)).distance).toBeCloseTo(
    away(DEFAULT_CAMERA).distance / 2,
    12,
  );
});

it("obeys in pairs that undo each other, and resets to no camera at all", () => {
  for (const [there, back] of [
    ["left", "right"],
    ["up", "down"],
    ["in", "out"],
  ] as const) {
    const gone = commanded(DEFAULT_CAMERA, there);
    expect(gone && sameView(gone, DEFAULT_CAMERA)).toBe(false);
    const returned = gone && commanded(gone, back);
    expect(returned && sameView(returned, DEFAULT_CAMERA)).toBe(true);
  }
  expect(commanded(DEFAULT_CAMERA, "reset")).toBeNull();
});
