// How does a surface begin, and how does it grow? Messages into typed arrays.

import { ofLength, ProtocolError, remedy } from "../kernel/bytes";
import type { PatchMessage, SurfaceMessage } from "../protocol";
import { type Surface, UNKNOWN } from "../surface";

/** A surface of its own: the message's arrays are copied, since patches are written into them. */
export function fromMessage(message: SurfaceMessage): Surface {
  const { metrics, xLevel, yLevel } = message;
  const states = message.states.slice();
  return {
    generation: message.generation,
    revision: 0,
    level: finishedLevel(states, xLevel, yLevel),
    x: message.x,
    y: message.y,
    xLevel,
    yLevel,
    metrics,
    points: message.points,
    pointCoordinates: message.pointCoordinates,
    values: metrics.map((_, metric) => row(message.values, metric, states.length).slice()),
    errors: metrics.map((_, metric) => row(message.errors, metric, states.length).slice()),
    states,
    facts: message.facts,
    time: message.time,
  };
}

/** Write what a patch knows into the arrays; a new wrapper, one revision on. The order of patches doesn't matter. */
export function applyPatch(surface: Surface, patch: PatchMessage): Surface {
  const { states, metrics } = surface;
  const { cells } = patch;
  ofLength(patch.values, cells.length * metrics.length, "values of a patch");
  if (cells.some((cell) => cell < 0 || cell >= states.length)) {
    throw new ProtocolError(`Expected cells 0 to ${states.length - 1}; got others. ${remedy}`);
  }
  surface.values.forEach((values, metric) => {
    scatter(values, cells, row(patch.values, metric, cells.length));
  });
  surface.errors.forEach((errors, metric) => {
    scatter(errors, cells, row(patch.errors, metric, cells.length));
  });
  scatter(states, cells, patch.states);
  return {
    ...surface,
    revision: surface.revision + 1,
    level: finishedLevel(states, surface.xLevel, surface.yLevel),
  };
}

/** The surface, and all that a newer one of the same lattice knows. */
export function merge(surface: Surface, newer: Surface): Surface {
  newer.states.forEach((state, cell) => {
    if (state === UNKNOWN) return;
    surface.states[cell] = state;
    copyCell(surface.values, newer.values, cell);
    copyCell(surface.errors, newer.errors, cell);
  });
  return {
    ...surface,
    facts: newer.facts,
    time: newer.time,
    revision: surface.revision + 1,
    level: finishedLevel(surface.states, surface.xLevel, surface.yLevel),
  };
}

/** The finest level of which every cell is known; −1 before the first. */
function finishedLevel(states: Uint8Array, xLevel: Uint8Array, yLevel: Uint8Array): number {
  const rows = yLevel.length > 0 ? yLevel : Uint8Array.of(0);
  let finest = Math.max(highest(xLevel), highest(rows));
  rows.forEach((rowLevel, y) => {
    xLevel.forEach((columnLevel, x) => {
      const unknown = states[y * xLevel.length + x] === UNKNOWN;
      if (unknown) finest = Math.min(finest, Math.max(rowLevel, columnLevel) - 1);
    });
  });
  return finest;
}

function highest(levels: Uint8Array): number {
  return levels.reduce((a, b) => Math.max(a, b), 0);
}

function row(flat: Float32Array, metric: number, width: number): Float32Array {
  return flat.subarray(metric * width, (metric + 1) * width);
}

function scatter(target: Float32Array | Uint8Array, cells: Int32Array, source: ArrayLike<number>) {
  cells.forEach((cell, i) => {
    target[cell] = source[i] as number;
  });
}

function copyCell(target: readonly Float32Array[], source: readonly Float32Array[], cell: number) {
  target.forEach((values, metric) => {
    values[cell] = source[metric]?.[cell] ?? Number.NaN;
  });
}
