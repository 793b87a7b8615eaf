// What is a metric called, and is it one of a map's? Pure.

import type { Choices, MetricChoice, MetricOption } from "../protocol";

/** "test loss", "λ_max" */
export function labelOf({ name, label }: Pick<MetricOption, "name" | "label">): string {
  return label || name.replaceAll("_", " ");
}

/** What is on offer under a name; one that Python alone knows stands for itself. */
export function metricNamed({ metrics }: Choices, name: string): MetricChoice {
  const plain = {
    unit: "",
    size: 0,
    repeat: 0,
    label: "",
    limits: null,
    colors: "",
    map: null,
  } as const;
  return metrics.find((metric) => metric.name === name) ?? { name, ...plain };
}
