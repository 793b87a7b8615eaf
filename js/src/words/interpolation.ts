// How much of the picture is measured, and how far off may the rest be? Pure.

import { formatNumber } from "../numbers/format";
import type { Surplus } from "../protocol";

/** Smaller errors than this share are nobody's concern, and their digits dance. */
const LEAST = 1e-4;

/** "3 %" */
export function shareText(share: number): string {
  return `${formatNumber(100 * share, { significant: 2 })} %`;
}

/** "off by at most 0.3 % of the range": never less than what was measured. */
export function offText({ worst }: Surplus): string {
  if (worst < LEAST) return `off by less than ${shareText(LEAST)} of the range`;
  return `off by at most ${shareText(roundedUp(worst))} of the range`;
}

export const BETWEEN_HINT =
  "Measured cells are exact. The ground between them is drawn lighter: a cubic spline through them.";

const ON_LOG = BETWEEN_HINT.replace(/\.$/, ", on log loss where all are above 0.");

/** What the measured error means, and how it was on the whole. */
export function offHint(surplus: Surplus | null): string {
  if (surplus === null) {
    return `${ON_LOG} How far it is off shows once the next level is measured.`;
  }
  return (
    `${ON_LOG} How far it was off: the last level was interpolated before it was measured, ` +
    `and compared; on average it was off by ${shareText(surplus.mean)} of the range from lowest to highest.`
  );
}

/** To two digits. */
function roundedUp(share: number): number {
  const unit = 10 ** (Math.floor(Math.log10(share)) - 1);
  return Math.ceil(share / unit - 1e-9) * unit;
}
