// What does the root of a widget tell of it, to style sheets and to tests, and how does it fill the window?

import type { ReadonlySignal } from "@preact/signals-core";
import { scopeOf, set, watch } from "../controls/element";
import { kindOf } from "../figure";
import type { Store } from "../store";
import { finalCells } from "../surface";
import type { State } from "../words/state";

export function describe(
  root: HTMLElement,
  store: Store,
  state: ReadonlySignal<State>,
  signal: AbortSignal,
): void {
  watch(signal, () => {
    set(root, "data-state", state.value.name);
    set(root, "data-picture", state.value.picture);
  });
  watch(signal, () => {
    const surface = store.surface.value;
    set(root, "data-covered", store.covered.value);
    set(root, "data-phase", store.status.value.phase);
    set(root, "data-connection", store.connection.value);
    set(root, "data-kind", kindOf(surface, store.request.value));
    set(root, "data-generation", surface?.generation ?? -1);
    set(root, "data-level", surface?.level ?? -1);
    set(root, "data-known", surface ? finalCells(surface) : 0);
  });
}

/** For a projector: the style sheet measures in em, so one class is enough. */
export function wearBigType(
  root: HTMLElement,
  store: Pick<Store, "request">,
  signal: AbortSignal,
): void {
  watch(signal, () => {
    root.classList.toggle("lw-big", store.request.value.big_type);
  });
}

export function toggleFullWindow(root: HTMLElement): void {
  if (scopeOf(root).fullscreenElement) void document.exitFullscreen();
  else void root.requestFullscreen();
}

/** JupyterLab keeps the node of a view that is gone; what stood in it goes. */
export function emptyAtEnd(el: HTMLElement, signal: AbortSignal): void {
  signal.addEventListener("abort", () => el.replaceChildren(), { once: true });
}
