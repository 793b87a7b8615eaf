// Which points carry a name, and where do they stand?

import { isFinal } from "../cell-state";
import { formatNumber } from "../numbers/format";
import { isFlat } from "../numbers/scale";
import { coordinatesOf } from "../path";
import type { Theme } from "../picture/theme";
import type { Layout, Trace } from "../plotly";
import type { Path, Range } from "../protocol";
import { cellCount, read, type Surface, standardError } from "../surface";
import { plain } from "./axes";
import type { Scene } from "./scene";

export interface Mark {
  readonly kind: "centre" | "model" | "lowest" | "end of a path";
  readonly label: string;
  readonly coordinates: readonly number[];
  readonly value: number;
  /** Its number among cells and points; −1 for what is neither. */
  readonly cell: number;
}

const ORIGIN = "origin";
/** So near to another mark, as a share of the window, that their names would lie on each other. */
const NEAR = 0.12;
/** What the name of the lowest cell takes of the window. */
const LONG = 0.5;
/** Pixels from a mark to its name. */
const ASIDE = { across: 30, up: 34 } as const;
/** So far a name reaches over a path. */
const CLOSE_BY = 0.25;

/** The origin and other models, with the value of one metric. */
export function marksOf(surface: Surface, metric: number): Mark[] {
  const cells = cellCount(surface);
  return surface.points.map((label, point) => {
    const { value, coordinates } = read(surface, metric, cells + point);
    return {
      kind: label === ORIGIN ? "centre" : "model",
      label: label === ORIGIN ? "your network" : label,
      coordinates,
      value,
      cell: cells + point,
    };
  });
}

/** Those, and the lowest cell where that is another place. */
export function landmarksOf(surface: Surface, metric: number): Mark[] {
  return [...marksOf(surface, metric), ...lowestOf(surface, metric)];
}

/** The lowest cell that is measured, where it is lower than the origin by more than its error; of what is better lower. */
export function lowestOf(surface: Surface, metric: number): Mark[] {
  const point = surface.points.indexOf(ORIGIN);
  if (point < 0 || surface.map !== null || surface.metrics[metric]?.unit === "%") return [];
  const origin = cellCount(surface) + point;
  const values = surface.values[metric] ?? new Float32Array();
  let cell = -1;
  for (let index = 0; index < cellCount(surface); index++) {
    if (!isFinal(surface.states[index]) || !Number.isFinite(values[index])) continue;
    if (cell < 0 || (values[index] as number) < (values[cell] as number)) cell = index;
  }
  const [low, here] = [values[cell] ?? Number.NaN, values[origin] ?? Number.NaN];
  const error = Math.max(
    standardError(surface, metric, cell),
    standardError(surface, metric, origin),
  );
  if (!(low < here - (error || 0)) || isFlat(low, here)) return [];
  const { coordinates } = read(surface, metric, cell);
  const place = coordinates.map((coordinate) => formatNumber(coordinate)).join(", ");
  const at = coordinates.length === 1 ? place : `(${place})`;
  const label = `minimum found: ${formatNumber(low)}\nat ${at}, on the grid`;
  return [{ kind: "lowest", label, coordinates, value: low, cell }];
}

/** Where training began and where it has come to, unless that is where another mark stands. */
function endsOfPath(
  { path }: Surface,
  metric: number,
  window: readonly Range[],
  marks: readonly Mark[],
): Mark[] {
  if (!path || path.size === 0) return [];
  const named = [
    ["start of training", 0],
    ["end of training", path.size - 1],
  ] as const;
  return named
    .map(([label, index]) => ({
      kind: "end of a path" as const,
      label,
      coordinates: coordinatesOf(path, index),
      value: path.values[metric]?.[index] ?? Number.NaN,
      cell: -1,
    }))
    .filter(
      ({ coordinates }) => !marks.some((mark) => isNear(mark.coordinates, coordinates, window)),
    );
}

/** Markers on top of everything: origin ●, other models ◆, the lowest cell ▼. */
export function markTrace(
  marks: readonly Mark[],
  place: Pick<Trace, "type"> & Readonly<Record<string, unknown>>,
): Trace {
  const flat = place.type === "scatter";
  return {
    ...place,
    name: "marks",
    mode: "markers",
    marker: {
      symbol: marks.map(({ kind }) => SYMBOLS[kind]),
      size: flat ? 10 : 6,
      color: "#ffffff",
      line: { color: "#16181d", width: flat ? 2 : 1.5 },
    },
    customdata: marks.map((mark) => mark.cell),
    hoverinfo: "none",
    showlegend: false,
    ...(flat ? { cliponaxis: false } : {}),
  };
}

const SYMBOLS: Readonly<Record<Mark["kind"], string>> = {
  centre: "circle",
  model: "diamond",
  lowest: "triangle-down",
  "end of a path": "circle",
};

