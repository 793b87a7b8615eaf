// In what room does a surface stand: walls, floor, height, and the names in it?

import { traitsOf } from "../lesson/controls";
import type { Ticks } from "../numbers/scale";
import { DEFAULT_CAMERA } from "../picture/camera";
import type { Layout } from "../plotly";
import type { Range, Request } from "../protocol";
import { lengthRatio, type Surface } from "../surface";
import { coordinateTicks, directionTitle, inSpace, plain, ticks } from "./axes";
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
      aspectmode: "manual",
      aspectratio: roomSides(surface, request),
      bgcolor: "rgba(0,0,0,0)",
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
  const title = theme.compact
    ? `direction ${which + 1}`
    : inSpace(directionTitle(surface, request, which));
  return {
    ...wall(view),
    ...coordinateTicks(range, theme, 4),
    range: [...range],
    // An empty line keeps the title clear of the ticks.
    title: {
      text: `<br>${title}`,
      font: { size: theme.fontSize - 1, color: theme.text },
    },
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

/** Written on the picture: along the axis, plotly turns it upside down at some angles. */
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

/**
 * plotly draws the contours at the ticks, so there are more of those than labels; and it redraws them only when the
 * ticks change, whatever became of the surface, so each revision moves them by less than anybody sees.
 */
function heightTicks(scene: Scene): Ticks {
  const { scale, surface, heightRange } = scene;
  const [low, high] = heightRange;
  const nudge = ((31 * surface.generation + surface.revision) % 1009) * 1e-7 * (high - low);
  const lines = levelsOf(scene);
  const named = [5, 4, 3, 2]
    .map((count) => scale.ticks(low, high, count))
    .find((fewer) => fewer.values.every((value) => lines.values.includes(value)));
  const { values, labels } = named ?? lines;
  const stride = Math.ceil(values.length / MOST_NAMED);
  const told = new Map(values.map((value, index) => [value, index % stride ? "" : labels[index]]));
  return {
    values: lines.values.map((value) => value + nudge),
    labels: lines.values.map((value) => told.get(value) ?? ""),
  };
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
}
