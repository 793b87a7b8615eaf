// In what room does a surface stand: walls, floor, height, and the names in it?

import { traitsOf } from "../lesson/controls";
import type { Ticks } from "../numbers/scale";
import { DEFAULT_CAMERA } from "../picture/camera";
import type { Layout } from "../plotly";
import type { Range, Request } from "../protocol";
import { lengthRatio, type Surface } from "../surface";
import { coordinateTicks, directionTitle, plain, ticks } from "./axes";
import { levelsOf } from "./levels";
import { type Mark, namesOf } from "./marks";
import { spacePins } from "./pins";
import type { Scene, View } from "./scene";
import { valueTitle } from "./titles";

const HEIGHT = 0.7;
const FLOOR = 0.3;
/** Names of levels that can be told apart along the height. */
const MOST_NAMED = 8;
/** What lies on something is drawn a little above it, or it would flicker through. */
const LIFT = 0.01;

/** Equal steps in both directions, and a height that lets one read valley and walls. */
export function spaceLayout(surface: Surface | null, view: View, scene: Scene | null): Layout {
  const { request } = view;
  return {
    annotations: scene?.finite ? [heightTitle(scene)] : [],
    scene: {
      xaxis: directionAxis(surface, view, 0),
      yaxis: directionAxis(surface, view, 1),
      zaxis: heightAxis(view, scene),
      annotations: scene === null ? [] : [...names(scene), ...pins(scene)],
      camera: request.camera ?? DEFAULT_CAMERA,
      dragmode: traitsOf(request.locked).has("camera") ? false : "turntable",
      aspectratio: roomSides(surface, request),
    },
  };
}

/** How long the sides of the room are, in the camera's units. */
export function roomSides(surface: Surface | null, { x, y, height }: Request) {
  const width = x[1] - x[0];
  const depth = (y[1] - y[0]) * lengthRatio(surface);
  const longest = Math.max(width, depth);
  return {
    x: Math.max(0.25, width / longest),
    y: Math.max(0.25, depth / longest),
    z: HEIGHT * height,
  };
}

/** Below the lowest value, so that the contours on it are seen. */
export function floorOf([low, high]: Range): number {
  return low - FLOOR * (high - low);
}

/** A little above `height`, for what lies there. */
export function lifted(height: number, [low, high]: Range): number {
  return height + LIFT * (high - low);
}

/** How high a labelled point stands; on the floor where its value isn't finite. */
export function standing({ value }: Pick<Mark, "value">, { scale, heightRange }: Scene): number {
  if (!Number.isFinite(value)) return floorOf(heightRange);
  return lifted(Math.min(scale.forward(value), heightRange[1]), heightRange);
}

function directionAxis(surface: Surface | null, view: View, which: 0 | 1): Layout {
  const { request, theme } = view;
  const range = which === 0 ? request.x : request.y;
  const title = theme.compact ? `direction ${which + 1}` : directionTitle(surface, request, which);
  return {
    ...wall(view),
    ...coordinateTicks(range, theme, 4),
    range: [...range],
    title: { text: title, font: { size: theme.fontSize - 1, color: theme.text } },
  };
}

function heightAxis(view: View, scene: Scene | null): Layout {
  const [low, high] = scene?.heightRange ?? [0, 1];
  return {
    ...wall(view),
    ...(scene?.finite ? ticks(heightTicks(scene)) : { showticklabels: false }),
    range: [floorOf([low, high]), high + 0.04 * (high - low)],
    title: { text: "" },
  };
}

/** Written on the picture: along the axis, it would be read from the side. */
function heightTitle({ surface, metric, scale, theme }: Scene): Layout {
  return {
    text: `height: ${plain(valueTitle(surface.metrics[metric], scale))}`,
    xref: "paper",
    yref: "paper",
    x: 0,
    y: 1,
    xanchor: "left",
    yanchor: "top",
    showarrow: false,
    font: { size: theme.fontSize, color: theme.muted },
  };
}

/** Those of the contour lines that can be told apart: round ones, where they are among them. */
function heightTicks(scene: Scene): Ticks {
  const [low, high] = scene.heightRange;
  const lines = levelsOf(scene);
  const named = [5, 4, 3, 2]
    .map((count) => scene.scale.ticks(low, high, count))
    .find((fewer) => fewer.values.every((value) => lines.values.includes(value)));
  const { values, labels } = named ?? lines;
  const stride = Math.ceil(values.length / MOST_NAMED);
  const isNamed = (_: unknown, index: number) => index % stride === 0;
  return { values: values.filter(isNamed), labels: labels.filter(isNamed) };
}

function names(scene: Scene): Layout[] {
  return namesOf(scene, (mark) => {
    const [x, y] = mark.coordinates;
    return { x, y, z: standing(mark, scene) };
  });
}

function pins(scene: Scene): Layout[] {
  return spacePins(scene, (value) => standing({ value }, scene));
}

function wall({ theme }: View): Layout {
  return {
    backgroundcolor: theme.wall,
    gridcolor: theme.grid,
    tickfont: { size: theme.fontSize - 2, color: theme.muted },
  };
}
