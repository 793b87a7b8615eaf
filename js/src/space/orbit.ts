// How does a hand turn the room: a drag, or two fingers, which also bring it nearer?

import { approach, turn } from "../picture/camera";
import type { Camera } from "../protocol";

export interface Orbit {
  camera(): Camera;
  /** Each step of a movement. */
  moving(camera: Camera): void;
  /** The hand has let go. */
  moved(): void;
}

/** Radians from one end of the picture to the other. */
const AROUND = 1.2 * Math.PI;
const OVER = 0.8 * Math.PI;
/** Pixels before a press becomes a drag. */
const SLACK = 3;

export function listenToOrbit(
  node: HTMLElement,
  { camera, moving, moved }: Orbit,
  stop: AbortSignal,
): void {
  let last: { readonly x: number; readonly y: number } | null = null;
  let isDragging = false;
  let fingers: Fingers | null = null;

  function turned(from: Camera, x: number, y: number): Camera {
    const { clientWidth: width, clientHeight: height } = node;
    return turn(from, (-AROUND * x) / width, (OVER * y) / height);
  }

  function drag({ clientX: x, clientY: y }: PointerEvent): void {
    if (!last) return;
    const [across, down] = [x - last.x, y - last.y];
    if (!isDragging && Math.hypot(across, down) < SLACK) return;
    isDragging = true;
    last = { x, y };
    moving(turned(camera(), across, down));
  }

  function end(): void {
    if (isDragging) moved();
    [last, isDragging] = [null, false];
  }

  function pinch(event: TouchEvent): void {
    const now = fingersOf(event);
    if (!now) return;
    event.preventDefault();
    if (fingers) {
      const closer = approach(camera(), now.apart / fingers.apart);
      moving(turned(closer, now.x - fingers.x, now.y - fingers.y));
      isDragging = true;
    }
    fingers = now;
  }

  const listening = { signal: stop };
  node.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0 || event.pointerType === "touch") return;
      last = { x: event.clientX, y: event.clientY };
      node.setPointerCapture(event.pointerId);
    },
    listening,
  );
  node.addEventListener("pointermove", drag, listening);
  for (const type of ["pointerup", "pointercancel"] as const) {
    node.addEventListener(type, end, listening);
  }
  for (const type of ["touchstart", "touchmove"] as const) {
    node.addEventListener(type, pinch, { ...listening, passive: false });
  }
  for (const type of ["touchend", "touchcancel"] as const) {
    node.addEventListener(
      type,
      () => {
        fingers = null;
        end();
      },
      listening,
    );
  }
}

interface Fingers {
  readonly x: number;
  readonly y: number;
  readonly apart: number;
}

function fingersOf({ touches: [first, second] }: TouchEvent): Fingers | null {
  if (!first || !second) return null;
  return {
    x: (first.clientX + second.clientX) / 2,
    y: (first.clientY + second.clientY) / 2,
    apart: Math.hypot(first.clientX - second.clientX, first.clientY - second.clientY) || 1,
  };
}
