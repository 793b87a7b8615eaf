// Who moves the camera: a hand on the picture, a key, or the request; and when has it settled?

import { LARGER } from "../figure/bold";
import type { Drawn, RelayoutEvent } from "../plotly";
import type { Camera } from "../protocol";
import { fitting as fittingIn } from "../space/fitting";
import type { Triple } from "../space/matrix";
import type { Store } from "../store";
import { DEFAULT_CAMERA, sameView } from "./camera";

export interface Viewpoint {
  /** The size of the picture, and half sides of the room: a small one is seen from farther away. */
  fit(width: number, height: number, half: Triple): void;
  /** Where the picture must be seen from now: a drag comes before the request. */
  current(): Camera;
  /** Where it is seen from while nobody has moved it. */
  home(): Camera;
  /** True if the picture on screen is seen from somewhere else. */
  differs(): boolean;
  /** The picture on screen is now seen from here. */
  stands(camera: Camera): void;
  /** Move in small steps; a pause settles them, as one step of undo. */
  move(camera: Camera | null): void;
  listen(element: Drawn): void;
}

const SETTLED = 250;
/** Pixels that names, ticks and the colour bar take, and where there are ticks alone. */
const AROUND = { left: 52, right: 44, top: 28, bottom: 44, bar: 96 };
const COMPACT = { left: 34, right: 20, top: 28, bottom: 38, bar: 80 };
const BARE = { left: 22, right: 22, top: 6, bottom: 24, bar: 8 };
/** Margins of the picture itself. */
const EDGES = 20;

/** What else there is on the page. */
export interface Surroundings {
  /** No colour bar and no names stand beside the picture. */
  readonly isBare: boolean;
  /** Each step of a drag. */
  moving(camera: Camera): void;
}

export function createViewpoint(
  store: Store,
  stop: AbortSignal,
  { isBare, moving }: Surroundings,
): Viewpoint {
  let dragged: Camera | null = null;
  let standing: Camera | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let fitting = DEFAULT_CAMERA;
  const asked = () => store.request.peek().camera ?? fitting;
  stop.addEventListener("abort", () => clearTimeout(timer));

  function drag(event: RelayoutEvent): void {
    dragged = cameraOf(event) ?? dragged;
    standing = dragged ?? standing;
  }

  function turning(event: RelayoutEvent): void {
    drag(event);
    if (dragged) moving(dragged);
  }

  function release(event: RelayoutEvent): void {
    drag(event);
    const camera = dragged;
    dragged = null;
    if (camera && !sameView(camera, asked())) store.change({ camera });
  }

  return {
    fit(width, height, half) {
      const around = larger(
        isBare ? BARE : isCompact(width) ? COMPACT : AROUND,
        store.request.peek().big_type ? LARGER : 1,
      );
      const inside = {
        width: Math.max(1, width - around.bar),
        height: Math.max(1, height - EDGES),
      };
      fitting = fittingIn(DEFAULT_CAMERA, half, inside, around);
    },
    current: () => dragged ?? asked(),
    home: () => fitting,
    differs: () => dragged === null && !(standing && sameView(standing, asked())),
    stands(camera) {
      standing = camera;
    },
    move(camera) {
      store.preview({ camera });
      clearTimeout(timer);
      timer = setTimeout(() => store.change({ camera }), SETTLED);
    },
    listen(element) {
      element.on("plotly_relayouting", turning);
      element.on("plotly_relayout", release);
    },
  };
}

function larger({ left, right, top, bottom, bar }: typeof AROUND, by: number): typeof AROUND {
  return { left: by * left, right: by * right, top: by * top, bottom: by * bottom, bar: by * bar };
}

/** Pixels below which names along the axes of a surface would be cut off. */
export function isCompact(width: number): boolean {
  return width < 480;
}

/** What an event tells of the camera. */
function cameraOf(event: RelayoutEvent): Camera | null {
  const camera = event["scene.camera"];
  return camera ? { eye: camera.eye, center: camera.center, up: camera.up } : null;
}
