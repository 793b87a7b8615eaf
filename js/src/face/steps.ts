// Where in the lesson are we, what is there to be seen, and how does one go on? Over the picture.

import { button } from "../controls/button";
import { element, set, watch } from "../controls/element";
import { traitsOf } from "../lesson/controls";
import { goingTo, strayed } from "../lesson/steps";
import { viewNames } from "../protocol";
import type { Store } from "../store";
import { defined } from "../words/definitions";

export interface Steps {
  readonly node: HTMLElement;
  /** One on, or back; false where there is none to go to. */
  next(): boolean;
  back(): boolean;
}

const VIEWING: readonly string[] = viewNames;

/** A bar that isn't there without steps. */
export function createSteps(store: Store, signal: AbortSignal): Steps {
  const place = () => store.request.value.step;
  const count = () => store.request.value.steps.length;
  const isLed = () => traitsOf(store.request.value.locked).has("step");
  const isThere = (step: number) => step >= 0 && step < count();

  function go(step: number): boolean {
    if (isLed() || !isThere(step)) return false;
    store.change(goingTo(store.request.peek(), step));
    return true;
  }

  const next = () => go((place() ?? -1) + 1);
  const back = () => go((place() ?? 0) - 1);
  const again = () => go(place() ?? -1);
  const caption = element("p", { class: "lw-caption", "aria-live": "polite" });
  const note = element("p", { class: "lw-quiet" });
  const where = element("span", { class: "lw-count" });
  const node = element(
    "nav",
    { class: "lw-lesson", "aria-label": "lesson", "data-control": "step" },
    element("div", { class: "lw-caption-side" }, caption, note),
    element(
      "div",
      { class: "lw-lesson-steps" },
      againButton(store, again, signal),
      button(
        {
          label: "back",
          icon: "back",
          ...defined("step"),
          hint: "The step before this one (, or PageUp).",
          enabled: () => isThere((place() ?? 0) - 1),
          press: back,
        },
        signal,
      ),
      where,
      button(
        {
          label: "next",
          icon: "next",
          ...defined("step"),
          hint: "The next step (. or PageDown).",
          enabled: () => isThere((place() ?? -1) + 1),
          press: next,
        },
        signal,
      ),
    ),
  );
  watch(signal, () => {
    const { step, steps } = store.request.value;
    node.hidden = steps.length === 0;
    const words = step === null ? "" : (steps[step]?.caption ?? "");
    if (caption.textContent !== words) caption.textContent = words;
    where.textContent =
      step === null ? `a lesson in ${countText(steps.length)}` : `${step + 1} of ${steps.length}`;
    note.textContent = missing(store);
    set(note, "hidden", note.textContent === "");
  });
  return { node, next, back };
}

/** Only where something of the step isn't shown any more, and could be. */
function againButton(store: Store, again: () => void, signal: AbortSignal): HTMLElement {
  const node = button(
    {
      label: "show this step again",
      icon: "draw",
      ...defined("step"),
      hint: "Something has been changed since; show what the step shows.",
      press: again,
    },
    signal,
  );
  watch(signal, () => {
    const left = strayed(store.request.value);
    node.hidden = !left.some((name) => hasKernel(store) || VIEWING.includes(name));
  });
  return node;
}

/** What of the step can't be shown without a kernel. */
function missing(store: Store): string {
  if (hasKernel(store)) return "";
  const isElsewhere = strayed(store.request.value).some((name) => !VIEWING.includes(name));
  return isElsewhere ? "This step looks elsewhere, which needs a kernel; the plane stays." : "";
}

function hasKernel({ connection }: Store): boolean {
  return connection.value === "live" || connection.value === "busy";
}

function countText(count: number): string {
  return count === 1 ? "one step" : `${count} steps`;
}
