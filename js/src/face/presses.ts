// What does each button of a state do?

import { button } from "../controls/button";
import type { IconName } from "../controls/icons";
import { zoomed } from "../numbers/ranges";
import type { Store } from "../store";
import type { Press } from "../words/state";

const LOOK: Readonly<Record<Press, { readonly icon?: IconName; readonly hint: string }>> = {
  pause: { icon: "pause", hint: "Pause: what is known stays." },
  resume: { icon: "resume", hint: "Go on where it stopped." },
  stop: { icon: "stop", hint: "Stop: what is known stays, and any change starts again." },
  "refine further": { hint: "Put a cell between every two; all cells so far are kept." },
  copy: { hint: "Copy the message and the traceback." },
  "try again": { hint: "Ask the kernel for the same once more." },
  "auto range": { hint: "Probe until the loss has risen tenfold, and look at that range." },
  widen: { hint: "Look at a range ten times as wide." },
};

export function pressButton(
  press: Press,
  store: Store,
  copy: (text: string) => void,
  signal: AbortSignal,
): HTMLButtonElement {
  const words = press !== "pause" && press !== "stop";
  const run = actions(store, copy)[press];
  return button({ ...LOOK[press], label: press, words, press: run }, signal);
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
