// How is BatchNorm treated, and does it matter here? Pure.

import { formatCount, formatNumber } from "../numbers/format";
import type { BatchNorm, Sensitivity } from "../protocol";

/** Modes whose losses differ by more than this are worth a warning. */
const MATTERS = 1.2;

const MODES: Readonly<Record<BatchNorm, string>> = {
  frozen: "frozen",
  reestimate: "re-estimated",
  interpolate: "interpolated",
};

export function modeText(mode: BatchNorm): string {
  return MODES[mode];
}

/** "BatchNorm matters here: frozen 17.1, re-estimated 1.47 at (−0.5, 0), on 512 samples"; null where it doesn't. */
export function sensitivityText(sensitivity: Sensitivity | null): string | null {
  if (sensitivity === null || (sensitivity.worst ?? Infinity) <= MATTERS) return null;
  const { losses, at, samples } = sensitivity;
  const told = (Object.keys(MODES) as BatchNorm[]).flatMap((mode) => {
    const loss = losses[mode];
    return loss === undefined ? [] : [`${modeText(mode)} ${formatLoss(loss)}`];
  });
  const coordinates = at.map((coordinate) => formatNumber(coordinate)).join(", ");
  const place = at.length === 1 ? coordinates : `(${coordinates})`;
  return `BatchNorm matters here: ${told.join(", ")} at ${place}, on ${formatCount(samples)} samples`;
}

function formatLoss(loss: number | null): string {
  return loss === null ? "not finite" : formatNumber(loss);
}
