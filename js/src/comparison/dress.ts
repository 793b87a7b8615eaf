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

/** What stands beside a picture when it stands alone. */
export interface Beside {
  readonly bar: Bar | null;
  readonly xTitle: string;
  readonly yTitle: string;
}

export function besideOf({ kind, data, layout }: Figure): Beside {
  const trace = data.find(bearsBar);
  const isLine = kind === "line";
  return {
    bar: trace ? barOf(trace) : null,
    xTitle: titleOf(layout.xaxis),
    yTitle: isLine ? "" : titleOf(layout.yaxis),
  };
}

export function withoutBar(figure: Figure): Figure {
  return {
    ...figure,
    data: figure.data.map((trace) => (trace.colorbar ? unbarred(trace) : trace)),
  };
}

export function withoutTitles({ layout, ...figure }: Figure): Figure {
  const names = figure.kind === "line" ? ["xaxis"] : ["xaxis", "yaxis"];
  const bare = names
    .filter((name) => name in layout)
    .map((name) => [name, { ...(layout[name] as Layout), title: { text: "" } }] as const);
  return { ...figure, layout: { ...layout, ...Object.fromEntries(bare) } };
}

/** plotly writes on contour lines what their colour bar says, so theirs must be there, unseen. */
function unbarred(trace: Trace): Trace {
  if (trace.type !== "contour") return { ...trace, showscale: false };
  const nothing = { size: 1, color: "rgba(0,0,0,0)" };
  const unseen = { thickness: 0, xpad: 0, x: 0.5, xanchor: "center", title: { text: "" } };
  return { ...trace, colorbar: { ...(trace.colorbar as Layout), ...unseen, tickfont: nothing } };
}

function bearsBar(trace: Trace): boolean {
  return trace.colorbar !== undefined && trace.showscale !== false && barTitle(trace) !== "";
}

function barTitle({ colorbar }: Trace): string {
  return plainText((colorbar as { title?: { text?: string } }).title?.text ?? "");
}

function barOf(trace: Trace): Bar {
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

function titleOf(axis: unknown): string {
  return plainText((axis as { title?: { text?: string } } | undefined)?.title?.text ?? "");
}

/** Plotly's markup as text: two lines become one. */
function plainText(text: string): string {
  return text
    .replaceAll("<br>", ", ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
