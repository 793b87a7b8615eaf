// What colours and type does the notebook wear, and when does it change clothes?

import { type ReadonlySignal, signal } from "@preact/signals-core";
import { flattened, isDark, parseColor } from "./css-color";

export interface Theme {
  readonly dark: boolean;
  /** A picture so narrow that long names would be cut off. */
  readonly compact: boolean;
  readonly font: string;
  readonly fontSize: number;
  readonly text: string;
  readonly muted: string;
  /** Behind labels that lie on the picture. */
  readonly paper: string;
  /** Walls and floor around the data: light or dark enough that no end of a colour map sinks in. */
  readonly wall: string;
  readonly grid: string;
  /** Ground that isn't computed. */
  readonly unknown: string;
  /** Strokes where a value isn't finite. */
  readonly hatch: string;
  /** Flat tops of clipped cells. */
  readonly clipped: string;
  /** Thin lines on the colours, seen from above; in space they also lie on the floor. */
  readonly contour: string;
  readonly relief: string;
  /** Measured cells on interpolated ground. */
  readonly dot: string;
  /** The lines of a chart: left and right axis. */
  readonly lines: readonly [string, string];
}

export const LIGHT: Theme = {
  dark: false,
  compact: false,
  font: "system-ui, sans-serif",
  fontSize: 13,
  text: "#1f2328",
  muted: "#5f6670",
  paper: "#ffffff",
  wall: "#f3f4f6",
  grid: "#d9dce1",
  unknown: "#d8dbe0",
  hatch: "#8b929c",
  clipped: "#bcae9e",
  contour: "#ffffff",
  relief: "#5f6670",
  dot: "#1f2328",
  lines: ["#0b62a4", "#b35900"],
};

export const DARK: Theme = {
  ...LIGHT,
  dark: true,
  text: "#e6e8eb",
  muted: "#a3a9b3",
  paper: "#111111",
  wall: "#32363d",
  grid: "#50555f",
  unknown: "#1e2125",
  hatch: "#8b929c",
  clipped: "#a89a8a",
  relief: "#a3a9b3",
  lines: ["#6db3ec", "#f0a04b"],
};

const BACKGROUND = ["--jp-layout-color0", "--vscode-editor-background", "--background"];
const TEXT = ["--jp-ui-font-color1", "--vscode-editor-foreground", "--foreground"];
const MUTED = ["--jp-ui-font-color2", "--vscode-descriptionForeground", "--muted-foreground"];
const FONT = ["--jp-ui-font-family", "--vscode-font-family"];
const DARK_SYSTEM = "(prefers-color-scheme: dark)";

/** The theme around a node: Jupyter's variables, else VS Code's, else marimo's, else what the system prefers. */
export function readTheme(node: Element): Theme {
  const style = getComputedStyle(node);
  const read = (names: readonly string[]) =>
    names.map((name) => style.getPropertyValue(name).trim()).find((value) => value !== "");
  const color = (names: readonly string[]) => parseColor(read(names) ?? "");
  const background = color(BACKGROUND);
  const base = (background ? isDark(background) : prefersDark()) ? DARK : LIGHT;
  const paper = background ?? parseColor(base.paper);
  const onPaper = (names: readonly string[]) => {
    const found = color(names);
    return found && paper && flattened(found, paper);
  };
  return {
    ...base,
    font: read(FONT) ?? base.font,
    text: onPaper(TEXT) ?? base.text,
    muted: onPaper(MUTED) ?? base.muted,
    paper: onPaper(BACKGROUND) ?? base.paper,
  };
}

/** The theme around a node, kept up to date until the signal aborts. */
export function watchTheme(node: Element, stop: AbortSignal): ReadonlySignal<Theme> {
  const theme = signal(readTheme(node));
  const update = () => {
    if (!node.isConnected) return;
    const next = readTheme(node);
    if (JSON.stringify(next) !== JSON.stringify(theme.value)) theme.value = next;
  };
  const observer = new MutationObserver(update);
  for (const element of [document.documentElement, document.body]) {
    observer.observe(element, { attributes: true });
  }
  // Outside the page a node has no colours: when it comes in, it gets a size.
  const entrance = new ResizeObserver(update);
  entrance.observe(node);
  matchMedia(DARK_SYSTEM).addEventListener("change", update, { signal: stop });
  stop.addEventListener("abort", () => {
    observer.disconnect();
    entrance.disconnect();
  });
  return theme;
}

function prefersDark(): boolean {
  return matchMedia(DARK_SYSTEM).matches;
}
