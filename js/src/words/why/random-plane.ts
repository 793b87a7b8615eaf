// What do random directions hardly ever show?

import { optionOf } from "../directions";
import { finding, type Rule } from "./finding";

export const randomPlane: Rule = ({ request, choices, status, surface }) => {
  const isRandom = request.directions.every(({ key }) => optionOf(choices, key)?.seeded);
  const isTurned = request.third !== null && request.rotation > 0;
  if (!isRandom || isTurned || status.maps.length > 0 || (surface?.map ?? null) !== null) return [];
  return finding(
    "plain",
    "Random directions almost never show where the loss curves downwards.",
    "What a random direction sees is a weighted mean of all curvatures. With every third direction of a network falling and a positive mean, 3,991 of 4,000 random planes looked like a minimum (Böttcher & Wheeler 2022 say why). A bowl here doesn't make the loss convex.",
    { advice: "Look along lw.HessianDirection(-1), or add lw.HessianExtremes() to the metrics." },
  );
};
