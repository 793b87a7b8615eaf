// How far along their paths are all members? One scrubber for all, as long as the longest path.

import { computed } from "@preact/signals-core";
import { createMoments, strays } from "../face/moments";
import type { Player } from "../face/player";
import { chosenMetric } from "../figure/scene";
import { formatNumber } from "../numbers/format";
import { checkpoint, outside, shownCount } from "../path";
import type { Store } from "../store";
import type { Surface } from "../surface";
import { countText, whenText } from "../words/checkpoint";
import type { Linked } from "./links";

/** What is asked of all, beside the surface with the longest path. */
export function longest(whole: Store, all: readonly Pick<Linked, "store">[]): Store {
  const surface = computed(() => {
    const travelled = all.flatMap(({ store }) => store.surface.value ?? []).filter(sizeOf);
    return travelled.sort((a, b) => sizeOf(b) - sizeOf(a))[0] ?? null;
  });
  return { ...whole, surface };
}

export function createCommonMoments(
  store: Store,
  all: readonly Linked[],
  player: Player,
  signal: AbortSignal,
): HTMLElement {
  const sum = (count: (surface: Surface, one: Linked) => number) =>
    all.reduce((total, one) => {
      const surface = one.store.surface.value;
      return total + (surface ? count(surface, one) : 0);
    }, 0);
  const out = sum.bind(null, ({ path }, one) =>
    path ? outside(path, one.store.request.value) : 0,
  );
  const newer = sum.bind(null, ({ path, pathBegan }) =>
    path?.explained.some((share) => share !== null) ? path.size - pathBegan : 0,
  );
  const words = strays(
    store,
    () => countText(out(), "outside"),
    () => countText(newer(), "newer than the axes"),
    signal,
  );
  return createMoments(store, player, signal, words);
}

/** "epoch 3, step 120: 0.412", while a hand is on the scrubber or training runs by; else nothing. */
export function momentText({ store }: Pick<Linked, "store">): string {
  const [surface, request] = [store.surface.value, store.request.value];
  if (!surface?.path || request.moment === null) return "";
  const metric = chosenMetric(surface, request);
  const at = checkpoint(surface, metric, shownCount(surface.path, request.moment) - 1);
  if (!at) return "";
  return Number.isNaN(at.value)
    ? whenText(at)
    : `${whenText(at)}: ${formatNumber(at.value, { significant: 4 })}`;
}

function sizeOf({ path }: Surface): number {
  return path?.size ?? 0;
}
