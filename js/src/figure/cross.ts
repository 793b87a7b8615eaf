// Where is the point that somebody keeps, and where do the cuts through it run?

import { cellAt } from "../lattice";
import type { Trace } from "../plotly";
import type { Surface } from "../surface";
import { read } from "../surface";
import { type Crossing, crossingAt, cutsOf } from "./cuts";
import type { Scene } from "./scene";
import { heightOn, type Side } from "./sides";
import { floorOf, lifted } from "./space";

/** Below a thin light line, so that it is seen on colours of any brightness. */
const SHADOW = "rgba(0, 0, 0, 0.4)";
const LIGHT = "#ffffff";
const DARK = "#16181d";

/** Seen from above: a ring with a cross in it and, with the cuts, a line along each. */
export function planeCross(scene: Scene): Trace[] {
  const at = crossingAt(scene, scene.request.marked);
  if (at === null) return [];
  const [x, y] = at.coordinates;
  const ring = (color: string, width: number): Trace => ({
    type: "scatter",
    name: "marked",
    mode: "markers",
    x: [x],
    y: [y],
    marker: { symbol: "circle-cross-open", size: 15, color, line: { width, color } },
    customdata: [at.cell],
    hoverinfo: "none",
    showlegend: false,
    cliponaxis: false,
  });
  return [...(scene.request.cuts ? planeLines(scene, at) : []), ring(DARK, 4), ring(LIGHT, 1.5)];
}

function planeLines({ request }: Scene, { coordinates: [x, y] }: Crossing): Trace[] {
  const lines = {
    x: [request.x[0], request.x[1], null, x, x],
    y: [y, y, null, request.y[0], request.y[1]],
  };
  const line = (color: string, width: number): Trace => ({
    type: "scatter",
    name: "cuts",
    mode: "lines",
    ...lines,
    line: { color, width },
    hoverinfo: "skip",
    showlegend: false,
  });
  return [line(SHADOW, 3), line(LIGHT, 1)];
}

/** On the ground: the point, on a stalk from the floor, and with the cuts the ground along each. */
export function spaceCross(scene: Scene): Trace[] {
  const at = crossingAt(scene, scene.request.marked);
  if (at === null) return [];
  const [x, y] = at.coordinates;
  const height = scene.heights[at.row]?.[at.column] ?? Number.NaN;
  const [floor, range] = [floorOf(scene.heightRange), scene.heightRange];
  const z = lifted(Number.isFinite(height) ? height : floor, range);
  const point: Trace = {
    type: "scatter3d",
    name: "marked",
    mode: "markers",
    x: [x],
    y: [y],
    z: [z],
    marker: { symbol: "circle", size: 6, color: DARK, line: { width: 2, color: LIGHT } },
    projection: { z: { show: true, opacity: 0.6, scale: 0.6 } },
    customdata: [at.cell],
    hoverinfo: "none",
  };
  const stalk = spaceLine(scene, "marked, stalk", [x, x], [y, y], [floor, z]);
  return [...(scene.request.cuts ? spaceLines(scene, at) : []), stalk, point];
}

function spaceLines(scene: Scene, at: Crossing): Trace[] {
  return cutsOf(scene, at).map(({ axis, places, heights }) => {
    const still = Array.from(places, () => at.coordinates[1 - axis] as number);
    const [x, y] = axis === 0 ? [Array.from(places), still] : [still, Array.from(places)];
    const z = Array.from(heights, (height) =>
      Number.isFinite(height) ? lifted(height, scene.heightRange) : null,
    );
    return spaceLine(scene, "cuts", x, y, z);
  });
}

function spaceLine(
  { theme }: Scene,
  name: string,
  x: readonly number[],
  y: readonly number[],
  z: readonly (number | null)[],
): Trace {
  const line = { color: theme.text, width: 2 };
  return { type: "scatter3d", name, mode: "lines", x, y, z, line, hoverinfo: "skip" };
}

/** On a chart: a ring on the first curve of a side. */
export function lineCross(surface: Surface, side: Side, marked: readonly number[] | null): Trace[] {
  const cell = marked === null ? -1 : cellAt(surface, marked[0] ?? 0, 0);
  if (cell < 0) return [];
  const { value, coordinates } = read(surface, side.metrics[0] ?? 0, cell);
  return [
    {
      type: "scatter",
      name: "marked",
      mode: "markers",
      x: [coordinates[0]],
      y: [heightOn(side, value)],
      yaxis: side.axis,
      marker: { symbol: "circle-open", size: 13, color: side.color, line: { width: 2 } },
      customdata: [cell],
      hoverinfo: "none",
      showlegend: false,
      cliponaxis: false,
    },
  ];
}
