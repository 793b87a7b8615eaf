// How is a short text written in its own place? Enter keeps it, Escape leaves it as it was.

import { element } from "../controls/element";
import { LONGEST } from "../lesson/pins";

export interface WritingOptions {
  readonly text: string;
  readonly label: string;
  readonly longest?: number;
  written(text: string): void;
  cancel(): void;
}

/** A field that grows with what is written; leaving it keeps what it says. */
export function createWriting(
  { text, label, longest = LONGEST, written, cancel }: WritingOptions,
  signal: AbortSignal,
): HTMLTextAreaElement {
  const node = element("textarea", {
    class: "lw-writing",
    "aria-label": label,
    "data-editing": true,
    rows: 1,
    maxlength: longest,
  });
  node.value = text;
  let isDone = false;
  const end = (run: () => void) => {
    if (isDone) return;
    isDone = true;
    run();
  };
  node.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        end(() => written(node.value));
      }
      if (event.key === "Escape") {
        event.stopPropagation();
        end(cancel);
      }
    },
    { signal },
  );
  node.addEventListener("blur", () => end(() => written(node.value)), { signal });
  return node;
}
