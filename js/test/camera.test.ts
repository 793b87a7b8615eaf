import { expect, it } from "vitest";
import {
  approach,
  between,
  commanded,
  DEFAULT_CAMERA,
  sameView,
  turn,
} from "../src/picture/camera";
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

it("looks from above and along each axis, as far away as before", () => {
  const seen = (command: "top" | "first" | "second") => {
    const camera = commanded(approach(DEFAULT_CAMERA, 2), command);
    if (!camera) throw new Error(`${command} has a camera of its own`);
    expect(away(camera).distance).toBeCloseTo(away(DEFAULT_CAMERA).distance / 2, 12);
    return away(camera);
  };
  expect(seen("top").height).toBeCloseTo(Math.PI / 2, 2);
  expect(seen("first")).toMatchObject({ height: 0, azimuth: 0 });
  expect(seen("second").azimuth).toBeCloseTo(-Math.PI / 2, 12);
  expect(seen("second").height).toBeCloseTo(0, 12);
});

it("goes from one view to another around the surface, by the shorter way", () => {
  const [from, to] = [turn(DEFAULT_CAMERA, 3, 0), turn(DEFAULT_CAMERA, -3, 0.2)];
  expect(sameView(between(from, to, 0), from)).toBe(true);
  expect(sameView(between(from, to, 1), to)).toBe(true);
  const half = between(from, to, 0.5);
  expect(away(half).distance).toBeCloseTo(away(from).distance, 12);
  expect(sameView(half, turn(DEFAULT_CAMERA, Math.PI, 0.1))).toBe(true);
});
