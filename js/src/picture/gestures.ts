// What does a hand do on the picture: a plain click, Ctrl+wheel, two fingers? The renderers hear the rest.

const CLICK_TRAVEL = 4;
const WHEEL_STEP = 100;

export interface Gestures {
  click(): void;
  /** Steps of zoom, positive inwards. */
  zoom(steps: number): void;
}

export function listenToGestures(node: HTMLElement, on: Gestures, stop: AbortSignal): void {
  const first = { capture: true, signal: stop };
  let down = { x: 0, y: 0 };
  let wheel = 0;

  node.addEventListener(
    "pointerdown",
    (event) => {
      down = { x: event.clientX, y: event.clientY };
    },
    first,
  );
  node.addEventListener(
    "click",
    (event) => {
      const travel = Math.hypot(event.clientX - down.x, event.clientY - down.y);
      if (travel <= CLICK_TRAVEL) on.click();
    },
    first,
  );
  // A wheel alone scrolls the page, whatever a renderer would do with it.
  node.addEventListener(
    "wheel",
    (event) => {
      event.stopPropagation();
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      wheel -= event.deltaY;
      const steps = Math.trunc(wheel / WHEEL_STEP);
      wheel -= steps * WHEEL_STEP;
      if (steps !== 0) on.zoom(steps);
    },
    { ...first, passive: false },
  );
  // One finger scrolls the page, two rotate.
  for (const type of ["touchstart", "touchmove"] as const) {
    node.addEventListener(
      type,
      (event) => {
        if (event.touches.length < 2) event.stopPropagation();
      },
      first,
    );
  }
}
