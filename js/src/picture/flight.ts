// How does the eye go to another view: at once by a key, and along a short way where it goes far and motion is welcome?

import { between, type CameraCommand, commanded, PRESETS } from "./camera";
import type { Viewpoint } from "./viewpoint";

export interface Flight {
  to(command: CameraCommand): void;
}

const MILLISECONDS = 350;
const WELCOME = "(prefers-reduced-motion: no-preference)";

export function createFlight(viewpoint: Viewpoint, stop: AbortSignal): Flight {
  let frame = 0;
  const land = () => cancelAnimationFrame(frame);
  stop.addEventListener("abort", land);

  return {
    to(command) {
      land();
      const from = viewpoint.current();
      const camera = commanded(from, command);
      const isFar = (PRESETS as readonly CameraCommand[]).includes(command);
      if (!isFar || !matchMedia(WELCOME).matches) return viewpoint.move(camera);
      const goal = camera ?? viewpoint.home();
      const began = performance.now();
      const fly = () => {
        const share = Math.min(1, (performance.now() - began) / MILLISECONDS);
        viewpoint.move(share < 1 ? between(from, goal, eased(share)) : camera);
        if (share < 1) frame = requestAnimationFrame(fly);
      };
      frame = requestAnimationFrame(fly);
    },
  };
}

/** Slow at both ends. */
function eased(share: number): number {
  return share * share * (3 - 2 * share);
}
