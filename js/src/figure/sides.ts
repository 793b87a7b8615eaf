// Which metrics of a line share an axis, on which scale and over which range?

import { drawable } from "../lattice";
import { choose, isFlat, type ValueScale } from "../numbers/scale";
import type { Range, Request } from "../protocol";
import { drawsOf, metricIndex, type Surface } from "../surface";
import { bounded } from "./extent";
import { chosenMetric, type View, wantedScale } from "./scene";

/** Beside asked-for limits a share in percent shows all of its range. */
const WHOLE: Range = [0, 100];

/** A metric on the training data with the same on the test data. */
export interface Side {
  readonly axis: "y" | "y2";
  /** Training first. */
  readonly metrics: readonly number[];
  readonly color: string;
  readonly scale: ValueScale;
  /** Drawn units. */
  readonly range: Range;
  /** Values beyond them are flat. */
  readonly bounds: Pick<Request, "limits" | "clip">;
}

/** Loss, or the metric asked for, on the left; a share in percent on the right. */
export function sidesOf(surface: Surface, view: View): Side[] {
  const chosen = chosenMetric(surface, view.request);
  const isPercent = (metric: number) => surface.metrics[metric]?.unit === "%";
  const metrics = [...surface.metrics.keys()].filter(
    (metric) => surface.metrics[metric]?.repeat === 0,
  );
  const left = isPercent(chosen) ? metrics.find((metric) => !isPercent(metric)) : chosen;
  const right = isPercent(chosen) ? chosen : metrics.find(isPercent);
  return [
    ...(left === undefined ? [] : [sideOf(surface, left, "y", view)]),
    ...(right === undefined ? [] : [sideOf(surface, right, "y2", view)]),
  ];
}

/** Drawn units; null where there is nothing to draw. */
export function heightOn(side: Side, value: number): number | null {
  const height = side.scale.forward(bounded(value, side.bounds));
  return Number.isFinite(height) ? height : null;
}

function sideOf(surface: Surface, metric: number, axis: Side["axis"], view: View): Side {
  const { request, theme } = view;
  const metrics = pair(surface, metric);
  const clips = metrics.includes(chosenMetric(surface, request));
  const limits = axis === "y" ? request.limits : null;
  const bounds = { limits, clip: clips ? request.clip : null };
  const values = metrics
    .flatMap((index) => drawsOf(surface, index))
    .flatMap((index) => [...(drawable(surface, index)?.rows[0] ?? [])])
    .filter(Number.isFinite)
    .map((value) => bounded(value, bounds));
  const isPercent = surface.metrics[metric]?.unit === "%";
  const wanted = isPercent ? "linear" : wantedScale(surface, metric, request);
  const scale = choose(wanted, limits ?? values);
  const isWhole = request.limits !== null && isPercent;
  const asked = limits ?? (isWhole ? WHOLE : null);
  return {
    axis,
    metrics,
    color: theme.lines[axis === "y" ? 0 : 1],
    scale,
    range: rangeOf(asked?.map(scale.forward), values.map(scale.forward)),
    bounds,
  };
}

function pair(surface: Surface, metric: number): number[] {
  const name = (surface.metrics[metric]?.name ?? "").replace(/^test_/, "");
  return [name, `test_${name}`]
    .map((candidate) => metricIndex(surface, candidate))
    .filter((index) => index >= 0);
}

/** What is asked for, where it has a height; else the values with room around. */
function rangeOf(asked: readonly number[] | undefined, heights: readonly number[]): Range {
  const [from, to] = asked ?? [];
  if (from !== undefined && to !== undefined && from < to) return [from, to];
  return roomAround(heights.filter(Number.isFinite));
}

function roomAround(heights: readonly number[]): Range {
  if (heights.length === 0) return [0, 1];
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const room = isFlat(low, high) ? Math.abs(low) / 10 || 1 : (high - low) / 20;
  return [low - room, high + room];
}
