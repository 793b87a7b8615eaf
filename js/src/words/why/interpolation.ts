// How much of the ground is measured, and how far off may the rest be?

import { formatCount } from "../../numbers/format";
import { cellCount, isInterpolated, knownCells } from "../../surface";
import { offText } from "../interpolation";
import { finding, type Rule } from "./finding";

const NOTICED = 0.05;
const MOST = 0.2;

export const interpolation: Rule = ({ surface, status }) => {
  if (!surface || !isInterpolated(surface) || surface.map !== null) return [];
  const { surplus, settled } = status;
  const some = `${formatCount(knownCells(surface))} of ${formatCount(cellCount(surface))} cells are measured`;
  const worst = surplus?.worst ?? 0;
  return finding(
    worst > MOST ? "wrong" : worst > NOTICED ? "doubtful" : "plain",
    surplus
      ? `${some}; the ground between them is ${offText(surplus)}.`
      : `${some}; how far off the ground between them is, isn't known yet.`,
    "The lighter ground is a spline through the measured cells. The last level was interpolated before it was measured, and compared: a ridge narrower than a cell could still be missed.",
    settled
      ? {
          advice: "It stopped where the tolerance was met.",
          remedy: { label: "measure the rest", does: { action: { kind: "refine_further" } } },
        }
      : {},
  );
};
