// The part of plotly.js that we use, in types; who draws gets the library as an argument.

import type { Camera } from "./protocol";

export interface Trace {
  readonly type: "surface" | "scatter3d" | "scatter" | "heatmap" | "contour";
  readonly [attribute: string]: unknown;
}

export interface Layout {
  readonly [attribute: string]: unknown;
}

export interface Config {
  readonly [option: string]: unknown;
}

/** A point under the pointer; rows and columns are plotly's own business, coordinates are true. */
export interface PointedAt {
  readonly x: number;
  readonly y: number;
  /** A cell of ours, where the trace carries one. */
  readonly customdata?: unknown;
}

export interface PointEvent {
  /** Where nothing is near, plotly may leave them out. */
  readonly points?: readonly PointedAt[];
}

export interface RelayoutEvent {
  readonly "scene.camera"?: Camera;
}

/** A node once plotly has drawn into it. */
export interface Drawn extends HTMLElement {
  on(
    event: "plotly_hover" | "plotly_click" | "plotly_unhover",
    listener: (event: PointEvent) => void,
  ): void;
  on(
    event: "plotly_relayout" | "plotly_relayouting",
    listener: (event: RelayoutEvent) => void,
  ): void;
}

export interface Drawing {
  readonly data: readonly Trace[];
  readonly layout: Layout;
}

export interface ImageFormat {
  readonly format: "png" | "svg";
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

export interface Plotly {
  react(node: HTMLElement, data: readonly Trace[], layout: Layout, config: Config): Promise<Drawn>;
  /** New numbers for some traces; one entry a trace in each list. */
  update(
    node: HTMLElement,
    traces: Readonly<Record<string, readonly unknown[]>>,
    layout: Layout,
    indices: readonly number[],
  ): Promise<Drawn>;
  relayout(node: HTMLElement, changes: Layout): Promise<Drawn>;
  /** As the address of an image. */
  toImage(drawing: Drawing, format: ImageFormat): Promise<string>;
  purge(node: HTMLElement): void;
  readonly Fx: {
    /** Without an event where `isSilent`. */
    hover(
      node: HTMLElement,
      at: { readonly xval: number; readonly yval: number },
      subplot: undefined,
      isSilent: boolean,
    ): void;
    unhover(node: HTMLElement): void;
  };
}
