// What does the status line say, piece by piece, and what does each piece mean? Pure.

import {
  formatAngle,
  formatCount,
  formatDuration,
  formatError,
  formatNumber,
} from "../numbers/format";
import type { Status } from "../protocol";
import { cellCount, notFinite, type Surface, standardError, UNKNOWN } from "../surface";
import { sizeText } from "./progress";

export interface Piece {
  readonly text: string;
  /** The sentence behind it, on hover and focus. */
  readonly hint: string;
}

/** How ready, how true, how long and where; what isn't known yet is left out. */
export function statusPieces(status: Status, surface: Surface | null, metric: number): Piece[] {
  const pieces = [
    level(status),
    cells(status),
    samples(status, surface, metric),
    surface && broken(surface, metric),
    angle(status),
    remaining(status),
    where(status),
  ];
  return pieces.filter((piece) => piece !== null);
}

/** The share of cells known, 0 to 1. */
export function progressShare({ known, cells }: Status): number {
  return cells > 0 ? Math.min(known / cells, 1) : 0;
}

function level({ drawn, resolution }: Status): Piece | null {
  if (!drawn) return null;
  const [now, goal] = [sizeText(drawn), sizeText(resolution)];
  return {
    text: now === goal ? goal : `${now} of ${goal}`,
    hint: "The finest grid that is finished and drawn, of the one asked for. Each finer level keeps all cells of the one before.",
  };
}

function cells({ known, cells }: Status): Piece | null {
  if (cells === 0) return null;
  const all = formatCount(cells);
  return {
    text: known >= cells ? `${all} cells` : `${formatCount(known)} of ${all} cells`,
    hint: "Each cell is one measurement of the network, moved by its two coordinates. None is guessed.",
  };
}

function samples(status: Status, surface: Surface | null, metric: number): Piece | null {
  if (status.cells === 0) return null;
  const facts = surface?.metrics[metric] ?? status;
  const [used, size] = [formatCount(facts.samples), formatCount(facts.size)];
  const whole = facts.samples >= facts.size;
  const error = surface ? originError(surface, metric, whole) : null;
  const percent = surface?.metrics[metric]?.unit === "%" ? " %" : "";
  const noun = facts.size === 1 ? "sample" : "samples";
  return {
    text: `${whole ? used : `${used} of ${size}`} ${noun}${error === null ? "" : ` ${formatError(error)}${percent}`}`,
    hint: whole
      ? "Every sample of the data is used, so against these data a value is exact. After ±: the standard error at the origin if the data are themselves a sample of something larger."
      : "A fixed subset of the data, the same in every cell. After ±: the standard error at the origin against all the data.",
  };
}

/** At the origin, the one point that is always measured. */
function originError(surface: Surface, metric: number, whole: boolean): number | null {
  const point = surface.points.indexOf("origin");
  const cell = cellCount(surface) + point;
  if (point < 0 || surface.states[cell] === UNKNOWN) return null;
  return whole ? (surface.errors[metric]?.[cell] ?? null) : standardError(surface, metric, cell);
}

function broken(surface: Surface, metric: number): Piece | null {
  if (metric < 0) return null;
  return {
    text: `${formatCount(notFinite(surface, metric))} not finite`,
    hint: "Cells whose value is NaN or infinite. They are drawn as holes and never filled in.",
  };
}

function angle({ facts }: Status): Piece | null {
  if (facts?.angle == null) return null;
  const chance = facts.spread === null ? "" : ` (chance 90 ± ${degrees(facts.spread)})`;
  return {
    text: `angle ${formatAngle(facts.angle)}${chance}`,
    hint: "The angle between the two directions, beside what two random ones would have. Far from 90° the picture is sheared.",
  };
}

function degrees(value: number): string {
  return `${formatNumber(value, { significant: value < 3 ? 1 : 2 })}°`;
}

function remaining({ phase, remaining }: Status): Piece | null {
  if (phase !== "computing" || remaining === null) return null;
  return {
    text: `${formatDuration(remaining)} left`,
    hint: "Cells left, at the speed of the last ones.",
  };
}

function where({ where }: Status): Piece | null {
  return where ? { text: where, hint: "Where the cells are computed." } : null;
}
