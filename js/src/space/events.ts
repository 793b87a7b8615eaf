// Who wants to know what a hand does on a picture in space? Under the names that plotly has for it.

import type { PointEvent, RelayoutEvent } from "../plotly";

type Name =
  | "plotly_hover"
  | "plotly_click"
  | "plotly_unhover"
  | "plotly_relayout"
  | "plotly_relayouting";

export interface Events {
  on(name: Name, listener: (event: never) => void): void;
  emit(name: Name, event: PointEvent | RelayoutEvent): void;
}

export function createEvents(): Events {
  const listeners = new Map<Name, ((event: never) => void)[]>();
  return {
    on(name, listener) {
      listeners.set(name, [...(listeners.get(name) ?? []), listener]);
    },
    emit(name, event) {
      for (const listener of listeners.get(name) ?? []) listener(event as never);
    },
  };
}
