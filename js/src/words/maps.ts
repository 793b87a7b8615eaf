// How far is a map, which is measured once the picture is complete; and what is it a map of? Pure.

import { formatAbout, formatCount } from "../numbers/format";
import type { MapStatus, Status } from "../protocol";
import type { Surface } from "../surface";
import { sizeText } from "./counts";
import type { Piece } from "./status-text";

/** The one under way, or else the next to come; null when none is left. */
export function comingMap({ maps }: Status): MapStatus | null {
  const inPhase = (phase: MapStatus["phase"]) => maps.find((map) => map.phase === phase);
  return inPhase("measuring") ?? inPhase("waiting") ?? null;
}

/** Of the map that is looked at; null for the picture itself. */
export function mapStatus({ maps }: Status, surface: Surface | null): MapStatus | null {
  return maps.find(({ key }) => key === surface?.map) ?? null;
}

/** The status with what is looked at in its place: a map has cells, samples and a pace of its own. */
export function statusOf(status: Status, surface: Surface | null): Status {
  const map = mapStatus(status, surface);
  if (!map || !surface) return status;
  const { known, cells, samples, resolution } = map;
  const own = { known, cells, samples, resolution, drawn: drawnSize(surface) };
  return { ...status, ...own, remaining: null, surplus: null, settled: false, barrier: null };
}

/** How far the map is that is under way, to come or broken off; null once all are complete. */
export function mapPiece(status: Status): Piece | null {
  const brokenOff = status.maps.find(({ note }) => note !== "") ?? null;
  const map = comingMap(status) ?? brokenOff;
  if (map === null || status.phase === "failed") return null;
  return { text: mapSentence(map, status), hint: [map.note, mapHint(map)].join("\n").trim() };
}

/** "curvature: 25 of 169 cells, about 1 min left", and before it starts when, how much and for how long. */
export function mapSentence(map: MapStatus, status: Status): string {
  const { phase } = status;
  const isHeld = phase === "paused" || phase === "stopped";
  const [name, size] = [nameOf(map), sizeText(map.resolution)];
  const some = `${formatCount(map.known)} of ${formatCount(map.cells)} cells`;
  switch (map.phase) {
    case "waiting":
      return isHeld ? `${name}: ${size} cells to come` : `${name} ${waitingText(map, status)}`;
    case "measuring":
      return `${name}: ${some}${isHeld ? "" : leftText(map)}`;
    case "skipped":
    case "done":
      return map.known > 0 ? `${name}: ${some}` : `${name}: not measured`;
  }
}

/** "is measured after the loss: 13×13 cells on 256 samples, about 2 min" */
function waitingText({ resolution, samples, cost }: MapStatus, status: Status): string {
  const what = `${sizeText(resolution)} cells on ${samplesText(samples)}`;
  const when = isWhole(status) ? "comes next" : "is measured after the loss";
  return `${when}: ${what}${cost === null ? "" : `, about ${formatAbout(cost)}`}`;
}

/** Every cell of the picture itself is measured, or will not be. */
export function isWhole({ known, cells, settled }: Status): boolean {
  return settled || known >= cells;
}

/** ", about 1 min left" */
function leftText({ known, remaining, cost }: MapStatus): string {
  const left = remaining ?? (known === 0 ? cost : null);
  return left === null ? "" : `, about ${formatAbout(left)} left`;
}

/** What the eigenvalues are of, as one sentence. */
export function mapHint(map: MapStatus): string {
  return `The largest and the smallest eigenvalue of the Hessian in each cell: of the mean loss over ${samplesText(map.samples)}, with respect to ${parametersOf(map)}.`;
}

/** What is true of a map, and what it doesn't say. */
export function mapTruth(map: MapStatus): string {
  return (
    `${sentenceCase(nameOf(map))}: eigenvalues of the Hessian of the mean loss over ${samplesText(map.samples)}, ` +
    `with respect to ${parametersOf(map)}. A plane that looks convex doesn't make the loss convex: its curvature is a ` +
    "weighted mean of these eigenvalues, negative ones among them."
  );
}

export function nameOf({ key }: Pick<MapStatus, "key">): string {
  return key.replaceAll("_", " ");
}

function parametersOf({ settings }: MapStatus): string {
  const { parameters, weights } = settings;
  const count = typeof weights === "number" ? `${formatCount(weights)} ` : "";
  return parameters === "all" ? `all ${count}parameters` : `the ${count}parameters that move`;
}

function samplesText(samples: number): string {
  return samples === 1 ? "1 sample" : `${formatCount(samples)} samples`;
}

/** How many columns and rows of a map are drawn. */
function drawnSize({ level, xLevel, yLevel }: Surface): readonly [number, number] | null {
  if (level < 0) return null;
  const upTo = (levels: Uint8Array) => levels.filter((first) => first <= level).length;
  return [upTo(xLevel), Math.max(1, upTo(yLevel))];
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
