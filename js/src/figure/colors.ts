// Which colour stands for how much? Values are shares of the range, 0 low to 1 high.

import type { Colors } from "../protocol";

export type Colorscale = readonly (readonly [number, string])[];

/** What the colours of an older picture fade towards. */
export interface Fade {
  readonly color: string;
  /** 0 not at all, 1 wholly. */
  readonly share: number;
}

const CIVIDIS =
  "00204c 002a66 00346e 273f6c 3c4a6b 4c556b 5b5f6d 686a70 757575 " +
  "838178 928c78 a19876 b0a572 c0b16d d1bf66 e1cc5c f3db4f ffe945";
const VIRIDIS =
  "440154 48186a 472d7b 424086 3b528b 33638d 2c728e 26828e 21918c " +
  "1fa088 28ae80 3fbc73 5ec962 84d44b addc30 d8e219 fde725";
const DIVERGING = "053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f";
const GREY = "303030 5c5c5c 878787 b0b0b0 d6d6d6 f7f7f7";

const STOPS: Readonly<Record<Colors, readonly string[]>> = {
  cividis: CIVIDIS.split(" "),
  viridis: VIRIDIS.split(" "),
  diverging: DIVERGING.split(" "),
  grey: GREY.split(" "),
};

/** The colour at a share of the range, as #rrggbb. */
export function colorAt(colors: Colors, share: number): string {
  const stops = STOPS[colors];
  const position = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const index = Math.min(Math.floor(position), stops.length - 2);
  return mix(`#${stops[index]}`, `#${stops[index + 1]}`, position - index);
}

/** The whole map as plotly takes it; `top` replaces everything above the share `from`. */
export function colorscale(colors: Colors, from = 1, top?: string): Colorscale {
  const last = STOPS[colors].length - 1;
  const stops = STOPS[colors].map((stop, index) => [(from * index) / last, `#${stop}`] as const);
  return top === undefined ? stops : [...stops, [from, top], [1, top]];
}

/** `share` of the second colour in the first; both #rrggbb. */
export function mix(first: string, second: string, share: number): string {
  const [a, b] = [channels(first), channels(second)];
  const mixed = a.map((channel, index) =>
    Math.round(channel + ((b[index] ?? 0) - channel) * share),
  );
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** A colour map on its way out. */
export function faded(scale: Colorscale, fade: Fade): Colorscale {
  return scale.map(([share, color]) => [share, mix(color, fade.color, fade.share)]);
}

function channels(color: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
}
