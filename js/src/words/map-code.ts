// Which Python asks for the maps that there are? Pure.

import type { MapStatus } from "../protocol";
import { same } from "../store/same";

/** Of each map what was asked for, but for what is so anyway. */
export function metricsCode(maps: readonly MapStatus[]): string {
  const entries = maps.map(({ key, settings }) => {
    const options = Object.entries(settings).filter(
      ([name, value]) => name in AS_IT_IS && !same(value, AS_IT_IS[name]),
    );
    const given = options.map(([name, value]) => `${name}=${valueCode(value)}`);
    return `${JSON.stringify(key)}: lw.HessianExtremes(${given.join(", ")})`;
  });
  return `{${entries.join(", ")}}`;
}

/** The defaults of `HessianExtremes`; how many samples it is on is always said. */
const AS_IT_IS: Readonly<Record<string, unknown>> = {
  samples: null,
  resolution: 13,
  parameters: "moved",
  tolerance: 0.01,
  seconds: null,
  seed: 0,
};

function valueCode(value: unknown): string {
  if (Array.isArray(value)) return `(${value.map(valueCode).join(", ")})`;
  return value === null ? "None" : JSON.stringify(value);
}
