// What is computed: where do we look, how is it measured, how is it drawn? At the side of the picture.

import { disclosure } from "../controls/disclosure";
import { element } from "../controls/element";
import type { Store } from "../store";
import { GROUPS, type Group } from "../words/definitions";
import { createLesson } from "./lesson";
import { createMeasure, measureSummary } from "./measure";
import { createSharpness } from "./sharpness";
import { still } from "./still";
import { createValues, valuesSummary } from "./values";
import { createWeights } from "./weights";
import { createWhere } from "./where";

export function createPanel(store: Store, signal: AbortSignal): HTMLElement {
  const summary = () => measureSummary(store.request.value, store.choices.value);
  const where = { title: "where do we look", ...behind("where"), open: true };
  const how = { title: "how is it measured", ...behind("measured"), summary };
  const said = () => valuesSummary(store.request.value);
  const drawn = { title: "how is it drawn", ...behind("drawn"), summary: said };
  return element(
    "aside",
    { class: "lw-panel", "aria-label": "what is computed" },
    disclosure(where, still(store, createWhere(store, signal)), signal),
    disclosure(how, still(store, createMeasure(store, signal)), signal),
    disclosure(drawn, createValues(store, signal), signal),
    createLesson(store, signal),
    createWeights(store, signal),
    createSharpness(store, signal),
  );
}

/** What marks a fold, and the sentence on what is in it. */
export function behind(group: Group): { readonly control: Group; readonly hint: string } {
  return { control: group, hint: GROUPS[group][1] };
}
