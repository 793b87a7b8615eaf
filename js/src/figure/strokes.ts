// Over which cells lie strokes: those without a value to draw, and those whose value isn't to be trusted?

import { between } from "../path";
import type { Trace } from "../plotly";
import { hatch, type Polyline } from "./ground";
import type { Scene } from "./scene";
import { floorOf, lifted } from "./space";

/** Under strokes that lie on colours of any brightness. */
const SHADOW = "rgba(0, 0, 0, 0.35)";

interface Strokes {
  readonly name: "not finite" | "not converged";
  readonly line: Polyline;
}

/** Seen from above. */
export function planeStrokes(scene: Scene): Trace[] {
  const trace = (name: string, line: Polyline, color: string, width: number): Trace => ({
    type: "scatter",
    name,
    mode: "lines",
    ...line,
    line: { color, width },
    hoverinfo: "skip",
    showlegend: false,
  });
  return strokesOf(scene).flatMap(({ name, line }) => {
    const strokes = trace(name, line, colorOf(name, scene), 1);
    if (name === "not finite") return [strokes];
    return [trace(`${name}, below`, line, SHADOW, 3), strokes];
  });
}

/** On the floor under a hole; on the ground itself where there is any. */
export function spaceStrokes(scene: Scene): Trace[] {
  const floor = lifted(floorOf(scene.heightRange), scene.heightRange);
  const above = (x: number, y: number | null | undefined) => {
    const height = between(scene, scene.heights, [x, y ?? 0]);
    return Number.isNaN(height) ? floor : lifted(height, scene.heightRange);
  };
  return strokesOf(scene).map(({ name, line }) => ({
    type: "scatter3d",
    name,
    mode: "lines",
    ...line,
    z: line.x.map((x, index) => {
      if (x === null) return null;
      return name === "not finite" ? floor : above(x, line.y[index]);
    }),
    line: { color: colorOf(name, scene), width: 1 },
    hoverinfo: "skip",
  }));
}

function strokesOf({ level }: Scene): readonly Strokes[] {
  const all: readonly Strokes[] = [
    { name: "not finite", line: hatch(level.x, level.y, level.heights) },
    { name: "not converged", line: hatch(level.x, level.y, level.trusted) },
  ];
  return all.filter(({ line }) => line.x.length > 0);
}

function colorOf(name: Strokes["name"], { theme }: Scene): string {
  return name === "not finite" ? theme.hatch : theme.contour;
}
