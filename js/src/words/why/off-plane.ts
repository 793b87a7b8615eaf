// Do the checkpoints lie where they are drawn?

import { type Checkpoint, checkpoint, shownCount } from "../../path";
import type { Facts } from "../../protocol";
import { lengthOf } from "../../surface";
import { finding, type Rule } from "./finding";

export const offPlane: Rule = ({ surface, metric, facts, request }) => {
  if (!surface?.path) return [];
  const size = shownCount(surface.path, request.moment);
  const all = Array.from({ length: size }, (_, index) => checkpoint(surface, metric, index));
  const far = all.filter((one) => one !== null && isFar(one, facts)).length;
  if (far === 0) return [];
  const ground = surface.y.length > 0 ? "plane" : "line";
  return finding(
    "doubtful",
    `${far} of ${size} checkpoints ${far === 1 ? "is" : "are"} farther from the ${ground} than from the origin within it.`,
    `Each is drawn at the nearest point of the ${ground}, where the loss is another than at the checkpoint: the halo and the stalk show how far off it is.`,
    { advice: "Look along the principal components of the trajectory, which leave least outside." },
  );
};

/** More of the way from the origin is out of sight than in it. */
function isFar({ coordinates, distance }: Checkpoint, { gram }: Facts): boolean {
  return distance > lengthOf(coordinates, gram);
}
