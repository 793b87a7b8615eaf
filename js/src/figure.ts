// What picture does plotly draw of a surface, as it was asked for? Pure: no DOM, no plotly.

import { chartLayout } from "./figure/chart";
import { contour } from "./figure/contour";
import { heatmap } from "./figure/heatmap";
import { line } from "./figure/line";
import { linePath, planePath } from "./figure/path";
import { planeDots, planeLayout, planeMarks } from "./figure/plane";
import { chosenMetric, createScene, type View } from "./figure/scene";
import { sidesOf } from "./figure/sides";
import { spaceLayout } from "./figure/space";
import { spacePath } from "./figure/stalks";
import { surface as inSpace } from "./figure/surface";
import { shownCount } from "./path";
import type { Theme } from "./picture/theme";
import type { Layout, Trace } from "./plotly";
import type { Barrier, Kind, Request } from "./protocol";
import { isInterpolated, notFinite, type Surface } from "./surface";
import { clippedCells } from "./words/counts";

export interface Figure {
  readonly kind: Kind;
  readonly data: readonly Trace[];
  readonly layout: Layout;
  /** Cells above the clip, over all that is measured. */
  readonly clipped: number;
  /** Cells that are NaN or infinite, over all that is measured. */
  readonly notFinite: number;
  /** True while some of the ground isn't measured. */
  readonly interpolated: boolean;
  /** How many of the last traces are the path's: as many at every moment. */
  readonly pathTraces: number;
  /** How many checkpoints are in sight; a chart draws them all, and the page hides the rest. */
  readonly shown: number;
}

/** What is measured and the ground between, in the window asked for; empty axes before the first level. */
export function figure(
  surface: Surface | null,
  request: Request,
  theme: Theme,
  previous: boolean,
  barrier: Barrier | null = null,
): Figure {
  const view: View = { request, theme, previous, barrier };
  const metric = surface === null ? 0 : chosenMetric(surface, request);
  const kind = kindOf(surface, request);
  const { data, layout } = drawn(kind, surface, view);
  const path = pathOf(kind, surface, view);
  return {
    kind,
    data: [...data, ...path],
    pathTraces: path.length,
    shown: surface?.path ? shownCount(surface.path, request.moment) : 0,
    layout: { ...common(surface, view), ...layout },
    clipped: surface === null ? 0 : clippedCells(surface, metric, request.clip),
    notFinite: surface === null ? 0 : notFinite(surface, metric),
    interpolated: surface !== null && isInterpolated(surface),
  };
}

/** The kind asked for, unless it makes no sense: one direction is a line, and only one is. */
export function kindOf(surface: Surface | null, request: Request): Kind {
  const flat = surface === null ? request.directions.length === 1 : surface.y.length === 0;
  if (flat) return "line";
  return request.kind === "line" ? "surface" : request.kind;
}

/** The path alone; in space as it is at the moment asked for, on a chart all of it. */
export function pathOf(kind: Kind, surface: Surface | null, view: View): readonly Trace[] {
  if (!surface?.path || surface.level < 0) return [];
  if (kind === "line") {
    const [left] = sidesOf(surface, view);
    return left ? linePath(surface.path, left) : [];
  }
  const scene = createScene(surface, view);
  if (scene === null) return [];
  return kind === "surface" ? spacePath(scene) : planePath(scene);
}

function drawn(kind: Kind, surface: Surface | null, view: View): Pick<Figure, "data" | "layout"> {
  if (kind === "line") {
    const sides = surface === null || surface.level < 0 ? [] : sidesOf(surface, view);
    const data = surface === null ? [] : line(surface, sides, view);
    return { data, layout: chartLayout(surface, sides, view) };
  }
  const scene = surface && createScene(surface, view);
  if (kind === "surface") {
    const data = scene ? inSpace(scene) : [nothingInSpace];
    return { data, layout: spaceLayout(surface, view, scene) };
  }
  const layout = planeLayout(surface, view, scene);
  if (scene === null) return { data: [], layout };
  const main = kind === "contour" ? [...contour(scene), ...planeDots(scene)] : heatmap(scene);
  return { data: [...main, ...planeMarks(scene)], layout };
}

/** Without a point plotly shows no axes in space. */
const nothingInSpace: Trace = {
  type: "scatter3d",
  x: [0],
  y: [0],
  z: [0],
  opacity: 0,
  hoverinfo: "skip",
};

function common(surface: Surface | null, { theme }: View): Layout {
  return {
    datarevision: surface === null ? "empty" : `${surface.generation}.${surface.revision}`,
    uirevision: "landscape",
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, size: theme.fontSize, color: theme.text },
    margin: { l: 8, r: 8, t: 12, b: 8 },
    showlegend: false,
    hovermode: "closest",
    dragmode: false,
  };
}
