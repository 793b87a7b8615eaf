// How does the surface stand in space, softly lit, with its contours on the floor?

import type { Trace } from "../plotly";
import { colorBar } from "./axes";
import { hatch, unknownGround } from "./ground";
import { marksOf, markTrace } from "./marks";
import { knownGround } from "./plane";
import type { Scene } from "./scene";
import { floorOf, lifted, standing } from "./space";

/** The surface, and on the floor what isn't there: ground not computed, strokes under holes. */
export function surface(scene: Scene): Trace[] {
  const marks = marksOf(scene.surface, scene.metric);
  const points = markTrace(marks, {
    type: "scatter3d",
    projection: { z: { show: true, opacity: 0.6, scale: 0.6 } },
    x: marks.map((mark) => mark.coordinates[0]),
    y: marks.map((mark) => mark.coordinates[1]),
    z: marks.map((mark) => standing(mark, scene)),
  });
  return [sheet(scene), ...unknownFloor(scene), ...holes(scene), points];
}

function sheet(scene: Scene): Trace {
  const { theme } = scene;
  const cut = { highlight: true, highlightcolor: theme.text, highlightwidth: 2 };
  const [low, high] = scene.heightRange;
  return {
    type: "surface",
    name: "surface",
    x: scene.x,
    y: scene.y,
    z: scene.heights,
    surfacecolor: scene.tones,
    cmin: scene.toneRange[0],
    cmax: scene.toneRange[1],
    colorscale: scene.colorscale,
    showscale: scene.finite,
    colorbar: { ...colorBar(scene, scene.scale.ticks(low, high), scene.clip), len: 0.6 },
    lighting: { ambient: 0.66, diffuse: 0.42, specular: 0.06, roughness: 0.8, fresnel: 0.1 },
    lightposition: { x: -1e4, y: -1e4, z: 1e4 },
    contours: {
      x: cut,
      y: cut,
      z: { ...cut, show: true, color: theme.relief, width: 1, project: { z: true } },
    },
    hoverinfo: "none",
  };
}

function holes(scene: Scene): Trace[] {
  const strokes = hatch(scene.x, scene.y, scene.heights);
  if (strokes.x.length === 0) return [];
  const floor = lifted(floorOf(scene.heightRange), scene.heightRange);
  return [
    {
      type: "scatter3d",
      name: "not finite",
      mode: "lines",
      ...strokes,
      z: strokes.x.map((x) => (x === null ? null : floor)),
      line: { color: scene.theme.hatch, width: 2 },
      hoverinfo: "skip",
    },
  ];
}

function unknownFloor(scene: Scene): Trace[] {
  const { unknown } = scene.theme;
  const floor = lifted(floorOf(scene.heightRange), scene.heightRange);
  return unknownGround(scene.request, knownGround(scene)).map(({ x, y }) => ({
    type: "scatter3d",
    name: "not computed",
    mode: "lines",
    x: [x[0], x[1], x[1], x[0]],
    y: [y[0], y[0], y[1], y[1]],
    z: [floor, floor, floor, floor],
    surfaceaxis: 2,
    surfacecolor: unknown,
    line: { width: 0.1, color: unknown },
    hoverinfo: "skip",
  }));
}
