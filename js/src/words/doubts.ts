// Which cells of the picture aren't what they seem: without a value, beyond what is drawn, not to be trusted? Pure.

import { formatCount, formatRange } from "../numbers/format";
import type { Range } from "../protocol";
import { failedCells, notFinite, type Surface, unconvergedCells } from "../surface";
import { finiteValues } from "./counts";
import { failedText } from "./failed";
import type { Piece } from "./status-text";

/** That all are finite is worth saying; of the others, what there is. */
export function doubts(
  surface: Surface,
  metric: number,
  limits: Range | null,
  error: string,
): readonly (Piece | null)[] {
  return [
    broken(surface, metric),
    failed(surface, error),
    limits && beyond(surface, metric, limits),
    unconverged(surface),
  ];
}

function broken(surface: Surface, metric: number): Piece | null {
  if (metric < 0) return null;
  const hint = "Cells whose value is NaN or infinite. They are drawn as holes and never filled in.";
  const ratio = "The ratio has no value where λ_max isn't above 0.";
  return {
    text: `${formatCount(notFinite(surface, metric))} not finite`,
    hint: surface.map === null ? hint : `${hint} ${ratio}`,
  };
}

function failed(surface: Surface, error: string): Piece | null {
  const cells = failedCells(surface);
  if (cells === 0) return null;
  return {
    text: failedText(`${formatCount(cells)} ${cells === 1 ? "cell" : "cells"} failed`, error),
    hint: `Cells in which the loss raised an error. They have no value, are hatched, and aren't measured again in this run. The first raised: ${error}`,
  };
}

function beyond(surface: Surface, metric: number, [low, high]: Range): Piece | null {
  const values = finiteValues(surface, metric);
  const out = values.filter((value) => value < low || value > high).length;
  if (out === 0) return null;
  return {
    text: `${formatCount(out)} beyond ${formatRange(low, high)}`,
    hint: "Cells whose value is lower or higher than what is drawn. They are drawn at its ends.",
  };
}

function unconverged(surface: Surface): Piece | null {
  const cells = unconvergedCells(surface);
  if (cells === 0) return null;
  return {
    text: `${formatCount(cells)} not converged`,
    hint: "Cells whose eigenvalues were not found to the tolerance asked for. They hold the best ones found, and are hatched.",
  };
}
