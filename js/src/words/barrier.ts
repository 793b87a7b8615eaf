// What lies between two models, in words? Pure.

import { formatCount, formatNumber } from "../numbers/format";
import type { Barrier } from "../protocol";

/** "barrier 0.42 at 0.47; not monotone: rises by 0.3 at 0.4" */
export function barrierText(barrier: Barrier): string {
  const height =
    barrier.height === 0
      ? "no barrier"
      : `barrier ${barrierHeight(barrier)} at ${formatNumber(barrier.at)}`;
  return `${height}; ${monotoneText(barrier)}${missingText(barrier)}`;
}

function monotoneText({ is_monotone, rise, rise_at }: Barrier): string {
  if (is_monotone) return "monotone";
  return `not monotone: rises by ${formatNumber(rise ?? Infinity)} at ${formatNumber(rise_at ?? 0)}`;
}

function missingText({ missing }: Barrier): string {
  if (missing === 0) return "";
  return `, but for ${formatCount(missing)} ${missing === 1 ? "cell" : "cells"} not finite`;
}

/** "0.42", or "∞" */
export function barrierHeight({ height }: Barrier): string {
  return formatNumber(height ?? Infinity);
}

export const BARRIER_HINT =
  "Between the models at 0 and 1. The barrier is how far the loss lies above the straight chord between their losses (Frankle et al. 2020), at most. Monotone: on the way from the worse model to the better one the loss never rises (Lucas et al. 2021).";
