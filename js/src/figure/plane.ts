// What do all pictures seen from above share?

import type { Layout, Trace } from "../plotly";
import type { Request } from "../protocol";
import type { Surface } from "../surface";
import { coordinateTicks, directionTitle } from "./axes";
import { ends, hatch, type Rectangle, unknownGround } from "./ground";
import { marksOf, markTrace } from "./marks";
import type { Scene, View } from "./scene";

/** Strokes where cells aren't finite, and the labelled points. */
export function planeMarks(scene: Scene): Trace[] {
  const { surface, theme } = scene;
  const strokes = hatch(scene.x, scene.y, scene.heights);
  const marks = marksOf(surface, scene.metric);
  const holes: Trace = {
    type: "scatter",
    name: "not finite",
    mode: "lines",
    ...strokes,
    line: { color: theme.hatch, width: 1 },
    hoverinfo: "skip",
    showlegend: false,
  };
  const points = markTrace(marks, theme, {
    type: "scatter",
    x: marks.map((mark) => mark.coordinates[0]),
    y: marks.map((mark) => mark.coordinates[1]),
  });
  return strokes.x.length === 0 ? [points] : [holes, points];
}

/** Both directions on one scale; the window is the request's, whatever is known of it. */
export function planeLayout(surface: Surface | null, view: View, known: Rectangle | null): Layout {
  const { request, theme } = view;
  const unknown = known === null ? [] : unknownGround(request, known);
  return {
    xaxis: { ...axis(surface, view, 0), constrain: "domain" },
    yaxis: { ...axis(surface, view, 1), constrain: "domain", scaleanchor: "x" },
    plot_bgcolor: theme.wall,
    shapes: unknown.map(({ x, y }) => ({
      type: "rect",
      layer: "below",
      x0: x[0],
      x1: x[1],
      y0: y[0],
      y1: y[1],
      fillcolor: theme.unknown,
      line: { width: 0 },
    })),
    annotations: unknown.filter((area) => roomy(area, request)).map((area) => ({
      text: "not computed",
      x: (area.x[0] + area.x[1]) / 2,
      y: (area.y[0] + area.y[1]) / 2,
      textangle: isTall(area, request) ? -90 : 0,
      showarrow: false,
      font: { color: theme.muted, size: theme.fontSize - 1 },
    })),
  };
}

/** All that is known of a scene, as a rectangle. */
export function knownGround(scene: Scene): Rectangle {
  return { x: ends(scene.x), y: ends(scene.y) };
}

function axis(surface: Surface | null, { request, theme }: View, which: 0 | 1): Layout {
  const range = which === 0 ? request.x : request.y;
  return {
    range: [...range],
    title: { text: directionTitle(surface, request, which), standoff: 8 },
    ...coordinateTicks(range, theme),
    ticks: "outside",
    ticklen: 4,
    tickcolor: theme.grid,
    showgrid: false,
    zeroline: false,
    fixedrange: true,
    automargin: true,
    showspikes: true,
    spikemode: "across",
    spikesnap: "hovered data",
    spikethickness: 1,
    spikedash: "solid",
    spikecolor: theme.muted,
  };
}

function roomy({ x, y }: Rectangle, window: Request): boolean {
  const across = (x[1] - x[0]) / (window.x[1] - window.x[0]);
  const up = (y[1] - y[0]) / (window.y[1] - window.y[0]);
  return Math.min(across, up) > 0.06 && Math.max(across, up) > 0.3;
}

function isTall({ x, y }: Rectangle, window: Request): boolean {
  return (y[1] - y[0]) / (window.y[1] - window.y[0]) > (x[1] - x[0]) / (window.x[1] - window.x[0]);
}
