// What does the status line say, piece by piece, and what does each piece mean? Pure.

import {
  formatAngle,
  formatCount,
  formatDuration,
  formatError,
  formatNumber,
} from "../numbers/format";
import type { Range, Status } from "../protocol";
import {
  cellCount,
  hasPreview,
  isInterpolated,
  knownCells,
  type Reading,
  read,
  type Surface,
} from "../surface";
import { BARRIER_HINT, barrierText } from "./barrier";
import { sizeText } from "./counts";
import { doubts } from "./doubts";
import { BETWEEN_HINT, offHint, offText } from "./interpolation";
import { comingMap, mapHint, mapPiece, mapStatus, statusOf } from "./maps";

export interface Piece {
  readonly text: string;
  /** The sentence behind it, on hover and focus. */
  readonly hint: string;
}

/** How ready, how true, how long and where; what isn't known yet is left out. */
export function statusPieces(
  status: Status,
  surface: Surface | null,
  metric: number,
  limits: Range | null = null,
): Piece[] {
  const own = statusOf(status, surface);
  const isToCome = surface !== null && surface.map !== null && surface.level < 0;
  const measured = [
    level(own),
    drawn(own, surface, metric) ?? cells(own),
    samples(own, surface, metric),
    ...(surface ? doubts(surface, metric, limits, status.first_error) : []),
    barrier(own, surface),
  ];
  const pieces = [
    ...(isToCome ? [] : measured),
    angle(status),
    remaining(own),
    mapPiece(status),
    where(status),
    kept(status),
  ];
  return pieces.filter((piece) => piece !== null);
}

/** The share of cells measured, 0 to 1: of the map that is under way, or else of the picture. */
export function progressShare(status: Status): number {
  const map = comingMap(status);
  return share(map?.phase === "measuring" ? map : status);
}

export function share({ known, cells }: Pick<Status, "known" | "cells">): number {
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
    hint: "Each cell is one measurement of the network, moved by its coordinates.",
  };
}

/** While there is interpolated ground: from how many cells, and how far off. */
function drawn(status: Status, surface: Surface | null, metric: number): Piece | null {
  if (surface?.generation !== status.generation || !isInterpolated(surface)) return null;
  const { surplus } = status;
  const all = formatCount(cellCount(surface));
  const some = `drawn from ${formatCount(knownCells(surface))} of ${all} cells`;
  if (surface.map !== null) return { text: `${some}, interpolated between`, hint: BETWEEN_HINT };
  const what = metric > 0 ? "interpolation of the loss" : "interpolation";
  const error = surplus
    ? `${what} ${offText(surplus)}, measured`
    : "interpolation not measured yet";
  return {
    text: `${some}, ${error}`,
    hint: offHint(surplus),
  };
}

function samples(status: Status, surface: Surface | null, metric: number): Piece | null {
  if (status.cells === 0) return null;
  const facts = surface?.metrics[metric] ?? status;
  if (facts.size === 0) return { text: "samples unknown", hint: UNKNOWN_SAMPLES };
  const origin = surface && originReading(surface, metric);
  const preview = surface && hasPreview(surface) ? Math.min(surface.preview, facts.size) : null;
  const used = preview ?? facts.samples;
  const whole = used >= facts.size;
  const told = origin?.samples === used ? origin : null;
  const isOfSamples = (surface?.map ?? null) === null;
  const error = !told || !isOfSamples ? null : whole ? told.populationError : told.standardError;
  const percent = surface?.metrics[metric]?.unit === "%" ? " %" : "";
  const noun = facts.size === 1 ? "sample" : "samples";
  const count = whole ? formatCount(used) : `${formatCount(used)} of ${formatCount(facts.size)}`;
  const map = mapStatus(status, surface);
  return {
    text: `${count} ${noun}${error === null ? "" : ` ${formatError(error)}${percent}`}`,
    hint: map ? mapHint(map) : samplesHint(whole, preview !== null),
  };
}

const UNKNOWN_SAMPLES = "The file that this was read from doesn't say on how many it was measured.";

function samplesHint(whole: boolean, preview: boolean): string {
  if (preview) {
    return "A preview on a few samples, replaced cell by cell by what all the samples asked for say. After ±: its standard error at the origin against all the data.";
  }
  return whole
    ? "Every sample of the data is used, so against these data a value is exact. After ±: the standard error at the origin if the data are themselves a sample of something larger."
    : "A fixed subset of the data, the same in every cell. After ±: the standard error at the origin against all the data.";
}

/** The one point that is always measured, and first. */
function originReading(surface: Surface, metric: number): Reading | null {
  const point = surface.points.indexOf("origin");
  if (point < 0 || metric < 0) return null;
  const reading = read(surface, metric, cellCount(surface) + point);
  return reading.known === "unknown" ? null : reading;
}

function angle({ facts }: Status): Piece | null {
  if (facts?.angle == null) return null;
  const chance = facts.spread === null ? "" : ` (chance 90 ± ${degrees(facts.spread)})`;
  return {
    text: `angle ${formatAngle(facts.angle)}${chance}`,
    hint: "The angle between the two directions, beside what two random ones would have. Far from 90° the picture is sheared.",
  };
}

/** Of the line that is drawn. */
function barrier({ barrier, generation }: Status, surface: Surface | null): Piece | null {
  if (barrier === null || surface?.generation !== generation) return null;
  return { text: barrierText(barrier), hint: BARRIER_HINT };
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

/** One sentence a line: what was chosen, and what had to be left. */
function where({ where, how }: Status): Piece | null {
  if (!where) return null;
  const sentences = [...(how?.choices ?? []), ...(how?.notes ?? [])].map(sentence);
  return { text: where, hint: ["Where the cells are computed.", ...sentences].join("\n") };
}

const KEPT_HINT =
  "Whatever is measured is in that file at once; after an interruption the same call takes it up.";

/** The file that it is kept in as it grows. */
function kept({ kept = [] }: Status): Piece | null {
  const [text, ...behind] = kept;
  if (text === undefined) return null;
  return { text, hint: behind.length > 0 ? behind.map(sentence).join("\n") : KEPT_HINT };
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
