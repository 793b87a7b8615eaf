// How does the surface stand in space, softly lit, with its contours on the floor?

import { DEFAULT_CAMERA } from "../camera";
import type { Layout, Trace } from "../plotly";
import type { Range } from "../protocol";
import type { Ticks } from "../scale";
import type { Surface } from "../surface";
import { colorBar, coordinateTicks, directionTitle, plain, ticks } from "./axes";
import { hatch, unknownGround } from "./ground";
import { marksOf, markTrace } from "./marks";
import { knownGround } from "./plane";
import { type Scene, type View, valueTitle } from "./scene";

const HEIGHT = 0.7;
const FLOOR = 0.3;
const LINES = 12;

/** The surface, the strokes on the floor under its holes, and the labelled points. */
export function surface(scene: Scene): Trace[] {
  const { theme } = scene;
  const [low, high] = scene.heightRange;
  const height = (value: number) => Math.min(scene.scale.forward(value), high);
  const floor = floorOf(scene.heightRange);
  const strokes = hatch(scene.x, scene.y, scene.heights);
  const marks = marksOf(scene.surface, scene.metric);
  const ground: Trace = {
    type: "surface",
    name: "surface",
    x: scene.x,
    y: scene.y,
    z: scene.heights,
    surfacecolor: scene.tones,
    cmin: scene.toneRange[0],
    cmax: scene.toneRange[1],
    colorscale: scene.colorscale,
    colorbar: { ...colorBar(scene, scene.scale.ticks(low, high), scene.clip), len: 0.6 },
    lighting: { ambient: 0.72, diffuse: 0.6, specular: 0.08, roughness: 0.7, fresnel: 0.1 },
    lightposition: { x: -1e4, y: -1e4, z: 1e4 },
    contours: {
      x: { highlight: true, highlightcolor: theme.text, highlightwidth: 2 },
      y: { highlight: true, highlightcolor: theme.text, highlightwidth: 2 },
      z: {
        show: true,
        usecolormap: true,
        width: 2,
        project: { z: true },
        highlight: true,
        highlightcolor: theme.text,
        highlightwidth: 2,
      },
    },
    hoverinfo: "none",
  };
  const holes: Trace = {
    type: "scatter3d",
    name: "not finite",
    mode: "lines",
    ...strokes,
    z: strokes.x.map((x) => (x === null ? null : floor)),
    line: { color: theme.hatch, width: 2 },
    hoverinfo: "skip",
    showlegend: false,
  };
  const points = markTrace(marks, theme, {
    type: "scatter3d",
    x: marks.map((mark) => mark.coordinates[0]),
    y: marks.map((mark) => mark.coordinates[1]),
    z: marks.map((mark) => (Number.isFinite(mark.value) ? height(mark.value) : floor)),
  });
  return strokes.x.length === 0 ? [ground, points] : [ground, holes, points];
}

/** Ground that isn't computed yet, shaded on the floor. */
export function unknownFloor(scene: Scene): Trace[] {
  const floor = floorOf(scene.heightRange);
  return unknownGround(scene.request, knownGround(scene)).map(({ x, y }) => ({
    type: "scatter3d",
    name: "not computed",
    mode: "lines",
    x: [x[0], x[1], x[1], x[0]],
    y: [y[0], y[0], y[1], y[1]],
    z: [floor, floor, floor, floor],
    surfaceaxis: 2,
    surfacecolor: scene.theme.unknown,
    line: { width: 0.1, color: scene.theme.unknown },
    hoverinfo: "skip",
    showlegend: false,
  }));
}

/** Equal steps in both directions, and a height that lets one read valley and walls. */
export function spaceLayout(surface: Surface | null, view: View, scene: Scene | null): Layout {
  const { request, theme } = view;
  const [low, high] = scene?.heightRange ?? [0, 1];
  const [width, depth] = [request.x[1] - request.x[0], request.y[1] - request.y[0]];
  const longest = Math.max(width, depth);
  const wall = {
    showbackground: true,
    backgroundcolor: theme.wall,
    gridcolor: theme.grid,
    zeroline: false,
    showspikes: true,
    spikesides: false,
    spikethickness: 1,
    spikecolor: theme.muted,
    tickfont: { size: theme.fontSize - 2, color: theme.muted },
  };
  const direction = (which: 0 | 1, range: Range) => ({
    ...wall,
    ...coordinateTicks(range, theme, 4),
    range: [...range],
    title: title(directionTitle(surface, request, which), view),
  });
  const value = scene === null ? { showticklabels: false } : ticks(heightTicks(scene));
  return {
    scene: {
      xaxis: direction(0, request.x),
      yaxis: direction(1, request.y),
      zaxis: {
        ...wall,
        ...value,
        range: [floorOf([low, high]), high + 0.04 * (high - low)],
        title: title(
          scene === null ? "" : plain(valueTitle(scene.surface.metrics[scene.metric], scene.scale)),
          view,
        ),
      },
      camera: request.camera ?? DEFAULT_CAMERA,
      dragmode: "turntable",
      aspectmode: "manual",
      aspectratio: {
        x: Math.max(0.25, width / longest),
        y: Math.max(0.25, depth / longest),
        z: HEIGHT,
      },
      bgcolor: "rgba(0,0,0,0)",
    },
  };
}

/** plotly draws the contours at the ticks, so there are more of those than labels. */
function heightTicks(scene: Scene): Ticks {
  const [low, high] = scene.heightRange;
  const lines = scene.scale.ticks(low, high, LINES);
  const named = [5, 4, 3, 2]
    .map((count) => scene.scale.ticks(low, high, count))
    .find((fewer) => fewer.values.every((value) => lines.values.includes(value)));
  const { values, labels } = named ?? lines;
  return {
    values: lines.values,
    labels: lines.values.map((value) => labels[values.indexOf(value)] ?? ""),
  };
}

/** Below the lowest value, so that the contours on it are seen. */
function floorOf([low, high]: Range): number {
  return low - FLOOR * (high - low);
}

function title(text: string, { theme }: View): Layout {
  return { text, font: { size: theme.fontSize - 1, color: theme.text } };
}
