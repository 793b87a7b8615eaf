// What does each cell hold, one tile a cell at its true edges?

import type { Trace } from "../plotly";
import { colorBar } from "./axes";
import { cellEdges } from "./ground";
import { tileLayers } from "./layers";
import type { Scene } from "./scene";

/** Measured cells, and the interpolated ones between them. */
export function heatmap(scene: Scene): Trace[] {
  const [low, high] = scene.heightRange;
  const edges = { x: cellEdges(scene.x), y: cellEdges(scene.y) };
  const bar = colorBar(scene, scene.scale.ticks(low, high), scene.clip);
  return tileLayers(scene).map(({ name, colorscale, pick }, index) => ({
    type: "heatmap",
    name,
    ...edges,
    z: pick(scene.tones),
    zmin: scene.toneRange[0],
    zmax: scene.toneRange[1],
    colorscale,
    showscale: index === 0,
    colorbar: bar,
    hoverinfo: "none",
  }));
}