/** The names in a plane, those of the path's ends too; what grows in space is drawn on without them. */
export function namesOf(scene: Scene, place: (mark: Mark) => Layout): Layout[] {
  const { surface, metric, request, theme } = scene;
  const window = [request.x, request.y];
  const marks = landmarksOf(surface, metric);
  const isGrowing = surface.path !== null && surface.path.size > surface.pathBegan;
  const ends = isGrowing ? [] : endsOfPath(surface, metric, window, marks);
  const isFlat = request.kind !== "surface";
  return markNames([...marks, ...ends], { theme, window, isFlat, path: surface.path }, place);
}

/** What a name has to keep clear of. */
export interface Surroundings {
  readonly theme: Theme;
  readonly window: readonly Range[];
  readonly path: Path | null;
  /** Seen from above, where the window's edges are the picture's. */
  readonly isFlat: boolean;
}

/** Names beside their markers, within the window; where there is little room, only those of other models. */
export function markNames(
  marks: readonly Mark[],
  around: Surroundings,
  place: (mark: Mark) => Layout,
): Layout[] {
  const { theme, window } = around;
  const named = marks.filter(
    ({ kind, coordinates }) =>
      (kind === "model" || !theme.compact) &&
      coordinates.every((at, axis) => Math.abs(shareOf(at, window[axis]) - 0.5) <= 0.5),
  );
  return named.map((mark) => {
    const isUp = !isBelow(mark, named, around);
    return {
      ...place(mark),
      text: plain(mark.label).replaceAll("\n", "<br>"),
      yanchor: isUp ? "bottom" : "top",
      bgcolor: theme.paper,
      opacity: 0.85,
      borderpad: 2,
      font: { color: theme.text, size: theme.fontSize - 2 },
      ...(theme.compact || window.length < 2
        ? { showarrow: false, xanchor: anchorOf(mark, window), yshift: isUp ? 8 : -8 }
        : thread(mark, isUp, around)),
    };
  });
}

/** Aside, with a thread to its mark: what people look at first is the valley that a mark stands in. */
function thread(
  { kind, coordinates }: Mark,
  isUp: boolean,
  { theme, window, isFlat }: Surroundings,
): Layout {
  const room = 1 - shareOf(coordinates[0] ?? 0, window[0]);
  const isLowest = kind === "lowest";
  const isRight = room > (isLowest ? LONG : 2 * NEAR) && (isFlat || !isLowest);
  return {
    showarrow: true,
    arrowhead: 0,
    arrowwidth: 1,
    arrowcolor: isFlat ? theme.contour : theme.text,
    standoff: 6,
    ax: isRight ? ASIDE.across : -ASIDE.across,
    ay: isUp ? -ASIDE.up : ASIDE.up,
    xanchor: isRight ? "left" : "right",
  };
}

/** Into the picture, where it stands at its edge. */
function anchorOf({ coordinates: [x = 0] }: Mark, [across]: readonly Range[]): string {
  const share = shareOf(x, across);
  return share < 2 * NEAR ? "left" : share > 1 - 2 * NEAR ? "right" : "center";
}

/** Away from the path and within the picture; that of the lowest cell away from the centre. In space the floor is below. */
function isBelow(mark: Mark, all: readonly Mark[], around: Surroundings): boolean {
  if (!around.isFlat) return false;
  const [, up] = mark.coordinates;
  const share = up === undefined ? 0.5 : shareOf(up, around.window[1]);
  if (share > 1 - NEAR || share < NEAR) return share > 0.5;
  const others = mark.kind === "lowest" ? all.filter((other) => other !== mark) : [];
  const beside = others.find((other) => isNear(other.coordinates, mark.coordinates, around.window));
  if (beside) return !isBelow(beside, all, around);
  const centre = others.find(({ kind }) => kind === "centre");
  if (centre && up !== undefined) return (centre.coordinates[1] ?? 0) > up;
  const { path, window } = around;
  return path !== null && up !== undefined && comesFromAbove(path, mark, window);
}

/** Whether a path runs on the upper side of a mark, as long as it is close by. */
function comesFromAbove(path: Path, { coordinates }: Mark, window: readonly Range[]): boolean {
  const all = Array.from({ length: path.size }, (_, index) => coordinatesOf(path, index));
  const close = all.filter((place) => isNear(place, coordinates, window, CLOSE_BY));
  const above = close.reduce((sum, place) => sum + (place[1] ?? 0) - (coordinates[1] ?? 0), 0);
  return above > 0;
}

function isNear(
  a: readonly number[],
  b: readonly number[],
  window: readonly Range[],
  distance = NEAR,
): boolean {
  const share = (place: readonly number[], axis: number) => shareOf(place[axis] ?? 0, window[axis]);
  return a.every((_, axis) => Math.abs(share(a, axis) - share(b, axis)) < distance);
}

function shareOf(at: number, [low, high]: Range = [0, 1]): number {
  return (at - low) / (high - low);
}
