// Which colour is how much, beside a picture in space?

import type { Layout, Trace } from "../plotly";
import type { Pen } from "./pen";
import { type Font, linesOf, type Measure } from "./text";
import type { Size } from "./view";

export interface ColorBar {
  readonly title: string;
  readonly titleFont: Font;
  readonly tickFont: Font;
  /** Shares from the lower end, those that can be read apart. */
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  readonly stops: readonly (readonly [number, string])[];
  /** Pixels: of the colours, and of all there is. */
  readonly thickness: number;
  readonly width: number;
  readonly length: number;
}

const GAPS = { before: 12, ticks: 5, title: 6, after: 4 } as const;
/** Lines of text apart. */
const APART = 1.15;

/** Null where no trace shows one. */
export function colorBarOf(
  data: readonly Trace[],
  { height }: Size,
  measure: Measure,
): ColorBar | null {
  const trace = data.find(({ type, showscale }) => type === "surface" && showscale !== false);
  if (!trace) return null;
  const bar = trace.colorbar as Layout & {
    readonly tickvals: readonly number[];
    readonly ticktext: readonly string[];
    readonly tickfont: Font;
    readonly title: { readonly text: string; readonly font: Font };
    readonly thickness: number;
    readonly len: number;
  };
  const [low, high] = [trace.cmin as number, trace.cmax as number];
  const length = bar.len * height;
  const least = (APART * bar.tickfont.size) / length;
  const ticks: { at: number; text: string }[] = [];
  const all = bar.tickvals.map((value, index) => ({
    at: (value - low) / (high - low),
    text: bar.ticktext[index] ?? "",
  }));
  for (const tick of all) {
    const isFree = tick.at - (ticks.at(-1)?.at ?? -1) >= least;
    if (tick.text !== "" && tick.at >= -1e-9 && tick.at <= 1 + 1e-9 && isFree) ticks.push(tick);
  }
  const widest = Math.max(0, ...ticks.map(({ text }) => measure(text, bar.tickfont.size)));
  const title = linesOf(bar.title.text).join(", ");
  const beside = GAPS.before + bar.thickness + GAPS.ticks + widest + GAPS.after;
  return {
    title,
    titleFont: bar.title.font,
    tickFont: bar.tickfont,
    ticks,
    stops: trace.colorscale as ColorBar["stops"],
    thickness: bar.thickness,
    length,
    width: beside + (title === "" ? 0 : GAPS.title + bar.title.font.size * APART),
  };
}

/** Upright at the right end of a picture. */
export function writeColorBar(pen: Pen, bar: ColorBar, size: Size, family: string): void {
  const left = size.width - bar.width + GAPS.before;
  const bottom = (size.height + bar.length) / 2;
  const colors = pen.createLinearGradient(0, bottom, 0, bottom - bar.length);
  for (const [share, color] of bar.stops) colors.addColorStop(Math.min(1, share), color);
  pen.fillStyle = colors as CanvasGradient;
  pen.fillRect(left, bottom - bar.length, bar.thickness, bar.length);
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  pen.font = `${bar.tickFont.size}px ${family}`;
  pen.fillStyle = bar.tickFont.color;
  for (const { at, text } of bar.ticks) {
    pen.fillText(text, left + bar.thickness + GAPS.ticks, bottom - at * bar.length);
  }
  if (bar.title === "") return;
  pen.save();
  pen.translate(size.width - GAPS.after - bar.titleFont.size / 2, size.height / 2);
  pen.rotate(-Math.PI / 2);
  pen.textAlign = "center";
  pen.font = `${bar.titleFont.size}px ${family}`;
  pen.fillStyle = bar.titleFont.color;
  pen.fillText(bar.title, 0, 0);
  pen.restore();
}
