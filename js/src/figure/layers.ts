// What of the ground is solid, being measured, and what lies lighter below it?

import { filled } from "../numbers/filled";
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

/** 1 for a cell that belongs to a layer, row by row. */
type Cells = readonly Uint8Array[];

/** Cell by cell, for tiles; the measured ones first. */
export function tileLayers(scene: Scene): readonly Layer[] {
  const { measured } = scene;
  if (isWhole(measured)) return [layer(scene, "surface", null)];
  const rest = measured.map((row) => filled(new Uint8Array(row.length), (x) => 1 - (row[x] ?? 0)));
  return [layer(scene, "surface", measured), layer(scene, "interpolated", rest)];
}

/**
 * For a skin drawn from corner to corner: lighter as a whole, and what is measured without gaps on top. A cell between
 * interpolated ones is no solid ground yet.
 */
export function skinLayers(scene: Scene): readonly Layer[] {
  if (isWhole(scene.measured)) return [layer(scene, "surface", null)];
  const light = layer(scene, "interpolated", null);
  const core = coreOf(scene.measured);
  const any = core.some((row) => row.includes(1));
  return any ? [light, { ...layer(scene, "surface", core), above: true }] : [light];
}

/** All cells where none are named. */
function layer({ colorscale, lighter }: Scene, name: Layer["name"], cells: Cells | null): Layer {
  return {
    name,
    colorscale: name === "surface" ? colorscale : lighter,
    above: false,
    pick: (rows) =>
      cells === null
        ? rows
        : rows.map((row, y) =>
            filled(new Float64Array(row.length), (x) =>
              cells[y]?.[x] === 1 ? (row[x] as number) : Number.NaN,
            ),
          ),
  };
}

function isWhole(measured: Cells): boolean {
  return measured.every((row) => !row.includes(0));
}

/** Measured, and so are all around it. */
function coreOf(measured: Cells): Cells {
  const across = measured.map((row) =>
    filled(
      new Uint8Array(row.length),
      (x) => (row[x - 1] ?? 1) & (row[x] ?? 0) & (row[x + 1] ?? 1),
    ),
  );
  return across.map((row, y) =>
    filled(
      new Uint8Array(row.length),
      (x) => (across[y - 1]?.[x] ?? 1) & (row[x] ?? 0) & (across[y + 1]?.[x] ?? 1),
    ),
  );
}
