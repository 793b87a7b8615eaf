// How is a lesson put together? Its steps in order, in a fold of the panel: captions, places, and one more.

import { signal as cell } from "@preact/signals-core";
import { type ButtonOptions, button } from "../controls/button";
import { disclosure } from "../controls/disclosure";
import { element, explain, set, watch } from "../controls/element";
import { captioned, goingTo, movedUp, withoutStep, withStep } from "../lesson/steps";
import type { LessonStep, Request } from "../protocol";
import type { Store } from "../store";
import { defined } from "../words/definitions";
import { createWriting } from "./writing";

const LONGEST_CAPTION = 500;

/** Not there without steps, nor in a saved page, which keeps no changes. */
export function createLesson(store: Store, signal: AbortSignal): HTMLElement {
  const editing = cell<number | null>(null);
  const list = element("ol", { class: "lw-step-list" });
  const add = button(
    {
      label: "add this view as a step",
      ...defined("steps"),
      press: () => addStep(store, (step) => (editing.value = step)),
    },
    signal,
  );
  const summary = () => `${store.request.value.steps.length} steps`;
  const body = element("div", { class: "lw-group" }, list, add);
  const node = disclosure({ title: "lesson", ...defined("steps"), summary }, body, signal);
  watch(signal, () => {
    const { steps, step } = store.request.value;
    node.hidden = steps.length === 0 || store.connection.value === "page";
    const rows = steps.map((one, index) => rowOf(store, one, index, editing, signal));
    for (const [index, row] of rows.entries()) {
      set(row, "aria-current", index === step ? "step" : null);
    }
    list.replaceChildren(...rows);
    list.querySelector("textarea")?.focus();
  });
  return node;
}

/** All that is seen now, as the last step, which is shown; its caption is to be written. */
export function addStep(store: Store, added: (step: number) => void = () => {}): void {
  const changes = withStep(store.request.peek(), "A new step");
  const last = (changes.steps?.length ?? 1) - 1;
  store.change({ ...changes, step: last });
  added(last);
}

function rowOf(
  store: Store,
  { caption }: LessonStep,
  index: number,
  editing: { value: number | null },
  signal: AbortSignal,
): HTMLElement {
  const row = element("li", {});
  if (editing.value === index) {
    const written = (text: string) => {
      editing.value = null;
      const words = text.trim();
      if (words !== "") store.change(captioned(store.request.peek(), index, words));
    };
    const cancel = () => (editing.value = null);
    const label = `caption of step ${index + 1}`;
    const longest = LONGEST_CAPTION;
    row.append(createWriting({ text: caption, label, longest, written, cancel }, signal));
    return row;
  }
  const words = element("button", { type: "button", class: "lw-note-text" }, caption);
  explain(words, "Show this step; once it is shown, press again to change its caption.");
  words.addEventListener(
    "click",
    () => {
      if (store.request.peek().step === index) editing.value = index;
      else store.change(goingTo(store.request.peek(), index));
    },
    { signal },
  );
  const tools = element("span", { class: "lw-pair" }, ...placing(store, index, signal));
  row.append(element("div", { class: "lw-step-row" }, words, tools));
  return row;
}

function placing(store: Store, index: number, signal: AbortSignal): readonly HTMLElement[] {
  const place = (change: (request: Request) => Partial<Request>) => () =>
    store.change(change(store.request.peek()));
  const step = index + 1;
  const options: readonly Omit<ButtonOptions, "control">[] = [
    {
      label: `move step ${step} up`,
      icon: "up",
      hint: "Show it one earlier.",
      enabled: () => index > 0,
      press: place((request) => movedUp(request, index)),
    },
    {
      label: `move step ${step} down`,
      icon: "down",
      hint: "Show it one later.",
      enabled: () => step < store.request.value.steps.length,
      press: place((request) => movedUp(request, step)),
    },
    {
      label: `delete step ${step}`,
      icon: "close",
      hint: "Take it out of the lesson; undo brings it back.",
      press: place((request) => withoutStep(request, index)),
    },
  ];
  const { control } = defined("steps");
  return options.map((option) => button({ ...option, control }, signal));
}
