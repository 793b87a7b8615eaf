// What is one thumb of a slider: by keyboard, and for a screen reader.

import { element, set, watch } from "./element";

export interface ThumbOptions {
  readonly label: string;
  readonly value: () => number;
  /** How far this thumb may go now. */
  readonly bounds: () => readonly [number, number];
  readonly step: () => number;
  /** What PageUp and PageDown move by. */
  readonly page: () => number;
  readonly text: (value: number) => string;
  readonly move: (value: number) => void;
  readonly release: () => void;
}

export function thumb(options: ThumbOptions, signal: AbortSignal): HTMLElement {
  const { value, bounds, move, release } = options;
  const node = element("div", {
    class: "lw-thumb",
    role: "slider",
    tabindex: 0,
    "aria-label": options.label,
    "aria-orientation": "horizontal",
  });
  watch(signal, () => {
    const [low, high] = bounds();
    set(node, "aria-valuemin", low);
    set(node, "aria-valuemax", high);
    set(node, "aria-valuenow", value());
    set(node, "aria-valuetext", options.text(value()));
  });
  node.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const target = reached(event.key, value(), options);
      if (target === null) return;
      event.preventDefault();
      move(clamp(target, bounds()));
    },
    { signal },
  );
  node.addEventListener("keyup", release, { signal });
  node.addEventListener("blur", release, { signal });
  return node;
}

export function clamp(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(Math.max(value, low), high);
}

function reached(key: string, value: number, { step, page, bounds }: ThumbOptions): number | null {
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return value - step();
    case "ArrowRight":
    case "ArrowUp":
      return value + step();
    case "PageDown":
      return value - page();
    case "PageUp":
      return value + page();
    case "Home":
      return bounds()[0];
    case "End":
      return bounds()[1];
    default:
      return null;
  }
}
