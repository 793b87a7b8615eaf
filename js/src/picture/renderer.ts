// What has to be able to draw a figure: plotly for those seen from above, our own renderer for those in space?

import type { Vector } from "../export/svg";
import type { Figure } from "../figure";
import type { Drawn, Plotly } from "../plotly";
import type { Camera } from "../protocol";
import type { Amendment } from "./amendment";

export interface Renderer {
  /** Resolves when the figure stands there. */
  show(figure: Figure): Promise<void>;
  amend(amendment: Amendment): Promise<void>;
  look(camera: Camera): void;
  /** Take the size that the host has now. */
  fit(): Promise<void>;
  /** Show the cross at a place, as if the pointer were there. */
  point(x: number, y: number): void;
  unpoint(): void;
  /** The picture alone, so many pixels a CSS pixel. */
  image(scale: number): Promise<HTMLCanvasElement>;
  /** The same without pixels, where it can be; the ground in space is an image. */
  vector(): Promise<Vector>;
  purge(): void;
}

/** Listeners of a node that is drawn into for the first time. */
export type Listen = (element: Drawn) => void;

/** Draws into `node`, which is its own. */
export type OpenRenderer = (node: HTMLElement, listen: Listen) => Renderer;

/** What the library widget carries; without WebGL 2 nothing is drawn in space. */
export interface Renderers {
  readonly plotly: Plotly;
  readonly space: OpenRenderer | null;
}
