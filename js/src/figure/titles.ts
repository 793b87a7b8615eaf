// What is a metric called on an axis, a colour bar, in a legend?

import type { ValueScale } from "../numbers/scale";
import type { Metric } from "../protocol";
import { labelOf } from "../words/metrics";

/** "test loss", "accuracy, %" */
export function metricTitle(metric: Metric): string {
  const name = labelOf(metric);
  return metric.unit === "" ? name : `${name}, ${metric.unit}`;
}

/** The metric's title with what its scale has to say. */
export function valueTitle(metric: Metric | undefined, scale: ValueScale): string {
  if (metric === undefined) return "";
  return scale.label === "" ? metricTitle(metric) : `${metricTitle(metric)} (${scale.label})`;
}
