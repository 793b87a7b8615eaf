// What does a spreadsheet read? The twin of landscape_widget/files/csv.py, in the precision that travels. Pure.

import { FAILED, isMeasured, PREVIEW, UNCONVERGED } from "../cell-state";
import { cellCount, read, type Surface, standardError } from "../surface";

/** One row a cell, then one a labelled point, under a line of names. */
export function csvOf(surface: Surface): string {
  const axes = surface.y.length > 0 ? ["x", "y"] : ["x"];
  const columns = surface.metrics.flatMap(({ name }) => [
    ...[name, `${name} standard error`, `${name} samples`].map(asName),
  ]);
  const all = cellCount(surface) + surface.points.length;
  const rows = Array.from({ length: all }, (_, cell) => row(surface, cell));
  return [[...axes, "point", "state", ...columns], ...rows]
    .map((fields) => `${fields.map(quoted).join(",")}\n`)
    .join("");
}

/** What isn't known, or failed, is empty; "nan" and "inf" were measured. */
function row(surface: Surface, cell: number): readonly string[] {
  const state = surface.states[cell];
  const known = isMeasured(state) && state !== FAILED;
  const { coordinates, label } = read(surface, 0, cell);
  const values = surface.metrics.flatMap((_, metric) => {
    if (!known) return ["", "", "0"];
    const { value, samples } = read(surface, metric, cell);
    return [single(value), single(standardError(surface, metric, cell)), String(samples)];
  });
  return [...coordinates.map(String), asName(label ?? ""), wordOf(state), ...values];
}

function wordOf(state: number | undefined): string {
  if (state === FAILED) return "failed";
  if (!isMeasured(state)) return "unknown";
  if (state === PREVIEW) return "preview";
  return state === UNCONVERGED ? "unconverged" : "exact";
}

/** The shortest text that reads back as the same float32, or as a float64 that isn't one. */
function single(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  for (let digits = 6; digits <= 9 && Math.fround(value) === value; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}

/** A name that a spreadsheet would compute has an apostrophe before it. */
function asName(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
