// What do all kinds of picture of a surface need to know, decided once?

import { isMeasured, UNCONVERGED } from "../cell-state";
import { type Drawable, drawable, ground } from "../lattice";
import { filled } from "../numbers/filled";
import { choose, type ValueScale } from "../numbers/scale";
import type { Theme } from "../picture/theme";
import type { Barrier, Range, Request } from "../protocol";
import { metricIndex, type Surface } from "../surface";
import { type Colorscale, colorscale, faded } from "./colors";
import { bounded, clips, heightRange } from "./extent";

export interface View {
  readonly request: Request;
  readonly theme: Theme;
  /** The picture belongs to an older request and steps back. */
  readonly previous: boolean;
  /** Between the models at the ends of a line. */
  readonly barrier: Barrier | null;
}

export interface Scene extends View {
  readonly surface: Surface;
  readonly metric: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Their numbers among the surface's cells. */
  readonly cells: readonly Int32Array[];
  /** 1 where a cell is measured, 0 where it is interpolated. */
  readonly measured: readonly Uint8Array[];
  readonly scale: ValueScale;
  /** Drawn units, row by row: NaN where not finite, flat at the clip. */
  readonly heights: readonly Float64Array[];
  /** As heights, but not flat: what lies above the clip has a colour of its own. */
  readonly tones: readonly Float64Array[];
  /** Of the finest measured level, so that it changes with levels only. */
  readonly heightRange: Range;
  /** False: there is nothing to draw but holes. */
  readonly finite: boolean;
  readonly toneRange: Range;
  readonly colorscale: Colorscale;
  /** For ground that is interpolated. */
  readonly lighter: Colorscale;
  /** The measured level alone, for what is said of it. */
  readonly level: MeasuredLevel;
  /** Where the clip stands in drawn units; null when no drawn cell is clipped. */
  readonly clip: number | null;
}

export interface MeasuredLevel extends Pick<Scene, "x" | "y" | "heights"> {
  /** The heights that are as good as was asked for: NaN where a cell didn't converge, 0 where it has no height. */
  readonly trusted: readonly Float64Array[];
}

/** How much of the colour range belongs to clipped cells, so that the colour bar shows it. */
const CLIPPED_SHARE = 0.03;
/** How far the colours of interpolated ground, and of an older picture, go towards the wall's. */
export const LIGHTER = 0.3;
export const FADED = 0.6;
/** How far interpolated ground, and cells of a level that has only begun, may leave the range: a share of it. */
const HEADROOM = 0.04;

/** Everything decided but the kind; null before the first level is finished. */
export function createScene(surface: Surface, view: View): Scene | null {
  const { theme, request } = view;
  const metric = chosenMetric(surface, request);
  const [level, drawn] = [drawable(surface, metric), ground(surface, metric)];
  if (level === null || drawn === null) return null;
  const scale = choose(
    wantedScale(surface, metric, request),
    request.limits ?? boundedValues(level, request),
  );
  const clipped = clips(request, level.rows);
  const draw = (value: number) => scale.forward(bounded(value, request));
  const levelHeights = level.rows.map((row) =>
    filled(new Float64Array(row.length), (index) => draw(row[index] as number)),
  );
  const range = heightRange(levelHeights, scale, request, clipped);
  const [low, high] = colored(range, request);
  const above = clipped ? high + ((high - low) * CLIPPED_SHARE) / (1 - CLIPPED_SHARE) : high;
  const room = request.limits ? 0 : HEADROOM * (range[1] - range[0]);
  const [floor, top] = [range[0] - room, range[1] + (clipped ? 0 : room)];
  const measured = drawn.cells.map((row) =>
    filled(new Uint8Array(row.length), (index) =>
      Number(isMeasured(surface.states[row[index] as number])),
    ),
  );
  /** Not cut off above. Interpolated beyond where the scale ends, it lies as low as can be; measured, it is a hole. */
  const toneOf = (value: number, isMeasured: boolean) => {
    const tone = scale.forward(bounded(value, { ...request, clip: null }));
    return Number.isFinite(value) && Number.isNaN(tone) && !isMeasured ? -Infinity : tone;
  };
  const tones = drawn.rows.map((row, y) =>
    filled(new Float64Array(row.length), (x) =>
      Math.max(floor, toneOf(row[x] as number, measured[y]?.[x] === 1)),
    ),
  );
  const heights = tones.map((row) =>
    filled(new Float64Array(row.length), (x) => Math.min(top, row[x] as number)),
  );
  const colors = colorscale(
    request.colors,
    clipped ? 1 - CLIPPED_SHARE : 1,
    clipped ? theme.clipped : undefined,
  );
  const shown = view.previous ? faded(colors, { color: theme.wall, share: FADED }) : colors;
  return {
    ...view,
    surface,
    metric,
    x: drawn.x,
    y: drawn.y,
    cells: drawn.cells,
    measured,
    scale,
    heights,
    tones: clipped ? tones : heights,
    heightRange: range,
    finite: levelHeights.some((row) => row.some(Number.isFinite)),
    toneRange: [low, above],
    colorscale: shown,
    lighter: faded(shown, { color: theme.wall, share: LIGHTER }),
    level: {
      x: level.x,
      y: level.y,
      heights: levelHeights,
      trusted: trusted(surface, level, levelHeights),
    },
    clip: clipped ? scale.forward(request.clip ?? Infinity) : null,
  };
}

function trusted(surface: Surface, { cells }: Drawable, heights: readonly Float64Array[]) {
  const isTrusted = (cell: number | undefined) => surface.states[cell ?? -1] !== UNCONVERGED;
  return heights.map((row, y) =>
    row.map((height, x) => {
      if (Number.isNaN(height)) return 0;
      return isTrusted(cells[y]?.[x]) ? height : Number.NaN;
    }),
  );
}

/** The metric asked for, or the first while the surface doesn't hold it. */
export function chosenMetric(surface: Surface, request: Request): number {
  return Math.max(0, metricIndex(surface, request.metric));
}

/** A share in percent is never stretched unless somebody asks. */
export function wantedScale(surface: Surface, metric: number, request: Request): Request["scale"] {
  const percent = surface.metrics[metric]?.unit === "%";
  return request.scale === "auto" && percent ? "linear" : request.scale;
}

function* boundedValues(drawn: Drawable, request: Request): Iterable<number> {
  for (const row of drawn.rows) for (const value of row) yield bounded(value, request);
}

/** Signed values on a diverging map: zero in the middle. */
function colored([low, high]: Range, request: Request): Range {
  if (request.colors !== "diverging" || low >= 0 || high <= 0) return [low, high];
  const most = Math.max(-low, high);
  return [-most, most];
}
