// What lies between two models, in words? Pure.

import { formatNumber } from "../numbers/format";
import type { Barrier } from "../protocol";

/** "barrier 0.42 at 0.47; not monotone: rises by 0.3 at 0.4" */
export function barrierText(barrier: Barrier): string {
  const height =
    barrier.height === 0
      ? "no barrier"
      : `barrier ${barrierHeight(barrier)} at ${formatNumber(barrier.at)}`;
  if (barrier.is_monotone) return `${height}; monotone`;
  const rise = formatNumber(barrier.rise ?? Infinity);
  return `${height}; not monotone: rises by ${rise} at ${formatNumber(barrier.rise_at)}`;
}

/** "0.42", or "∞" */
export function barrierHeight({ height }: Barrier): string {
  return formatNumber(height ?? Infinity);
}

export const BARRIER_HINT =
  "Between the models at 0 and 1. The barrier is how far the loss lies above the straight chord between their losses (Frankle et al. 2020), at most. Monotone: on the way from the worse model to the better one the loss never rises (Lucas et al. 2021).";
