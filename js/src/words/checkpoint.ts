// What is known of one checkpoint, in a few words each? Pure.

import { isMeasured } from "../cell-state";
import { nearestCell } from "../lattice";
import { formatCount, formatNumber } from "../numbers/format";
import { type Checkpoint, outside } from "../path";
import type { Path, Request } from "../protocol";
import { read, type Surface } from "../surface";
import type { Piece } from "./status-text";

/** When it was, how it was trained, what it measures, and how that compares with the ground under it. */
export function checkpointPieces(
  at: Checkpoint,
  surface: Surface,
  metric: string,
  unit: string,
): Piece[] {
  const percent = unit === "%" ? " %" : unit && ` ${unit}`;
  const [inside, shape] = at.coordinates.length === 1 ? ["on", "line"] : ["in", "plane"];
  const isInside = at.distance === 0;
  return [
    { text: whenText(at), hint: "Of the training run: epochs and optimizer steps so far." },
    ...(Number.isNaN(at.learningRate)
      ? []
      : [{ text: `learning rate ${formatNumber(at.learningRate)}`, hint: RATE }]),
    {
      text: Number.isNaN(at.value)
        ? `${metric} not measured ${surface.map === null ? "yet" : "there"}`
        : `${metric} ${formatNumber(at.value, { significant: 4 })}${percent}`,
      hint: isInside
        ? "Measured at the checkpoint itself."
        : `Measured at the checkpoint itself, which isn't ${inside} the ${shape}.`,
    },
    ...(Number.isNaN(at.under)
      ? []
      : [
          {
            text: `under it ${formatNumber(at.under, { significant: 4 })}${percent}${groundText(at, surface)}`,
            hint: `What the picture shows at the nearest point of the ${shape}.`,
          },
        ]),
    {
      text: isInside ? `${inside} the ${shape}` : `${formatNumber(at.distance)} from the ${shape}`,
      hint: "Distance in weights, to the nearest point that this picture shows.",
    },
  ];
}

/** "epoch 3, step 1,200" */
export function whenText({ epoch, step }: Checkpoint): string {
  const steps = `step ${formatCount(step)}`;
  return Number.isNaN(epoch) ? steps : `epoch ${formatNumber(epoch)}, ${steps}`;
}

/** "3 checkpoints outside"; empty where there is none. */
export function outsideText(path: Path, request: Request): string {
  return countText(outside(path, request), "outside");
}

/** "3 checkpoints newer than the axes", where those are principal components of what there was before. */
export function newerText({ path, pathBegan }: Surface): string {
  if (!path?.explained.some((share) => share !== null)) return "";
  return countText(path.size - pathBegan, "newer than the axes");
}

export function countText(count: number, what: string): string {
  if (count <= 0) return "";
  return `${formatCount(count)} ${count === 1 ? "checkpoint" : "checkpoints"} ${what}`;
}

const RATE = "Of the first group of weights. Red: it dropped to half or less of the one before.";

/** Ground is measured where there is a cell. */
function groundText({ coordinates }: Checkpoint, surface: Surface): string {
  const [x = 0, y = 0] = coordinates;
  const cell = nearestCell(surface, x, y);
  const isThere = read(surface, 0, cell).coordinates.every(
    (value, axis) => Math.abs(value - (coordinates[axis] ?? value)) < 1e-9,
  );
  return isThere && isMeasured(surface.states[cell]) ? "" : ", interpolated";
}
