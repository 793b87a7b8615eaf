// When does a gesture begin and end? Held from its first move, any number of previews, one change on release.

import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Binding } from "./binding";

export interface Gesture<T> {
  readonly active: ReadonlySignal<boolean>;
  move(value: T): void;
  release(): void;
}

export function createGesture<T>(binding: Binding<T>): Gesture<T> {
  const active = signal(false);
  let held: { readonly letGo: () => void; last: T } | null = null;
  return {
    active,
    move(value) {
      held ??= { letGo: binding.hold(), last: value };
      held.last = value;
      active.value = true;
      binding.preview(value);
    },
    release() {
      if (!held) return;
      const { letGo, last } = held;
      held = null;
      binding.change(last);
      letGo();
      active.value = false;
    },
  };
}

/** Follow a pointer from press to release; `begin` returns what each move does, with pixels gone since the press. */
export function onDrag(
  node: HTMLElement,
  begin: (event: PointerEvent) => (pixels: number) => void,
  end: () => void,
  signal: AbortSignal,
): void {
  let drag: { readonly from: number; readonly move: (pixels: number) => void } | null = null;
  const finish = () => {
    if (!drag) return;
    drag = null;
    end();
  };
  const listen = <Name extends keyof HTMLElementEventMap>(
    name: Name,
    run: (event: HTMLElementEventMap[Name]) => void,
  ) => node.addEventListener(name, run, { signal });

  listen("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    node.setPointerCapture(event.pointerId);
    drag = { from: event.clientX, move: begin(event) };
  });
  listen("pointermove", (event) => drag?.move(event.clientX - drag.from));
  listen("pointerup", finish);
  listen("pointercancel", finish);
  listen("lostpointercapture", finish);
  signal.addEventListener("abort", finish, { once: true });
}
