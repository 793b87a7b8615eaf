// What of a figure do several pictures need only once? Its colour bar and the titles of its axes. Pure.

import type { Figure } from "../figure";
import type { Layout, Trace } from "../plotly";

export interface Tick {
  /** From the lower end of the bar to the upper, 0 to 1. */
  readonly at: number;
  readonly label: string;
}

export interface Bar {
  readonly title: string;
  /** Share and colour, ascending. */
  readonly stops: readonly (readonly [number, string])[];
  /** Each colour fills a band of its own. */
  readonly isStepped: boolean;
  readonly ticks: readonly Tick[];
}

/** The colour bar of a picture; null for lines, and before there is anything to draw. */
export function barOf({ data }: Figure): Bar | null {
  const trace = data.find(bearsBar);
  return trace ? barIn(trace) : null;
}

/** In space its values stand along the height, too. */
export function withoutBar(figure: Figure): Figure {
  const { layout, data } = figure;
  const scene = layout.scene as Layout | undefined;
  const bare = data.map((trace) => (trace.colorbar ? unbarred(trace) : trace));
  if (!scene) return { ...figure, data: bare };
  const zaxis = { ...(scene.zaxis as Layout), showticklabels: false };
  return { ...figure, data: bare, layout: { ...layout, scene: { ...scene, zaxis } } };
}

export interface LegendEntry {
  readonly name: string;
  readonly color: string;
  readonly isDashed: boolean;
  /** An area, not a line. */
  readonly isBand: boolean;
}

/** What the lines of a chart are; nothing where its axes say enough. */
export function legendOf({ data, layout }: Figure): readonly LegendEntry[] {
  if (layout.showlegend !== true) return [];
  return data
    .filter(({ showlegend }) => showlegend !== false)
    .map(({ name, line, fill, fillcolor }) => {
      const { color, dash } = line as { readonly color?: string; readonly dash?: string };
      const isBand = fill !== undefined;
      const isDashed = dash !== undefined && dash !== "solid";
      return { name: plainText(String(name)), color: String(fillcolor ?? color), isDashed, isBand };
    });
}

/** The names of directions are the same in all, and stand under all; so do words on the height in space. */
export function withoutTitles({ layout, ...figure }: Figure): Figure {
  const names = figure.kind === "line" ? ["xaxis"] : ["xaxis", "yaxis"];
  const bare = untitled(layout, names);
  const scene = layout.scene as Layout | undefined;
  if (!scene) return { ...figure, layout: { ...bare, margin: MARGIN } };
  const inSpace = { scene: untitled(scene, ["xaxis", "yaxis"]), annotations: [], margin: MARGIN };
  return { ...figure, layout: { ...bare, ...inSpace } };
}

/** What the lines are stands once, under all charts. */
export function withoutLegend(figure: Figure): Figure {
  return { ...figure, layout: { ...figure.layout, showlegend: false } };
}

/** At both ends of each axis, and in the middle. */
export function withFewTicks({ layout, ...figure }: Figure): Figure {
  const scene = layout.scene as Layout | undefined;
  const few = scene ? { scene: thinned(scene) } : thinned(layout);
  return { ...figure, layout: { ...layout, ...few } };
}

function thinned(layout: Layout): Layout {
  const axes = Object.entries(layout)
    .filter(([name]) => /^[xy]axis/.test(name))
    .map(([name, axis]) => [name, { ...(axis as Layout), ...fewer(axis as Layout) }] as const);
  return { ...layout, ...Object.fromEntries(axes) };
}

function fewer({ tickvals, ticktext }: Layout): Layout {
  if (!Array.isArray(tickvals) || !Array.isArray(ticktext)) return {};
  const last = tickvals.length - 1;
  const stays = (index: number) => [0, last / 2, last].includes(index);
  const kept = (_: unknown, index: number) => stays(index);
  return { tickvals: tickvals.filter(kept), ticktext: ticktext.filter(kept) };
}

const MARGIN = { l: 2, r: 6, t: 8, b: 2 };

function untitled(layout: Layout, names: readonly string[]): Layout {
  const bare = names
    .filter((name) => name in layout)
    .map((name) => [name, { ...(layout[name] as Layout), title: { text: "" } }] as const);
  return { ...layout, ...Object.fromEntries(bare) };
}

/** plotly writes on contour lines what their colour bar says, so theirs must be there, unseen. */
function unbarred(trace: Trace): Trace {
  if (trace.type !== "contour") return { ...trace, showscale: false };
  return { ...trace, colorbar: { ...(trace.colorbar as Layout), ...UNSEEN } };
}

/** A point in a corner of the picture, with labels that nobody sees. */
const UNSEEN: Layout = {
  thickness: 0,
  lenmode: "pixels",
  len: 1,
  xpad: 0,
  ypad: 0,
  x: 0,
  y: 0,
  xanchor: "left",
  yanchor: "bottom",
  title: { text: "" },
  tickfont: { size: 1, color: "rgba(0,0,0,0)" },
};

function bearsBar(trace: Trace): boolean {
  return trace.colorbar !== undefined && trace.showscale !== false && barTitle(trace) !== "";
}

function barTitle({ colorbar }: Trace): string {
  return plainText((colorbar as { title?: { text?: string } }).title?.text ?? "");
}

function barIn(trace: Trace): Bar {
  const colorbar = trace.colorbar as { tickvals: readonly number[]; ticktext: readonly string[] };
  const [low, high] = domainOf(trace);
  const ticks = colorbar.tickvals.map((value, index) => ({
    at: (value - low) / (high - low),
    label: colorbar.ticktext[index] ?? "",
  }));
  return {
    title: barTitle(trace),
    stops: trace.colorscale as Bar["stops"],
    isStepped: trace.type === "contour",
    ticks: ticks.filter(({ at }) => at >= -1e-9 && at <= 1 + 1e-9),
  };
}

/** Bands reach half a level beyond the first and the last line. */
function domainOf(trace: Trace): readonly [number, number] {
  switch (trace.type) {
    case "contour": {
      const { start, end } = trace.contours as { start: number; end: number };
      return [start - 0.5, end + 0.5];
    }
    case "surface":
      return [trace.cmin as number, trace.cmax as number];
    default:
      return [trace.zmin as number, trace.zmax as number];
  }
}

/** Plotly's markup as text: two lines become one. */
export function plainText(text: string): string {
  return text
    .replaceAll("<br>", ", ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
