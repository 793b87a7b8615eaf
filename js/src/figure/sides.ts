// Which metrics of a line share an axis, on which scale and over which range?

import { drawable } from "../lattice";
import { choose, isFlat, type ValueScale } from "../numbers/scale";
import type { Range } from "../protocol";
import { metricIndex, type Surface } from "../surface";
import { chosenMetric, type View, wantedScale } from "./scene";

/** A metric on the training data with the same on the test data. */
export interface Side {
  readonly axis: "y" | "y2";
  /** Training first. */
  readonly metrics: readonly number[];
  readonly color: string;
  readonly scale: ValueScale;
  /** Drawn units. */
  readonly range: Range;
  /** Values above it are flat. */
  readonly limit: number;
}

/** Loss, or the metric asked for, on the left; a share in percent on the right. */
export function sidesOf(surface: Surface, view: View): Side[] {
  const chosen = chosenMetric(surface, view.request);
  const isPercent = (metric: number) => surface.metrics[metric]?.unit === "%";
  const metrics = surface.metrics.map((_, metric) => metric);
  const left = isPercent(chosen) ? metrics.find((metric) => !isPercent(metric)) : chosen;
  const right = isPercent(chosen) ? chosen : metrics.find(isPercent);
  return [
    ...(left === undefined ? [] : [sideOf(surface, left, "y", view)]),
    ...(right === undefined ? [] : [sideOf(surface, right, "y2", view)]),
  ];
}

/** Drawn units; null where there is nothing to draw. */
export function heightOn(side: Side, value: number): number | null {
  if (!Number.isFinite(value)) return null;
  const height = side.scale.forward(Math.min(value, side.limit));
  return Number.isFinite(height) ? height : null;
}

function sideOf(surface: Surface, metric: number, axis: Side["axis"], view: View): Side {
  const { request, theme } = view;
  const metrics = pair(surface, metric);
  const clips = metrics.includes(chosenMetric(surface, request));
  const limit = (clips ? request.clip : null) ?? Infinity;
  const values = metrics
    .flatMap((index) => [...(drawable(surface, index)?.rows[0] ?? [])])
    .filter(Number.isFinite)
    .map((value) => Math.min(value, limit));
  const scale = choose(wantedScale(surface, metric, request), values);
  return {
    axis,
    metrics,
    color: theme.lines[axis === "y" ? 0 : 1],
    scale,
    range: roomAround(values.map(scale.forward)),
    limit,
  };
}

function pair(surface: Surface, metric: number): number[] {
  const name = (surface.metrics[metric]?.name ?? "").replace(/^test_/, "");
  return [name, `test_${name}`]
    .map((candidate) => metricIndex(surface, candidate))
    .filter((index) => index >= 0);
}

function roomAround(heights: readonly number[]): Range {
  if (heights.length === 0) return [0, 1];
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const room = isFlat(low, high) ? Math.abs(low) / 10 || 1 : (high - low) / 20;
  return [low - room, high + room];
}
