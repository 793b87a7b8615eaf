// Where did training go, seen from above or along a line: a line through its checkpoints, light to dark, red where the
// learning rate dropped, with a halo as wide as they are far from the plane?

import { coordinatesOf, dropsOf } from "../path";
import type { Trace } from "../plotly";
import type { Path } from "../protocol";
import { mix } from "./colors";
import type { Scene } from "./scene";
import { heightOn, type Side } from "./sides";

export const FIRST = "#efe3ff";
export const LAST = "#4a1486";
export const DROP = "#e0202c";
const LINE = "#2a1a45";
const OUTLINE = "#ffffff";

/** Pixels across: of a checkpoint, and how much more a halo may have. */
const SIZES = { most: 9, least: 5, drop: 3, halo: 24 } as const;

/** How dense one halo is; many lie on each other. */
const HAZE = 0.14;
const FEW = 15;

/** What plotly has to know of a customdata that is no cell. */
export interface Visit {
  readonly checkpoint: number;
}

export function isVisit(customdata: unknown): customdata is Visit {
  return typeof customdata === "object" && customdata !== null && "checkpoint" in customdata;
}

/** By which the page finds what plotly has drawn of a path, to hide what comes after the moment. */
export const PATH_UIDS = {
  lines: ["path-outline", "path-line"],
  points: ["path-halos", "path-checkpoints"],
  checkpoints: "path-checkpoints",
} as const;

/** All of it, whatever the moment. */
export function planePath({ surface: { path } }: Scene): Trace[] {
  if (!path) return [];
  const along = (axis: number) =>
    indices(path.size).map((index) => coordinatesOf(path, index)[axis]);
  const place = { type: "scatter", x: along(0), y: along(1) } as const;
  const [outline, line] = PATH_UIDS.lines;
  return [
    trace({
      ...place,
      uid: outline,
      name: "path outline",
      line: { color: OUTLINE, width: 3.5 },
      opacity: 0.8,
    }),
    trace({ ...place, uid: line, name: "path", line: { color: LINE, width: 1.2 } }),
    { ...halos(path, place), uid: PATH_UIDS.points[0] },
    { ...checkpoints(path, path.size, place), uid: PATH_UIDS.checkpoints },
  ];
}

/** Along a line a checkpoint stands at its own value. */
export function linePath(path: Path | null, side: Side): Trace[] {
  if (!path) return [];
  const values = path.values[side.metrics[0] ?? 0];
  const place = {
    type: "scatter",
    x: indices(path.size).map((index) => coordinatesOf(path, index)[0]),
    y: indices(path.size).map((index) => heightOn(side, values?.[index] ?? Number.NaN)),
    yaxis: side.axis,
  } as const;
  return [
    trace({
      ...place,
      uid: PATH_UIDS.lines[1],
      name: "path",
      line: { color: LINE, width: 1 },
      opacity: 0.6,
    }),
    { ...checkpoints(path, path.size, place), uid: PATH_UIDS.checkpoints },
  ];
}

/** The checkpoints themselves, each with its number for who points at it. */
export function checkpoints(
  path: Path,
  shown: number,
  place: Pick<Trace, "type"> & Readonly<Record<string, unknown>>,
): Trace {
  const drops = new Set(dropsOf(path));
  const size = sizeOf(path.size) * (place.type === "scatter" ? 1 : 0.9);
  const bigger = (index: number) => Number(drops.has(index)) * SIZES.drop;
  const colors = colorsOf(path);
  return trace({
    ...place,
    name: "checkpoints",
    mode: "markers",
    marker: {
      color: indices(shown).map((index) => (drops.has(index) ? DROP : colors[index])),
      size: indices(shown).map((index) => size + bigger(index)),
      line: { color: OUTLINE, width: place.type === "scatter" ? 1 : 0.5 },
      opacity: 1,
    },
    customdata: indices(shown).map((checkpoint): Visit => ({ checkpoint })),
    hoverinfo: "none",
  });
}

/** The width of a halo is the distance from the plane, a share of the largest. */
function halos(
  { distances, size }: Path,
  place: Pick<Trace, "type"> & Readonly<Record<string, unknown>>,
): Trace {
  const most = distances.reduce((a, b) => Math.max(a, b), 0);
  const share = (index: number) => (most > 0 ? (distances[index] as number) / most : 0);
  return trace({
    ...place,
    name: "distance from the plane",
    mode: "markers",
    marker: {
      color: `rgba(255,255,255,${(HAZE * Math.min(1, FEW / size)).toFixed(3)})`,
      size: indices(size).map((index) =>
        share(index) > 0 ? sizeOf(size) + SIZES.halo * share(index) : 0,
      ),
      line: { width: 0 },
      opacity: 1,
    },
  });
}

/** Light to dark by the steps taken. */
function colorsOf({ steps }: Path): readonly string[] {
  const [first, last] = [steps[0] ?? 0, steps.at(-1) ?? 0];
  return Array.from(steps, (step) =>
    mix(FIRST, LAST, last > first ? (step - first) / (last - first) : 1),
  );
}

/** Many are smaller than few. */
function sizeOf(size: number): number {
  return Math.max(SIZES.least, SIZES.most - size / 50);
}

function trace(changes: Partial<Trace> & Pick<Trace, "type">): Trace {
  return { mode: "lines", hoverinfo: "skip", showlegend: false, ...changes };
}

function indices(count: number): number[] {
  return [...Array(count).keys()];
}
