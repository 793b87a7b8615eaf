// What are the axes of all pictures called, if they are called the same?

import { kindOf } from "../figure";
import { directionTitle } from "../figure/axes";
import type { Request } from "../protocol";
import { same } from "../store/same";
import type { Surface } from "../surface";
import { plainText } from "./dress";
import type { Linked } from "./links";

export interface Titles {
  readonly x: string;
  readonly y: string;
}

/** What a principal component explains is each member's own. */
const SHARE = /(?<=^\d+\w\w PC): [^,]*/;
const PERCENT = /[\d.]+ %/g;

/** "explained: 88.4 % and 5.42 % (random walk: 67.9 % and 14.7 %)"; nothing where no axis explains anything. */
export function sharesOf({ store }: Pick<Linked, "store">): string {
  const [surface, request] = [store.surface.value, store.request.value];
  if (!surface) return "";
  const axes = surface.y.length > 0 ? ([0, 1] as const) : ([0] as const);
  const found = axes.flatMap((axis) => SHARE.exec(titleOf(surface, request, axis)) ?? []);
  const shares = found.flatMap((text) => text.match(PERCENT)?.slice(0, 1) ?? []);
  const chances = found.flatMap((text) => text.match(PERCENT)?.slice(1) ?? []);
  if (shares.length === 0) return "";
  const beside = chances.length > 0 ? ` (random walk: ${chances.join(" and ")})` : "";
  return `explained: ${shares.join(" and ")}${beside}`;
}

/** Null where they differ. In space no picture has room for any, so both stand below. */
export function titlesOf(all: readonly Pick<Linked, "store">[]): Titles | null {
  const found = all.flatMap(({ store }) => {
    const [surface, request] = [store.surface.value, store.request.value];
    if (!surface) return [];
    const title = (axis: 0 | 1) => titleOf(surface, request, axis).replace(SHARE, "");
    const kind = kindOf(surface, request);
    if (kind === "line") return [{ x: title(0), y: "" }];
    if (kind === "surface") return [{ x: `${title(0)} · ${title(1)}`, y: "" }];
    return [{ x: title(0), y: title(1) }];
  });
  const first = found[0] ?? { x: "", y: "" };
  return found.every((one) => same(one, first)) ? first : null;
}

function titleOf(surface: Surface, request: Request, axis: 0 | 1): string {
  return plainText(directionTitle(surface, request, axis));
}
