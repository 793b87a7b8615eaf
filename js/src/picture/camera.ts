// From where is the surface seen, and how does a key or a wheel move that?

import type { Camera, Vector } from "../protocol";

/** Where a surface may be looked at from at once. */
export const PRESETS = ["reset", "top", "first", "second"] as const;

export type CameraPreset = (typeof PRESETS)[number];
export type CameraCommand = CameraPreset | "left" | "right" | "up" | "down" | "in" | "out";

/** From the front right, a little above: the valley in the middle, walls behind it. */
export const DEFAULT_CAMERA: Camera = {
  eye: { x: 1.05, y: -1.3, z: 1.04 },
  center: { x: 0, y: 0, z: -0.22 },
  up: { x: 0, y: 0, z: 1 },
};

const STEP = Math.PI / 24;
const ZOOM = 1.1;
const STEEPEST = 0.49 * Math.PI;

/** As good as vertical; what is above the point looked at has no side. */
const STRAIGHT_DOWN = 0.4999 * Math.PI;

interface Place {
  readonly azimuth: number;
  readonly height: number;
}

/** As far away as before; along an axis the other one runs to the right. */
function seenFrom(from: Camera, place: Place): Camera {
  const { center } = DEFAULT_CAMERA;
  return { ...DEFAULT_CAMERA, eye: eyeAt(center, placeOf(from).distance, place) };
}

/** Part of the way from one view to another, 0 to 1: around the surface, never through it. */
export function between(from: Camera, to: Camera, share: number): Camera {
  const [a, b] = [placeOf(from), placeOf(to)];
  const mixed = (first: number, second: number) => first + share * (second - first);
  const turned = ((b.azimuth - a.azimuth + 3 * Math.PI) % (2 * Math.PI)) - Math.PI;
  const center = {
    x: mixed(from.center.x, to.center.x),
    y: mixed(from.center.y, to.center.y),
    z: mixed(from.center.z, to.center.z),
  };
  const place = { azimuth: a.azimuth + share * turned, height: mixed(a.height, b.height) };
  return { ...to, center, eye: eyeAt(center, mixed(a.distance, b.distance), place) };
}

function placeOf({ eye, center }: Camera): Place & { readonly distance: number } {
  const [x, y, z] = [eye.x - center.x, eye.y - center.y, eye.z - center.z];
  const distance = Math.hypot(x, y, z);
  return { distance, azimuth: Math.atan2(y, x), height: Math.asin(z / distance) };
}

function eyeAt(center: Vector, distance: number, { azimuth, height }: Place): Vector {
  return {
    x: center.x + distance * Math.cos(height) * Math.cos(azimuth),
    y: center.y + distance * Math.cos(height) * Math.sin(azimuth),
    z: center.z + distance * Math.sin(height),
  };
}

/** Around the vertical by `around`, up by `up`, both radians; never over the top. */
export function turn(camera: Camera, around: number, up: number): Camera {
  const place = placeOf(camera);
  const height = Math.min(STEEPEST, Math.max(-STEEPEST, place.height + up));
  const eye = eyeAt(camera.center, place.distance, { azimuth: place.azimuth + around, height });
  return { ...camera, eye };
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

/** The same view, but for the dust that turning to and fro leaves. */
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
    case "top":
      return seenFrom(from, { azimuth: -Math.PI / 2, height: STRAIGHT_DOWN });
    case "first":
      return seenFrom(from, { azimuth: 0, height: 0 });
    case "second":
      return seenFrom(from, { azimuth: -Math.PI / 2, height: 0 });
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
