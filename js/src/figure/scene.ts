// What do all kinds of picture of a surface need to know, decided once?

import { choose, isFlat, type ValueScale } from "../numbers/scale";
import type { Theme } from "../picture/theme";
import type { Metric, Range, Request } from "../protocol";
import { type Drawable, drawable, metricIndex, type Surface } from "../surface";
import { type Colorscale, colorscale, faded } from "./colors";

export interface View {
  readonly request: Request;
  readonly theme: Theme;
  /** The picture belongs to an older request and steps back. */
  readonly previous: boolean;
}

export interface Scene extends View {
  readonly surface: Surface;
  readonly metric: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly scale: ValueScale;
  /** Drawn units, row by row: NaN where not finite, flat at the clip. */
  readonly heights: readonly Float64Array[];
  /** As heights, but not flat: what lies above the clip has a colour of its own. */
  readonly tones: readonly Float64Array[];
  readonly heightRange: Range;
  /** False: there is nothing to draw but holes. */
  readonly finite: boolean;
  readonly toneRange: Range;
  readonly colorscale: Colorscale;
  /** Where the clip stands in drawn units; null when no drawn cell is clipped. */
  readonly clip: number | null;
}

/** How much of the colour range belongs to clipped cells, so that the colour bar shows it. */
const CLIPPED_SHARE = 0.03;

/** Everything decided but the kind; null before the first level is finished. */
export function createScene(surface: Surface, view: View): Scene | null {
  const metric = chosenMetric(surface, view.request);
  const drawn = drawable(surface, metric);
  if (drawn === null) return null;
  const limit = view.request.clip ?? Infinity;
  const scale = choose(wantedScale(surface, metric, view.request), clippedValues(drawn, limit));
  const clipped = drawn.rows.some((row) => row.some((value) => isClipped(value, limit)));
  const heights = mapRows(drawn, (value) =>
    forward(value < Infinity ? Math.min(value, limit) : value, scale),
  );
  const heightRange = rangeOf(heights, clipped ? scale.forward(limit) : -Infinity);
  const [low, high] = colored(heightRange, view.request);
  const above = clipped ? high + ((high - low) * CLIPPED_SHARE) / (1 - CLIPPED_SHARE) : high;
  const { theme, request } = view;
  const colors = colorscale(
    request.colors,
    clipped ? 1 - CLIPPED_SHARE : 1,
    clipped ? theme.clipped : undefined,
  );
  return {
    ...view,
    surface,
    metric,
    x: drawn.x,
    y: drawn.y,
    scale,
    heights,
    tones: clipped ? mapRows(drawn, (value) => forward(value, scale)) : heights,
    heightRange,
    finite: heights.some((row) => row.some(Number.isFinite)),
    toneRange: [low, above],
    colorscale: view.previous ? faded(colors, { color: theme.wall, share: 0.6 }) : colors,
    clip: clipped ? scale.forward(limit) : null,
  };
}

/** The metric asked for, or the first while the surface doesn't hold it. */
export function chosenMetric(surface: Surface, request: Request): number {
  return Math.max(0, metricIndex(surface, request.metric));
}

/** "test loss", "accuracy, %" */
export function metricTitle(metric: Metric): string {
  const name = metric.name.replaceAll("_", " ");
  return metric.unit === "" ? name : `${name}, ${metric.unit}`;
}

/** The metric's title with what its scale has to say. */
export function valueTitle(metric: Metric | undefined, scale: ValueScale): string {
  if (metric === undefined) return "";
  return scale.label === "" ? metricTitle(metric) : `${metricTitle(metric)} (${scale.label})`;
}

/** A share in percent is never stretched unless somebody asks. */
export function wantedScale(surface: Surface, metric: number, request: Request): Request["scale"] {
  const percent = surface.metrics[metric]?.unit === "%";
  return request.scale === "auto" && percent ? "linear" : request.scale;
}

export function isClipped(value: number, limit: number): boolean {
  return value > limit && value !== Infinity;
}

function* clippedValues(drawn: Drawable, limit: number): Iterable<number> {
  for (const row of drawn.rows) {
    for (const value of row) if (Number.isFinite(value)) yield Math.min(value, limit);
  }
}

function mapRows(drawn: Drawable, change: (value: number) => number): Float64Array[] {
  return drawn.rows.map((row) => Float64Array.from(row, change));
}

function forward(value: number, scale: ValueScale): number {
  return Number.isFinite(value) ? scale.forward(value) : Number.NaN;
}

/** From lowest to highest; a flat surface gets room on both sides, none gets a unit. */
function rangeOf(rows: readonly Float64Array[], atLeast: number): Range {
  let [low, high] = [Infinity, atLeast];
  for (const row of rows) {
    for (const height of row) {
      if (height < low) low = height;
      if (height > high) high = height;
    }
  }
  if (low > high) return [0, 1];
  if (!isFlat(low, high)) return [low, high];
  const room = Math.abs(low) / 10 || 1;
  return [low - room, high + room];
}

/** Signed values on a diverging map: zero in the middle. */
function colored([low, high]: Range, request: Request): Range {
  if (request.colors !== "diverging" || low >= 0 || high <= 0) return [low, high];
  const most = Math.max(-low, high);
  return [-most, most];
}
