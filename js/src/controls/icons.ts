// Which few signs stand for themselves? Thin strokes on a grid of sixteen, in the colour of the text.

const PATHS = {
  undo: "M6 3 3 6l3 3M3 6h6a4 4 0 0 1 0 8H6",
  redo: "M10 3l3 3-3 3M13 6H7a4 4 0 0 0 0 8h3",
  full: "M9.5 3H13v3.5M13 3 9 7M6.5 13H3V9.5M3 13l4-4",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  draw: "M13 8a5 5 0 1 1-1.5-3.6M13 2.5V5h-2.5",
  linked: "M6.5 9.5l3-3M7 5l1.5-1.5a2.83 2.83 0 0 1 4 4L11 9M9 11l-1.5 1.5a2.83 2.83 0 0 1-4-4L5 7",
  plus: "M8 3.5v9M3.5 8h9",
  minus: "M3.5 8h9",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  resume: "M5 3.5l7 4.5-7 4.5z",
  stop: "M4.5 4.5h7v7h-7z",
  fold: "M6 4l4 4-4 4",
  path: "M2.5 12.5c3-8 4.5 2 7-3.5M3 12.5h.01M9.5 9l4-5.5M13.5 3.5v3M13.5 3.5h-3",
  view: "M8 2l5 2.8v6L8 13.8 3 10.8v-6zM3 4.8l5 2.9 5-2.9M8 7.7v6",
  presets: "M3 3h4v4H3zM9 3h4v4H9zM3 9h4v4H3zM9 9h4v4H9z",
  close: "M4 4l8 8M12 4l-8 8",
  back: "M10 4l-4 4 4 4",
  next: "M6 4l4 4-4 4",
  up: "M4 10l4-4 4 4",
  down: "M4 6l4 4 4-4",
  lock: "M5.5 7.5v-2a2.5 2.5 0 0 1 5 0v2M4 7.5h8v5.5H4z",
} as const;

export type IconName = keyof typeof PATHS;

const NAMESPACE = "http://www.w3.org/2000/svg";

/** A sign for the eye only; its button carries the name. */
export function icon(name: IconName): SVGElement {
  const path = document.createElementNS(NAMESPACE, "path");
  path.setAttribute("d", PATHS[name]);
  const node = document.createElementNS(NAMESPACE, "svg");
  node.setAttribute("viewBox", "0 0 16 16");
  node.setAttribute("class", `lw-icon lw-icon-${name}`);
  node.setAttribute("aria-hidden", "true");
  node.append(path);
  return node;
}
