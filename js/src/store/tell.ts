// How does a surface begin, and how does it grow? Messages into typed arrays.

import { holds } from "../cell-state";
import { ofLength, ProtocolError, remedy } from "../kernel/bytes";
import { measuredLevel } from "../lattice";
import type { PatchMessage, PathMessage, SurfaceMessage } from "../protocol";
import type { Surface } from "../surface";

/** A surface of its own: the message's arrays are copied, since patches are written into them. */
export function fromMessage(message: SurfaceMessage): Surface {
  const { metrics, xLevel, yLevel } = message;
  const states = message.states.slice();
  return {
    map: message.map,
    generation: message.generation,
    revision: 0,
    renewed: 0,
    level: measuredLevel({ states, xLevel, yLevel }),
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
    preview: message.preview,
    facts: message.facts,
    path: message.path,
    pathSequence: message.sequence,
    pathBegan: message.path?.size ?? 0,
    time: message.time,
  };
}

/**
 * Write what a patch knows into the arrays; a new wrapper, one revision on. The order of patches doesn't matter: a
 * measured cell is never interpolated again, nor an exact one a preview.
 */
export function applyPatch(surface: Surface, patch: PatchMessage): Surface {
  const { states, metrics } = surface;
  const { cells } = patch;
  ofLength(patch.values, cells.length * metrics.length, "values of a patch");
  if (cells.some((cell) => cell < 0 || cell >= states.length)) {
    throw new ProtocolError(`Expected cells 0 to ${states.length - 1}; got others. ${remedy}`);
  }
  cells.forEach((cell, i) => {
    const state = patch.states[i] as number;
    if (!holds(state, states[cell] as number)) return;
    states[cell] = state;
    metrics.forEach((_, metric) => {
      const at = metric * cells.length + i;
      (surface.values[metric] as Float32Array)[cell] = patch.values[at] as number;
      (surface.errors[metric] as Float32Array)[cell] = patch.errors[at] as number;
    });
  });
  return {
    ...surface,
    revision: surface.revision + 1,
    preview: Math.max(surface.preview, patch.preview),
    level: measuredLevel(surface),
  };
}

/** A path replaces the one before it, unless that was told later. */
export function withPath(surface: Surface, { path, sequence }: PathMessage): Surface {
  const revision = surface.revision + 1;
  if (sequence < surface.pathSequence) return { ...surface, revision };
  const pathBegan = surface.path ? surface.pathBegan : path.size;
  return { ...surface, revision, path, pathSequence: sequence, pathBegan };
}

/** The surface, and all that a newer one of the same lattice knows. */
export function merge(surface: Surface, newer: Surface): Surface {
  newer.states.forEach((state, cell) => {
    if (!holds(state, surface.states[cell] as number)) return;
    surface.states[cell] = state;
    copyCell(surface.values, newer.values, cell);
    copyCell(surface.errors, newer.errors, cell);
  });
  const [told, earlier] =
    newer.pathSequence < surface.pathSequence ? [surface, newer] : [newer, surface];
  return {
    ...surface,
    facts: newer.facts,
    path: told.path ?? earlier.path,
    pathSequence: told.pathSequence,
    pathBegan: surface.path ? surface.pathBegan : newer.pathBegan,
    time: newer.time,
    preview: Math.max(surface.preview, newer.preview),
    revision: surface.revision + 1,
    level: measuredLevel(surface),
  };
}

function row(flat: Float32Array, metric: number, width: number): Float32Array {
  return flat.subarray(metric * width, (metric + 1) * width);
}

function copyCell(target: readonly Float32Array[], source: readonly Float32Array[], cell: number) {
  target.forEach((values, metric) => {
    values[cell] = source[metric]?.[cell] ?? Number.NaN;
  });
}
