// Between which values, and on which scale, are all members drawn? Pure.

import { choose, isFlat } from "../numbers/scale";
import type { Range, Request, Scale } from "../protocol";
import { metricIndex, type Surface } from "../surface";

/** What is drawn of one member. */
export interface Drawn {
  readonly surface: Surface;
  /** Nothing finer will come. */
  readonly isFinished: boolean;
}

export interface CommonScale {
  readonly limits: Range | null;
  readonly scale: Scale;
}

/**
 * Of the finest level that all members have finished, so that it changes once a level and not once a member; a member
 * that has nothing finer to come doesn't hold the others up.
 */
export function commonScale(drawn: readonly Drawn[], request: Request): CommonScale {
  const started = drawn.filter(({ surface }) => surface.level >= 0);
  const level = Math.min(
    ...started.map(({ surface, isFinished }) => (isFinished ? Infinity : surface.level)),
  );
  const surfaces = started.map(({ surface }) => surface);
  const own = ownLimits(surfaces, request);
  if (own) return { limits: own, scale: request.scale === "auto" ? "linear" : request.scale };
  const names = metricsOf(surfaces, request);
  const most = request.clip ?? Infinity;
  const values = surfaces.flatMap((surface) =>
    names.flatMap((name) => finite(surface, name, level)).map((value) => Math.min(value, most)),
  );
  return { limits: limitsOf(values), scale: scaleOf(values, surfaces, request) };
}

/** Those that the metric has by itself, whatever its values; null where it has none. */
function ownLimits(surfaces: readonly Surface[], { metric }: Request): Range | null {
  const facts = surfaces.flatMap((surface) => surface.metrics[metricIndex(surface, metric)] ?? []);
  return facts[0]?.limits ?? null;
}

/** Whether two scales differ by no more than a share of the range, as it is drawn. */
export function isNear(one: CommonScale, other: CommonScale, share: number): boolean {
  if (one.scale !== other.scale) return false;
  if (!one.limits || !other.limits) return one.limits === other.limits;
  const { forward } = choose(one.scale, [...one.limits, ...other.limits]);
  const [a, b] = [one.limits.map(forward), other.limits.map(forward)];
  const range = Math.abs((b[1] ?? 0) - (b[0] ?? 0));
  return a.every((end, index) => Math.abs(end - (b[index] ?? end)) <= share * range);
}

/** A line has the loss on its left axis, whatever share in percent is on the right; test data lie on the same axis. */
function metricsOf(surfaces: readonly Surface[], request: Request): readonly string[] {
  const surface = surfaces[0];
  if (!surface) return [];
  const isPercent = (name: string) => unitOf(surface, name) === "%";
  const isLine = surface.y.length === 0;
  const asked = request.metric;
  if (!isLine) return [asked];
  const left = isPercent(asked)
    ? (surface.metrics.find(({ unit }) => unit !== "%")?.name ?? asked)
    : asked;
  const plain = left.replace(/^test_/, "");
  return surface.metrics
    .map(({ name }) => name)
    .filter((name) => [plain, `test_${plain}`].includes(name.replace(/ #\d+$/, "")));
}

function finite(surface: Surface, name: string, level: number): number[] {
  const values = surface.values[metricIndex(surface, name)];
  if (!values) return [];
  const upTo = Math.min(level, surface.level);
  const width = surface.x.length;
  const rows = surface.y.length > 0 ? surface.yLevel : Uint8Array.of(0);
  const found: number[] = [];
  rows.forEach((rowLevel, row) => {
    surface.xLevel.forEach((columnLevel, column) => {
      const value = values[row * width + column] as number;
      if (Math.max(rowLevel, columnLevel) <= upTo && Number.isFinite(value)) found.push(value);
    });
  });
  return found;
}

/** Where all values are the same there is room on both sides. */
function limitsOf(values: readonly number[]): Range | null {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return null;
  const room = isFlat(low, high) ? Math.abs(low) / 10 || 1 : 0;
  return [low - room, high + room];
}

/** Automatic scales are decided for all, or one member's would be logarithmic beside another's. */
function scaleOf(values: readonly number[], surfaces: readonly Surface[], request: Request): Scale {
  if (request.scale !== "auto" || values.length === 0) return request.scale;
  if (surfaces.some((surface) => unitOf(surface, request.metric) === "%")) return "linear";
  return choose("auto", values).kind === "linear" ? "linear" : "log";
}

function unitOf(surface: Surface, name: string): string {
  return surface.metrics[metricIndex(surface, name)]?.unit ?? "";
}
