// Does one cell's step survive the precision in which the weights are stored?

import { formatNumber } from "../../numbers/format";
import { stepOf } from "../../numbers/ranges";
import type { Request, Rounding } from "../../protocol";
import { finding, type Rule } from "./finding";

const NOTICED = 0.02;
const MOST = 0.25;

export const rounding: Rule = ({ facts, request }) => {
  if (!facts.rounding) return [];
  const step = cellOf(request);
  const lost = lostAt(facts.rounding, step);
  const level = lost > MOST ? "wrong" : lost > NOTICED ? "doubtful" : "plain";
  return finding(
    level,
    `Of a step from one cell to the next (${formatNumber(step)}), ${formatNumber(100 * lost, { significant: 2 })} % is rounding.`,
    `The weights are stored in ${facts.rounding.dtype}, which has few digits: a shifted weight falls on the nearest number there is, so the surface has steps of its own.`,
    level === "plain"
      ? {}
      : { advice: "Compute with dtype=torch.float32, or look at a wider range." },
  );
};

/** The shorter of the steps along the axes. */
export function cellOf({ x, y, resolution, directions }: Request): number {
  const [columns, rows] = resolution;
  const steps = [stepOf(x, columns), stepOf(y, rows)];
  return Math.min(...steps.slice(0, directions.length));
}

/** Between what was measured, even by ratio; beyond it a step loses in proportion to its shortness, never more than all. */
export function lostAt({ steps, lost }: Rounding, step: number): number {
  const next = steps.findIndex((known) => known >= step);
  const upper = next === -1 ? steps.length - 1 : Math.max(1, next);
  const [a = 1, b = 1] = [steps[upper - 1], steps[upper]];
  const [from = 0, to = 0] = [lost[upper - 1], lost[upper]];
  if (from === 0 || to === 0) return step - a < b - step ? from : to;
  const share = Math.log(step / a) / Math.log(b / a);
  return Math.min(1, from * (to / from) ** share);
}
