// From where is the surface seen, and how does a key or a wheel move that?

import type { Camera, Vector } from "../protocol";

export type CameraCommand = "reset" | "left" | "right" | "up" | "down" | "in" | "out";

/** From the front right, a little above: the valley in the middle, walls behind it. */
export const DEFAULT_CAMERA: Camera = {
  eye: { x: 1.05, y: -1.3, z: 1.04 },
  center: { x: 0, y: 0, z: -0.22 },
  up: { x: 0, y: 0, z: 1 },
};

const STEP = Math.PI / 24;
const ZOOM = 1.1;
const STEEPEST = 0.49 * Math.PI;

/** Around the vertical by `around`, up by `up`, both radians; never over the top. */
export function turn(camera: Camera, around: number, up: number): Camera {
  const { eye, center } = camera;
  const [x, y, z] = [eye.x - center.x, eye.y - center.y, eye.z - center.z];
  const distance = Math.hypot(x, y, z);
  const azimuth = Math.atan2(y, x) + around;
  const height = Math.min(STEEPEST, Math.max(-STEEPEST, Math.asin(z / distance) + up));
  const away: Vector = {
    x: distance * Math.cos(height) * Math.cos(azimuth),
    y: distance * Math.cos(height) * Math.sin(azimuth),
    z: distance * Math.sin(height),
  };
  return { ...camera, eye: { x: center.x + away.x, y: center.y + away.y, z: center.z + away.z } };
}

/** Nearer (factor above 1) or farther, looking at the same point. */
export function approach(camera: Camera, factor: number): Camera {
  const { eye, center } = camera;
  const along = (from: number, to: number) => to + (from - to) / factor;
  return {
    ...camera,
    eye: { x: along(eye.x, center.x), y: along(eye.y, center.y), z: along(eye.z, center.z) },
  };
}

/** The same view, but for the dust that plotly's matrices leave. */
export function sameView(first: Camera, second: Camera): boolean {
  const numbers = ({ eye, center, up }: Camera) =>
    [eye, center, up].flatMap(({ x, y, z }) => [x, y, z]);
  const others = numbers(second);
  return numbers(first).every((number, index) => Math.abs(number - (others[index] ?? 0)) < 1e-6);
}

/** What a command makes of a camera; null is the default view. */
export function commanded(from: Camera, command: CameraCommand): Camera | null {
  switch (command) {
    case "reset":
      return null;
    case "left":
      return turn(from, -STEP, 0);
    case "right":
      return turn(from, STEP, 0);
    case "up":
      return turn(from, 0, STEP);
    case "down":
      return turn(from, 0, -STEP);
    case "in":
      return approach(from, ZOOM);
    case "out":
      return approach(from, 1 / ZOOM);
  }
}
