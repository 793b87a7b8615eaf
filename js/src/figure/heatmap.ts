// What does each cell hold, one tile a cell at its true edges?

import type { Trace } from "../plotly";
import { colorBar } from "./axes";
import { cellEdges } from "./ground";
import type { Scene } from "./scene";

export function heatmap(scene: Scene): Trace {
  const [low, high] = scene.heightRange;
  return {
    type: "heatmap",
    name: "surface",
    x: cellEdges(scene.x),
    y: cellEdges(scene.y),
    z: scene.tones,
    zmin: scene.toneRange[0],
    zmax: scene.toneRange[1],
    colorscale: scene.colorscale,
    colorbar: colorBar(scene, scene.scale.ticks(low, high), scene.clip),
    hoverinfo: "none",
  };
}
