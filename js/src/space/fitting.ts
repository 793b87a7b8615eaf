// From how far away, and at which height, does a room fill its picture and leave its names their room?

import { approach } from "../picture/camera";
import type { Camera } from "../protocol";
import type { Triple } from "./matrix";
import { type Size, viewOf } from "./view";

/** Pixels that are kept free at the edges of a picture. */
export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** How much nearer or farther than the camera that is given, at most. */
const FARTHEST = 0.3;
const NEAREST = 1.8;
const HALVINGS = 14;
/** Each brings the middle nearer to where it belongs; more than a few change nothing that is seen. */
const SHIFTS = 4;

/** The camera's direction stays; it looks up or down until there is as much room above as below. */
export function fitting(camera: Camera, half: Triple, size: Size, margins: Margins): Camera {
  let [far, near] = [FARTHEST, NEAREST];
  for (let turn = 0; turn < HALVINGS; turn++) {
    const middle = (far + near) / 2;
    const next = centred(approach(camera, middle), half, size, margins);
    if (fits(next, half, size, margins)) far = middle;
    else near = middle;
  }
  return centred(approach(camera, far), half, size, margins);
}

function centred(camera: Camera, half: Triple, size: Size, { top, bottom }: Margins): Camera {
  let shifted = camera;
  const wanted = (top + size.height - bottom) / 2;
  for (let turn = 0; turn < SHIFTS; turn++) {
    const { up } = outlineOf(shifted, half, size);
    const away = Math.hypot(...(["x", "y", "z"] as const).map((axis) => shifted.eye[axis]));
    shifted = raised(shifted, (((up[0] + up[1]) / 2 - wanted) * -0.8 * away) / size.height);
  }
  return shifted;
}

function raised(camera: Camera, by: number): Camera {
  const { eye, center } = camera;
  return { ...camera, eye: { ...eye, z: eye.z + by }, center: { ...center, z: center.z + by } };
}

function fits(camera: Camera, half: Triple, size: Size, margins: Margins): boolean {
  const { across, up } = outlineOf(camera, half, size);
  return (
    across[0] >= margins.left &&
    across[1] <= size.width - margins.right &&
    up[1] - up[0] <= size.height - margins.top - margins.bottom
  );
}

/** From where to where the corners of a room lie on the picture. */
function outlineOf(camera: Camera, half: Triple, size: Size) {
  const view = viewOf(camera, size);
  const spots = [0, 1, 2, 3, 4, 5, 6, 7].map((corner) =>
    view.spot([
      corner & 1 ? half[0] : -half[0],
      corner & 2 ? half[1] : -half[1],
      corner & 4 ? half[2] : -half[2],
    ]),
  );
  const ends = (values: readonly number[]) => [Math.min(...values), Math.max(...values)] as const;
  return { across: ends(spots.map(({ x }) => x)), up: ends(spots.map(({ y }) => y)) };
}
