// Why does it look so? Every reason that the picture itself gives, the gravest first. Pure.

import { angle } from "./why/angle";
import { batchNorm } from "./why/batch-norm";
import { clipped } from "./why/clipped";
import { draws } from "./why/draws";
import { failed } from "./why/failed";
import { filterNormalization } from "./why/filter-normalization";
import type { Evidence, Finding, Level, Rule } from "./why/finding";
import { interpolation } from "./why/interpolation";
import { noise } from "./why/noise";
import { notFinite } from "./why/not-finite";
import { notes } from "./why/notes";
import { offPlane } from "./why/off-plane";
import { preview } from "./why/preview";
import { randomPlane } from "./why/random-plane";
import { randomWalk } from "./why/random-walk";
import { rounding } from "./why/rounding";
import { share } from "./why/share";
import { sharpness } from "./why/sharpness";
import { unconverged } from "./why/unconverged";
import { wideRange } from "./why/wide-range";
import { zeroFilters } from "./why/zero-filters";

/** Among equally grave ones, in this order. */
const RULES: readonly Rule[] = [
  preview,
  notFinite,
  failed,
  batchNorm,
  noise,
  rounding,
  interpolation,
  unconverged,
  angle,
  offPlane,
  randomWalk,
  draws,
  clipped,
  wideRange,
  share,
  zeroFilters,
  randomPlane,
  filterNormalization,
  sharpness,
  notes,
];

const GRAVEST_FIRST: readonly Level[] = ["wrong", "doubtful", "plain"];

export function findings(evidence: Evidence): readonly Finding[] {
  const all = RULES.flatMap((rule) => rule(evidence));
  return GRAVEST_FIRST.flatMap((level) => all.filter((one) => one.level === level));
}

/** How each level is written where colour alone must not say it. */
export const LEVELS: Readonly<Record<Level, { readonly mark: string; readonly word: string }>> = {
  wrong: { mark: "✕", word: "not to be trusted" },
  doubtful: { mark: "!", word: "take care" },
  plain: { mark: "·", word: "good to know" },
};

/** "✕ every cell is NaN · 2 more to mind · 9 in all", what the folded part says. */
export function summaryOf(found: readonly Finding[]): string {
  const grave = found.filter(({ level }) => level !== "plain");
  const [worst, ...others] = grave;
  return [
    worst && `${LEVELS[worst.level].mark} ${worst.seen.replace(/\.$/, "")}`,
    others.length > 0 && `${others.length} more to mind`,
    found.length > 0 && `${found.length} in all`,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** The gravest level there is; null where nothing is known. */
export function worstOf(found: readonly Finding[]): Level | null {
  return found[0]?.level ?? null;
}
