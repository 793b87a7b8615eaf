// What are the axes of all pictures called, if they are called the same?

import { kindOf } from "../figure";
import { directionTitle } from "../figure/axes";
import { same } from "../store/same";
import { plainText } from "./dress";
import type { Linked } from "./links";

export interface Titles {
  readonly x: string;
  readonly y: string;
}

/** Null where they differ. In space no picture has room for any, so both stand below. */
export function titlesOf(all: readonly Pick<Linked, "store">[]): Titles | null {
  const found = all.flatMap(({ store }) => {
    const [surface, request] = [store.surface.value, store.request.value];
    if (!surface) return [];
    const title = (axis: 0 | 1) => plainText(directionTitle(surface, request, axis));
    const kind = kindOf(surface, request);
    if (kind === "line") return [{ x: title(0), y: "" }];
    if (kind === "surface") return [{ x: `${title(0)} · ${title(1)}`, y: "" }];
    return [{ x: title(0), y: title(1) }];
  });
  const first = found[0] ?? { x: "", y: "" };
  return found.every((one) => same(one, first)) ? first : null;
}
