// Where did training go, in space: each checkpoint at its own loss, on a stalk from the ground under it?

import { between, coordinatesOf, shownCount } from "../path";
import type { Layout, Trace } from "../plotly";
import type { Path } from "../protocol";
import { bounded } from "./extent";
import { checkpoints } from "./path";
import type { Scene } from "./scene";
import { floorOf, lifted } from "./space";

/** How much smaller a foot is than its checkpoint. */
const FOOT = 0.8;

interface Standing {
  readonly x: number;
  readonly y: number;
  /** Drawn units, a little above the sheet; null where none is drawn. */
  readonly ground: number | null;
  readonly height: number | null;
}

/**
 * Always the same traces, so that a moment later only their numbers differ. A checkpoint below the ground is hidden by
 * it, so the path runs along the ground and each stalk has a foot there.
 */
export function spacePath(scene: Scene): Trace[] {
  const { path } = scene.surface;
  if (!path) return [];
  const shown = shownCount(path, scene.request.moment);
  const points = [...Array(shown).keys()].map((index) => standing(scene, path, index));
  const at = (z: (point: Standing) => number | null) => ({
    type: "scatter3d" as const,
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => y),
    z: points.map(z),
  });
  const line = { mode: "lines", hoverinfo: "skip", showlegend: false };
  const color = scene.theme.text;
  const feet = checkpoints(
    path,
    shown,
    at(({ ground }) => ground),
  );
  const { size, ...marker } = feet.marker as { readonly size: readonly number[] } & Layout;
  return [
    { ...line, ...stalks(points), name: "stalks", line: { color, width: 2 } },
    { ...line, ...at(({ ground }) => ground), name: "path", line: { color, width: 3 } },
    {
      ...feet,
      name: "feet",
      marker: { ...marker, line: { width: 0 }, size: size.map((across) => FOOT * across) },
    },
    checkpoints(
      path,
      shown,
      at(({ height }) => height),
    ),
  ];
}

function stalks(points: readonly Standing[]): Pick<Trace, "type"> & Readonly<Trace> {
  const each = (ends: (point: Standing) => readonly (number | null)[]) =>
    points.flatMap((point) => [...ends(point), null]);
  return {
    type: "scatter3d",
    x: each(({ x }) => [x, x]),
    y: each(({ y }) => [y, y]),
    z: each(({ ground, height }) => [ground, ground === null ? null : height]),
  };
}

/** A checkpoint that isn't measured yet lies on the ground; one that diverged, at the top. */
function standing(scene: Scene, path: Path, index: number): Standing {
  const { scale, heightRange, metric, request } = scene;
  const [x = 0, y = 0] = coordinatesOf(path, index);
  const found = between(scene, scene.heights, [x, y]);
  const ground = Number.isNaN(found) ? null : lifted(found, heightRange);
  const value = path.values[metric]?.[index] ?? Number.NaN;
  if (Number.isNaN(value)) return { x, y, ground, height: ground };
  const height = value === Infinity ? heightRange[1] : scale.forward(bounded(value, request));
  const inside = Math.max(floorOf(heightRange), Math.min(height, heightRange[1]));
  return { x, y, ground, height: Number.isNaN(inside) ? null : lifted(inside, heightRange) };
}
