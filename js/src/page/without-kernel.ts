// What is left of the store where there is no kernel? All that is a matter of view.

import { signal } from "@preact/signals-core";
import { type Request, viewNames } from "../protocol";
import type { Connection, Store } from "../store";
import { namesIn } from "../store/history";

const VIEWING: ReadonlySet<keyof Request> = new Set(viewNames);

/** Where nothing can be computed, what would need it isn't even asked for. */
export function withoutKernel(store: Store): Store {
  const seen = (changes: Partial<Request>, take: (changes: Partial<Request>) => void) => {
    const names = namesIn(changes).filter((name) => VIEWING.has(name));
    if (names.length > 0) take(Object.fromEntries(names.map((name) => [name, changes[name]])));
  };
  return {
    ...store,
    connection: signal<Connection>("page"),
    change: (changes) => seen(changes, store.change),
    preview: (changes) => seen(changes, store.preview),
    act() {},
  };
}
