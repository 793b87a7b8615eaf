// How does the surface stand in space, softly lit, with its contours on the floor?

import type { Trace } from "../plotly";
import { colorBar } from "./axes";
import { spaceCross } from "./cross";
import { dotsOf, dotTrace } from "./dots";
import { unknownGround } from "./ground";
import { type Layer, skinLayers } from "./layers";
import { levelsOf } from "./levels";
import { landmarksOf, markTrace } from "./marks";
import { knownGround } from "./plane";
import type { Scene } from "./scene";
import { floorOf, lifted, standing } from "./space";
import { spaceStrokes } from "./strokes";
import { spaceTriangle } from "./triangle";

/** Of two sheets the upper lies so much higher, or they would flicker through each other; a share of the range. */
const HAIR = 0.002;
/** How opaque a sheet is when a path may run below it. */
const OVER_A_PATH = 0.75;

/** The surface, and on the floor what isn't there: ground not computed, strokes under holes; and over what didn't converge. */
export function surface(scene: Scene): Trace[] {
  const marks = landmarksOf(scene.surface, scene.metric);
  const points = markTrace(marks, {
    type: "scatter3d",
    projection: { z: { show: true, opacity: 0.6, scale: 0.6 } },
    x: marks.map((mark) => mark.coordinates[0]),
    y: marks.map((mark) => mark.coordinates[1]),
    z: marks.map((mark) => standing(mark, scene)),
  });
  const layers = skinLayers(scene);
  const dots = dotsOf(scene);
  return [
    ...layers.map((layer) => sheet(scene, layer, layer === layers.at(-1))),
    ...unknownFloor(scene),
    ...spaceStrokes(scene),
    ...dotTrace(dots, scene, {
      type: "scatter3d",
      x: dots.map((dot) => dot.x),
      y: dots.map((dot) => dot.y),
      z: dots.map((dot) => lifted(dot.height, scene.heightRange)),
    }),
    ...spaceTriangle(scene),
    ...spaceCross(scene),
    points,
  ];
}

function sheet(scene: Scene, { name, colorscale, above, pick }: Layer, named: boolean): Trace {
  const { theme, x, y } = scene;
  const cut = { highlightcolor: theme.text, highlightpaper: theme.paper, highlightwidth: 2 };
  const [low, high] = scene.heightRange;
  const hair = HAIR * (high - low);
  return {
    type: "surface",
    name,
    x,
    y,
    z: above ? pick(scene.heights).map((row) => row.map((z) => z + hair)) : pick(scene.heights),
    ...(scene.clip === null ? {} : uncut(pick(scene.tones), scene.clip, above ? hair : 0)),
    surfacecolor: pick(scene.tones),
    cmin: scene.toneRange[0],
    cmax: scene.toneRange[1],
    colorscale,
    showscale: scene.finite && named,
    colorbar: { ...colorBar(scene, scene.scale.ticks(low, high), scene.clip), len: 0.6 },
    lighting: { ambient: 0.66, diffuse: 0.42, specular: 0.06, roughness: 0.8, fresnel: 0.1 },
    contours: {
      x: cut,
      y: cut,
      z: {
        show: true,
        levels: levelsOf(scene).values,
        color: theme.relief,
        width: 1,
        project: { z: !above },
      },
    },
    opacity: scene.surface.path ? OVER_A_PATH : 1,
    hoverinfo: "none",
  };
}

/** Cells are cut off at the clip, but ground between two of them where it really meets it. */
function uncut(tones: readonly Float64Array[], clip: number, hair: number): Partial<Trace> {
  return { uncut: tones.map((row) => row.map((tone) => tone + hair)), ceiling: clip + hair };
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
