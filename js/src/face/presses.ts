// What does each button of a state do?

import { button } from "../controls/button";
import type { IconName } from "../controls/icons";
import { zoomed } from "../numbers/ranges";
import type { Store } from "../store";
import { type ControlName, defined } from "../words/definitions";
import type { Press } from "../words/state";

const LOOK: Readonly<Record<Press, { readonly icon?: IconName; readonly is: ControlName }>> = {
  pause: { icon: "pause", is: "pause" },
  resume: { icon: "resume", is: "resume" },
  stop: { icon: "stop", is: "stop" },
  "refine further": { is: "refine_further" },
  copy: { is: "copy_error" },
  "try again": { is: "retry" },
  "auto range": { is: "auto_range" },
  widen: { is: "widen" },
};

export function pressButton(
  press: Press,
  store: Store,
  copy: (text: string) => void,
  signal: AbortSignal,
): HTMLButtonElement {
  const words = press !== "pause" && press !== "stop";
  const run = actions(store, copy)[press];
  const { is, ...look } = LOOK[press];
  return button({ ...look, ...defined(is), label: press, words, press: run }, signal);
}

function actions(store: Store, copy: (text: string) => void): Readonly<Record<Press, () => void>> {
  return {
    pause: () => store.act({ kind: "pause" }),
    resume: () => store.act({ kind: "resume" }),
    stop: () => store.act({ kind: "stop" }),
    "refine further": () => store.act({ kind: "refine_further" }),
    "try again": () => store.act({ kind: "retry" }),
    "auto range": () => store.act({ kind: "auto_range", factor: 10 }),
    widen() {
      const { x, y } = store.request.peek();
      store.change({ x: zoomed(x, 10), y: zoomed(y, 10) });
    },
    copy() {
      const error = store.error.peek();
      copy(error ? `${error.message}\n\n${error.traceback}` : "");
    },
  };
}
