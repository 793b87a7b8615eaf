// How do the store's signals come together as one situation that states.ts can judge?

import { computed, type ReadonlySignal } from "@preact/signals-core";
import type { Store } from "../store";
import { metricIndex } from "../surface";
import type { Situation } from "./state";

export function situationOf(
  store: Store,
  problem: ReadonlySignal<string | null>,
): ReadonlySignal<Situation> {
  return computed(() => {
    const surface = store.surface.value;
    return {
      status: store.status.value,
      connection: store.connection.value,
      surface,
      metric: surface ? metricIndex(surface, store.request.value.metric) : -1,
      previous: store.previous.value,
      error: store.error.value,
      heard: store.heard.value,
      problem: problem.value,
    };
  });
}
