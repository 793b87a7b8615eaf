// What do all pictures seen from above share?

import type { Theme } from "../picture/theme";
import type { Layout, Trace } from "../plotly";
import type { Request } from "../protocol";
import { lengthRatio, type Surface } from "../surface";
import { coordinateTicks, directionTitle, SHOWN_TICKS, spikes } from "./axes";
import { planeCross } from "./cross";
import { dotsOf, dotTrace } from "./dots";
import { ends, type Rectangle, unknownGround } from "./ground";
import { landmarksOf, markTrace, namesOf } from "./marks";
import { planePins } from "./pins";
import type { Scene, View } from "./scene";
import { planeStrokes } from "./strokes";
import { planeTriangle } from "./triangle";

/** Roughly what titles, ticks and colour bar take, in pixels. */
const BESIDE = { width: 190, height: 80 };

/** Sides of a picture; beyond that, equal steps hide more than they show. */
const MOST_SLENDER = { toScale: 8, else: 3 } as const;

/** Strokes where cells have no value to trust, and the labelled points. */
export function planeMarks(scene: Scene): Trace[] {
  const marks = landmarksOf(scene.surface, scene.metric);
  const points = markTrace(marks, {
    type: "scatter",
    x: marks.map((mark) => mark.coordinates[0]),
    y: marks.map((mark) => mark.coordinates[1]),
  });
  return [...planeStrokes(scene), ...planeTriangle(scene), ...planeCross(scene), points];
}

/** Measured cells, where the ground between them isn't. */
export function planeDots(scene: Scene): Trace[] {
  const dots = dotsOf(scene);
  return dotTrace(dots, scene, {
    type: "scatter",
    x: dots.map(({ x }) => x),
    y: dots.map(({ y }) => y),
  });
}

/** Both directions on one scale; the window is the request's, whatever is known of it. */
export function planeLayout(surface: Surface | null, view: View, scene: Scene | null): Layout {
  const { request, theme } = view;
  const unknown = scene === null ? [] : unknownGround(request, knownGround(scene));
  return {
    xaxis: { ...axis(surface, view, 0), constrain: "domain" },
    yaxis: {
      ...axis(surface, view, 1),
      constrain: "domain",
      scaleanchor: "x",
      scaleratio: stepRatio(surface, request),
    },
    plot_bgcolor: theme.wall,
    shapes: unknown.map((area) => shade(area, theme)),
    annotations: [
      ...unknown.filter((area) => isRoomy(area, request)).map((area) => note(area, view)),
      ...(scene === null ? [] : namesOf(scene, ({ coordinates: [x, y] }) => ({ x, y }))),
      ...(scene === null ? [] : planePins(view)),
    ],
  };
}

/** All that is known of a scene, as a rectangle. */
export function knownGround(scene: Scene): Rectangle {
  return { x: ends(scene.x), y: ends(scene.y) };
}

/** How wide a picture of this height may be before it has nothing but room beside it. */
export function widthFor(height: number, surface: Surface | null, window: Rectangle): number {
  return shapeOf(surface, window) * (height - BESIDE.height) + BESIDE.width;
}

/** Width by height: steps are as long on both axes, but no picture is more slender than can be read. */
export function shapeOf(surface: Surface | null, { x, y }: Rectangle): number {
  const most = surface?.facts.is_to_scale ? MOST_SLENDER.toScale : MOST_SLENDER.else;
  const shape = (x[1] - x[0]) / ((y[1] - y[0]) * lengthRatio(surface));
  return Math.min(most, Math.max(1 / most, shape));
}

/** How long a step along the second axis is drawn, in steps along the first. */
function stepRatio(surface: Surface | null, window: Rectangle): number {
  const { x, y } = window;
  return (x[1] - x[0]) / ((y[1] - y[0]) * shapeOf(surface, window));
}

function axis(surface: Surface | null, { request, theme }: View, which: 0 | 1): Layout {
  const range = which === 0 ? request.x : request.y;
  return {
    range: [...range],
    title: {
      text: directionTitle(surface, request, which, theme.compact),
      font: { size: theme.fontSize },
      standoff: 8,
    },
    ...coordinateTicks(range, theme),
    ticks: "outside",
    ticklen: 4,
    tickcolor: theme.grid,
    showgrid: false,
    zeroline: false,
    fixedrange: true,
    automargin: true,
    ...SHOWN_TICKS,
    ...spikes(theme),
  };
}

function shade({ x, y }: Rectangle, theme: Theme): Layout {
  const corners = { x0: x[0], x1: x[1], y0: y[0], y1: y[1] };
  return {
    type: "rect",
    layer: "below",
    ...corners,
    fillcolor: theme.unknown,
    line: { width: 0 },
  };
}

function note(area: Rectangle, { request, theme }: View): Layout {
  const [across, up] = shares(area, request);
  return {
    text: "not computed",
    x: (area.x[0] + area.x[1]) / 2,
    y: (area.y[0] + area.y[1]) / 2,
    textangle: up > across ? -90 : 0,
    showarrow: false,
    font: { color: theme.muted, size: theme.fontSize - 1 },
  };
}

function isRoomy(area: Rectangle, request: Request): boolean {
  const [across, up] = shares(area, request);
  return Math.min(across, up) > 0.06 && Math.max(across, up) > 0.3;
}

function shares({ x, y }: Rectangle, window: Rectangle): [number, number] {
  return [(x[1] - x[0]) / (window.x[1] - window.x[0]), (y[1] - y[0]) / (window.y[1] - window.y[0])];
}
