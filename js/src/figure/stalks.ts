// Where did training go, in space: each checkpoint at its own loss, on a stalk from the ground under it?

import { between, coordinatesOf, shownCount } from "../path";
import type { Trace } from "../plotly";
import type { Path } from "../protocol";
import { bounded } from "./extent";
import { checkpoints } from "./path";
import type { Scene } from "./scene";
import { floorOf, lifted } from "./space";

type Coordinate = number | null;

/** Always the same traces, so that a moment later only their numbers differ. */
export function spacePath(scene: Scene): Trace[] {
  const { path } = scene.surface;
  if (!path) return [];
  const shown = shownCount(path, scene.request.moment);
  const points = [...Array(shown).keys()].map((index) => {
    const [x = 0, y = 0] = coordinatesOf(path, index);
    return { x, y, ...heights(scene, path, index, [x, y]) };
  });
  const place = {
    type: "scatter3d",
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => y),
    z: points.map(({ height }) => height),
  } as const;
  const ends = <T>(pick: (point: (typeof points)[number]) => readonly T[]) =>
    points.flatMap((point) => [...pick(point), null]);
  const line = { mode: "lines", hoverinfo: "skip", showlegend: false };
  return [
    {
      ...line,
      type: "scatter3d",
      name: "stalks",
      x: ends(({ x }) => [x, x]),
      y: ends(({ y }) => [y, y]),
      z: ends<Coordinate>(({ ground, height }) => [ground, ground === null ? null : height]),
      line: { color: scene.theme.text, width: 2 },
    },
    { ...line, ...place, name: "path", line: { color: scene.theme.text, width: 4 } },
    checkpoints(path, shown, place),
  ];
}

/** A checkpoint that isn't measured yet lies on the ground; one that diverged, at the top. */
function heights(scene: Scene, path: Path, index: number, place: readonly number[]) {
  const { scale, heightRange, metric, request } = scene;
  const found = between(scene, scene.heights, place);
  const ground = Number.isNaN(found) ? null : lifted(found, heightRange);
  const value = path.values[metric]?.[index] ?? Number.NaN;
  if (Number.isNaN(value)) return { ground, height: ground };
  const height = value === Infinity ? heightRange[1] : scale.forward(bounded(value, request));
  const standing = Math.max(floorOf(heightRange), Math.min(height, heightRange[1]));
  return { ground, height: Number.isNaN(standing) ? null : lifted(standing, heightRange) };
}
