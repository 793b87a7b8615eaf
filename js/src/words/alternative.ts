// What does the picture show, for someone who can't see it? Pure.

import { isMeasured } from "../cell-state";
import { pinsInSight } from "../lesson/pins";
import { formatCount, formatNumber } from "../numbers/format";
import type { Request } from "../protocol";
import {
  cellCount,
  failedCells,
  isInterpolated,
  knownCells,
  metricIndex,
  notFinite,
  read,
  type Surface,
  unconvergedCells,
} from "../surface";
import { extent } from "./counts";
import { previewText } from "./progress";

const FORMS = {
  surface: "Surface",
  contour: "Contour plot",
  heatmap: "Heat map",
  line: "Line chart",
} as const;

/** One sentence on what is drawn and between which values, one on the keys. */
export function alternativeText(surface: Surface | null, request: Request): string {
  const { kind, metric } = request;
  const keys =
    kind === "surface"
      ? "Arrow keys rotate it."
      : "Arrow keys move the crosshair from cell to cell.";
  const facts = surface?.metrics.find(({ name }) => name === metric);
  const label = facts?.label || metric;
  return `${FORMS[kind]} of ${label}${values(surface, metric)}. ${notes(request)}${keys}`;
}

/** What stands in the picture in somebody's words. */
function notes(request: Request): string {
  const pins = pinsInSight(request);
  if (pins.length === 0) return "";
  return `${pins.map(({ number, text }) => `Note ${number}: ${text}`).join(". ")}. `;
}

function values(surface: Surface | null, name: string): string {
  const metric = surface ? metricIndex(surface, name) : -1;
  const ends = surface && extent(surface, metric);
  if (!surface || !ends) return ", nothing finite known yet";
  const broken = notFinite(surface, metric);
  const [low, high] = ends.map((value) => formatNumber(value));
  return [
    `, from ${low}${lowestPlace(surface, metric, ends[0])} to ${high}`,
    broken > 0 && `, ${cells(broken)} not finite`,
    failedCells(surface) > 0 && `, ${cells(failedCells(surface))} failed`,
    unconvergedCells(surface) > 0 && `, ${cells(unconvergedCells(surface))} not converged`,
    isInterpolated(surface) && `, ${measured(surface)}`,
    surface?.path && `, with the path of ${formatCount(surface.path.size)} checkpoints`,
    surface && previewText(surface, metric) && `, ${previewText(surface, metric)}`,
  ]
    .filter(Boolean)
    .join("");
}

function cells(count: number): string {
  return `${formatCount(count)} ${count === 1 ? "cell" : "cells"}`;
}

/** " at −0.1, 0.3", where the lowest value was measured. */
function lowestPlace(surface: Surface, metric: number, low: number): string {
  const { states } = surface;
  const values = surface.values[metric]?.subarray(0, cellCount(surface)) ?? [];
  const cell = values.findIndex((value, index) => value === low && isMeasured(states[index]));
  const at = read(surface, metric, cell).coordinates;
  return ` at ${at.map((coordinate) => formatNumber(coordinate)).join(", ")}`;
}

function measured(surface: Surface): string {
  const [known, all] = [knownCells(surface), cellCount(surface)].map(formatCount);
  return `interpolated between ${known} of ${all} cells`;
}
