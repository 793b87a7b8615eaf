// Where does the surface cross round values: filled bands and labelled lines.

import type { Layout, Trace } from "../plotly";
import { noisyLevels } from "../words/why/noise";
import { colorBar } from "./axes";
import { type Colorscale, colorAt, mix } from "./colors";
import { type Layer, skinLayers } from "./layers";
import { levelsOf } from "./levels";
import { FADED, LIGHTER, type Scene } from "./scene";

/**
 * plotly's levels are evenly spaced, round values on a logarithmic scale are not: so heights are
 * handed over as level numbers, level 0 being the lowest line, with fractions between two lines.
 */
export function contour(scene: Scene): Trace[] {
  const { theme, clip } = scene;
  const { values: levels, labels } = levelsOf(scene);
  const all = clip === null ? levels : [...levels, clip];
  const last = Math.max(0, all.length - 1);
  const numbers = scene.tones.map((row) => row.map((tone) => levelNumber(tone, all)));
  const bar = colorBar(
    scene,
    { values: levels.map((_, index) => index), labels },
    clip === null ? null : last,
  );
  const layers = skinLayers(scene);
  const runs = runsOf(scene, levels);
  const isApart = runs.length > 1 || runs[0]?.isDoubted === true;
  const label = {
    size: theme.fontSize - 2,
    color: theme.contour,
    shadow: "0 0 2px #000, 0 0 4px #000",
  };
  const line = { color: theme.contour, width: 0.7, smoothing: 0 };
  const fills = layers.map(
    (layer): Trace => ({
      type: "contour",
      name: layer.name,
      x: scene.x,
      y: scene.y,
      z: layer.pick(numbers),
      contours: {
        coloring: "fill",
        start: 0,
        end: last,
        size: 1,
        showlines: levels.length > 0 && !isApart,
        showlabels: levels.length > 0 && !isApart,
        labelfont: label,
      },
      autocontour: false,
      line,
      colorscale: bands(scene, all, layer),
      colorbar: layer === layers.at(-1) ? bar : hidden(bar),
      hoverinfo: "none",
    }),
  );
  if (!isApart) return fills;
  const lines = runs.map(
    ({ from, to, isDoubted }): Trace => ({
      type: "contour",
      name: isDoubted ? "doubted lines" : "lines",
      x: scene.x,
      y: scene.y,
      z: numbers,
      contours: {
        coloring: "lines",
        start: from,
        end: to,
        size: 1,
        showlabels: true,
        labelfont: label,
      },
      autocontour: false,
      line: { ...line, dash: isDoubted ? "2px 3px" : "solid", width: isDoubted ? 1.2 : 0.7 },
      colorscale: [
        [0, theme.contour],
        [1, theme.contour],
      ],
      colorbar: { ...hidden(bar), thickness: 0, lenmode: "pixels", len: 1 },
      hoverinfo: "none",
    }),
  );
  return [...fills, ...lines];
}

/** Neighbouring levels that are all doubted, or all not: plotly draws the lines of a trace alike. */
interface Run {
  readonly from: number;
  readonly to: number;
  /** Closer to a neighbour than twice the standard error. */
  readonly isDoubted: boolean;
}

function runsOf({ surface, metric, scale }: Scene, levels: readonly number[]): readonly Run[] {
  const doubted = new Set(noisyLevels({ surface, metric, levels: levels.map(scale.inverse) }));
  const runs: Run[] = [];
  levels.forEach((_, index) => {
    const isDoubted = doubted.has(index);
    const last = runs.at(-1);
    if (last?.isDoubted === isDoubted) runs[runs.length - 1] = { ...last, to: index };
    else runs.push({ from: index, to: index, isDoubted });
  });
  return runs;
}

/** plotly writes on the lines what their own colour bar says, so a layer without one would bear level numbers. */
function hidden(bar: Layout): Layout {
  const invisible = { size: 1, color: "rgba(0,0,0,0)" };
  return { ...bar, tickfont: invisible, title: { text: "" } };
}

/** How many lines lie below, and how far it is to the next. */
function levelNumber(height: number, levels: readonly number[]): number {
  if (Number.isNaN(height)) return height;
  if (levels.length < 2) return height - (levels[0] ?? height + 0.5);
  const above = levels.findIndex((level) => level > height);
  const upper = above === -1 ? levels.length - 1 : Math.max(1, above);
  const [from = 0, to = 1] = [levels[upper - 1], levels[upper]];
  return upper - 1 + (height - from) / (to - from);
}

/**
 * One colour a band, that of its middle; clipped ground has its own. Levels that somebody chose may lie decades apart, so
 * that they would share one colour: there each band is as far from the next.
 */
function bands(scene: Scene, levels: readonly number[], layer: Layer): Colorscale {
  const { request, theme, clip, previous } = scene;
  const [low, high] = clip === null ? scene.toneRange : [scene.toneRange[0], clip];
  const edges = [scene.heightRange[0], ...levels, ...(clip === null ? [scene.heightRange[1]] : [])];
  const isChosen = request.levels !== "auto";
  const colors = edges.slice(1).map((edge, index, all) => {
    const middle = ((edges[index] ?? edge) + edge) / 2;
    const share = isChosen ? (index + 0.5) / all.length : (middle - low) / (high - low);
    return colorAt(request.colors, share);
  });
  if (clip !== null) colors.push(theme.clipped);
  if (colors.length === 1) colors.push(...colors);
  const fade = (share: number) => (color: string) => mix(color, theme.wall, share);
  const shown = colors
    .map(fade(previous ? FADED : 0))
    .map(fade(layer.name === "interpolated" ? LIGHTER : 0));
  return shown.map((color, index) => [index / (shown.length - 1), color]);
}
