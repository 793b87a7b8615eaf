// Which three models does the plane go through?

import { between } from "../path";
import type { Trace } from "../plotly";
import { type Mark, marksOf } from "./marks";
import type { Scene } from "./scene";
import { lifted } from "./space";

/** A side in space follows the ground, so it is drawn in so many pieces. */
const PIECES = 40;

/** Thin lines from corner to corner, seen from above. */
export function planeTriangle(scene: Scene): Trace[] {
  const corners = cornersOf(scene);
  if (corners.length === 0) return [];
  return [
    {
      type: "scatter",
      name: "triangle",
      mode: "lines",
      x: corners.map(({ coordinates: [x] }) => x),
      y: corners.map(({ coordinates: [, y] }) => y),
      line: { color: "#ffffff", width: 1.5, dash: "dash" },
      hoverinfo: "skip",
      showlegend: false,
    },
  ];
}

/** The same along the ground. */
export function spaceTriangle(scene: Scene): Trace[] {
  const corners = cornersOf(scene);
  if (corners.length === 0) return [];
  const places = corners.slice(1).flatMap(({ coordinates: to }, index) => {
    const from = corners[index]?.coordinates ?? to;
    const along = (share: number, axis: 0 | 1) =>
      (1 - share) * (from[axis] ?? 0) + share * (to[axis] ?? 0);
    return Array.from({ length: PIECES + 1 }, (_, piece) => [
      along(piece / PIECES, 0),
      along(piece / PIECES, 1),
    ]);
  });
  return [
    {
      type: "scatter3d",
      name: "triangle",
      mode: "lines",
      x: places.map(([x]) => x),
      y: places.map(([, y]) => y),
      z: places.map((place) => {
        const height = between(scene, scene.heights, place);
        return Number.isNaN(height) ? null : lifted(height, scene.heightRange);
      }),
      line: { color: scene.theme.text, width: 3 },
      hoverinfo: "skip",
      showlegend: false,
    },
  ];
}

/** The first corner again at the end; none where the plane isn't one of three models. */
function cornersOf({ surface, metric }: Scene): readonly Mark[] {
  if (!surface.facts.is_triangle) return [];
  const corners = marksOf(surface, metric).slice(0, 3);
  return corners.length === 3 ? [...corners, corners[0] as Mark] : [];
}
