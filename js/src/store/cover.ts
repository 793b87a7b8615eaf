// "Predict first": are the values hidden, and what is left of the store while they are?

import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { GROUPS } from "../lesson/controls";
import type { Request } from "../protocol";
import type { Store } from "../store";
import type { Surface } from "../surface";
import { same } from "./same";

export interface Cover {
  readonly covered: ReadonlySignal<boolean>;
  /** Show what is here; it stays in sight wherever else one looks in between. */
  reveal(): void;
  /** Python covers it once more. */
  renew(): void;
}

export function createCover(request: ReadonlySignal<Request>): Cover {
  const revealed = signal<readonly Partial<Request>[]>([]);
  const isHere = (place: Partial<Request>) => same(place, placeOf(request.value));
  return {
    covered: computed(() => request.value.covered && !revealed.value.some(isHere)),
    reveal() {
      revealed.value = [...revealed.peek(), placeOf(request.peek())];
    },
    renew() {
      revealed.value = revealed.peek().filter((place) => !isHere(place));
    },
  };
}

/** What a view sees of a store: while the values are hidden, a landscape of which nothing is known. */
export function underCover(store: Store): Store {
  const { surface, status, sharpness, covered } = store;
  return {
    ...store,
    surface: computed(() =>
      covered.value && surface.value ? blank(surface.value) : surface.value,
    ),
    status: computed(() =>
      covered.value ? { ...status.value, barrier: null, sensitivity: null } : status.value,
    ),
    sharpness: computed(() => (covered.value ? null : sharpness.value)),
  };
}

/** The same ground with nothing measured on it; the same to whoever acknowledges what was drawn. */
export function blank(surface: Surface): Surface {
  const hidden = (row: Float32Array) => new Float32Array(row.length).fill(Number.NaN);
  return {
    ...surface,
    level: -1,
    preview: 0,
    values: surface.values.map(hidden),
    errors: surface.errors.map(hidden),
    states: new Uint8Array(surface.states.length),
    points: [],
    pointCoordinates: new Float64Array(),
    path: null,
  };
}

/** Where one looks. */
function placeOf(request: Request): Partial<Request> {
  return Object.fromEntries(GROUPS.where.map((name) => [name, request[name]]));
}
