// Who moves the camera: a hand on the picture, a key, or the request; and when has it settled?

import type { Drawn, RelayoutEvent } from "../plotly";
import type { Camera } from "../protocol";
import type { Store } from "../store";
import { approach, DEFAULT_CAMERA, sameView } from "./camera";

export interface Viewpoint {
  /** The size of the picture: a small one is seen from farther away, or its labels are cut off. */
  fit(width: number, height: number): void;
  /** Where the picture must be seen from now: a drag comes before the request. */
  current(): Camera;
  /** Where it is seen from while nobody has moved it. */
  home(): Camera;
  /** True while a hand turns the picture: whatever plotly draws in between takes its movement away. */
  isHeld(): boolean;
  /** True if the picture on screen is seen from somewhere else. */
  differs(): boolean;
  /** The picture on screen is now seen from here. */
  stands(camera: Camera): void;
  /** Move in small steps; a pause settles them, as one step of undo. */
  move(camera: Camera | null): void;
  listen(element: Drawn): void;
}

const SETTLED = 250;
/** Pixels that colour bar and labels take, and how wide the picture is when it fills its height. */
const BESIDE = 120;
const BELOW = 110;
/** The same for ticks alone. */
const BARE = { beside: 10, below: 40 };
const WIDTH_OF_HEIGHT = 1.15;

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
    fit(width, height) {
      const taken = isBare ? BARE : { beside: BESIDE, below: BELOW };
      const across = (width - taken.beside) / (height * WIDTH_OF_HEIGHT);
      const up = (height - taken.below) / (height * 0.8);
      fitting = approach(DEFAULT_CAMERA, Math.max(0.55, Math.min(1, across, up)));
    },
    current: () => dragged ?? asked(),
    home: () => fitting,
    isHeld: () => dragged !== null,
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

/** plotly's camera carries its projection along, which is none of ours. */
function cameraOf(event: RelayoutEvent): Camera | null {
  const camera = event["scene.camera"];
  return camera ? { eye: camera.eye, center: camera.center, up: camera.up } : null;
}
