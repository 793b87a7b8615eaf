// What of the ground is solid, being measured, and what lies lighter below it?

import type { Colorscale } from "./colors";
import type { Scene } from "./scene";

export interface Layer {
  readonly name: "surface" | "interpolated";
  readonly colorscale: Colorscale;
  /** Whether it lies on top of the other. */
  readonly above: boolean;
  /** Leave out, as NaN, what belongs to the other layer. */
  pick(rows: readonly Float64Array[]): readonly Float64Array[];
}

/** Cell by cell, for tiles; the measured ones first. */
export function tileLayers(scene: Scene): readonly Layer[] {
  const { measured } = scene;
  const solid = layer(scene, "surface", (x, y) => measured[y]?.[x] === 1);
  if (isWhole(scene)) return [solid];
  return [solid, layer(scene, "interpolated", (x, y) => measured[y]?.[x] === 0)];
}

/**
 * For a skin drawn from corner to corner: lighter as a whole, and what is measured without gaps on top. A cell between
 * interpolated ones is no solid ground yet.
 */
export function skinLayers(scene: Scene): readonly Layer[] {
  const solid = layer(scene, "surface", (x, y) => isCore(scene, x, y));
  if (isWhole(scene)) return [solid];
  const light = layer(scene, "interpolated", () => true);
  const any = scene.measured.some((row, y) => row.some((_, x) => isCore(scene, x, y)));
  return any ? [light, { ...solid, above: true }] : [light];
}

function layer(
  { colorscale, lighter }: Scene,
  name: Layer["name"],
  holds: (x: number, y: number) => boolean,
): Layer {
  return {
    name,
    colorscale: name === "surface" ? colorscale : lighter,
    above: false,
    pick: (rows) => rows.map((row, y) => row.map((value, x) => (holds(x, y) ? value : Number.NaN))),
  };
}

function isWhole({ measured }: Scene): boolean {
  return measured.every((row) => row.every(Boolean));
}

/** Measured, and so are all around it. */
function isCore({ measured }: Scene, x: number, y: number): boolean {
  const rows = measured.slice(Math.max(0, y - 1), y + 2);
  return rows.every((row) => row.subarray(Math.max(0, x - 1), x + 2).every(Boolean));
}
