// Do several draws of the random directions say the same?

import { drawable } from "../../lattice";
import { formatNumber } from "../../numbers/format";
import { drawsOf, type Surface } from "../../surface";
import { finding, type Rule } from "./finding";

/** A share of the range from lowest to highest. */
const DISAGREE = 0.25;

export const draws: Rule = ({ surface, metric }) => {
  const columns = surface ? drawsOf(surface, metric) : [];
  if (!surface || columns.length < 2) return [];
  const apart = disagreement(surface, columns);
  if (Number.isNaN(apart)) return [];
  const share = `${formatNumber(100 * apart, { significant: 2 })} % of the range`;
  return finding(
    apart > DISAGREE ? "doubtful" : "plain",
    `${columns.length} draws of the random directions lie up to ${share} apart.`,
    "Each draw is another line through the same network. Where they part, a single one is an anecdote.",
    { advice: apart > DISAGREE ? "Speak of the band, not of one curve." : "" },
  );
};

/** The widest gap between draws at one cell, as a share of the range of all; NaN where nothing is finite. */
export function disagreement(surface: Surface, columns: readonly number[]): number {
  const rows = columns.map(
    (column) => drawable(surface, column)?.rows.flatMap((row) => [...row]) ?? [],
  );
  const finite = rows.flat().filter(Number.isFinite);
  const gaps = (rows[0] ?? []).map((_, cell) => {
    const values = rows.map((row) => row[cell] ?? Number.NaN);
    return Math.max(...values) - Math.min(...values);
  });
  const range = Math.max(...finite) - Math.min(...finite);
  return range > 0 ? Math.max(...gaps.filter(Number.isFinite)) / range : Number.NaN;
}
