// What picture does plotly draw of a surface, as it was asked for? Pure: no DOM, no plotly.

import { strokesFor, themeFor } from "./figure/bold";
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
import { asDrawn } from "./figure/wanted";
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
  asked: Request,
  worn: Theme,
  previous: boolean,
  barrier: Barrier | null = null,
): Figure {
  const request = asDrawn(surface, asked);
  const view: View = { request, theme: themeFor(worn, request), previous, barrier };
  const metric = surface === null ? 0 : chosenMetric(surface, request);
  const kind = kindOf(surface, request);
  const { data, layout, path } = drawn(kind, surface, view);
  return {
    kind,
    data: strokesFor([...data, ...path], request),
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

/** The path alone, in space, as it is at the moment asked for. */
export function pathInSpace(surface: Surface, view: View): readonly Trace[] {
  const scene = createScene(surface, { ...view, request: asDrawn(surface, view.request) });
  return scene ? strokesFor(spacePath(scene), view.request) : [];
}

interface Drawing extends Pick<Figure, "data" | "layout"> {
  readonly path: readonly Trace[];
}

function drawn(kind: Kind, surface: Surface | null, view: View): Drawing {
  if (kind === "line") return chart(surface, view);
  const scene = surface && createScene(surface, view);
  if (kind === "surface") {
    const layout = spaceLayout(surface, view, scene);
    if (scene === null) return { data: [], layout, path: [] };
    return { data: inSpace(scene), layout, path: spacePath(scene) };
  }
  const layout = planeLayout(surface, view, scene);
  if (scene === null) return { data: [], layout, path: [] };
  const main = kind === "contour" ? [...contour(scene), ...planeDots(scene)] : heatmap(scene);
  return { data: [...main, ...planeMarks(scene)], layout, path: planePath(scene) };
}

function chart(surface: Surface | null, view: View): Drawing {
  if (surface === null) return { data: [], layout: chartLayout(null, [], view), path: [] };
  const sides = surface.level < 0 ? [] : sidesOf(surface, view);
  return {
    data: line(surface, sides, view),
    layout: chartLayout(surface, sides, view),
    path: sides[0] ? linePath(surface.path, sides[0]) : [],
  };
}

/** plotly takes numbers of the same revision for the same numbers, so what changes them is part of it. */
function revisionOf(surface: Surface | null, { request }: View): string {
  if (surface === null) return "empty";
  const { metric, scale, clip, limits, levels } = request;
  return JSON.stringify([
    ...[surface.generation, surface.revision],
    ...[metric, scale, clip, limits, levels],
  ]);
}

function common(surface: Surface | null, view: View): Layout {
  const { theme } = view;
  return {
    datarevision: revisionOf(surface, view),
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
