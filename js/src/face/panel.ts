// What is computed: where do we look, how is it measured, and what is true of it? At the side of the picture.

import { disclosure } from "../controls/disclosure";
import { element } from "../controls/element";
import type { Store } from "../store";
import { createCaution } from "./batch-norm";
import { createMeasure, measureSummary } from "./measure";
import { createSharpness } from "./sharpness";
import { still } from "./still";
import { createTruth } from "./truth";
import { createWeights } from "./weights";
import { createWhere } from "./where";

export function createPanel(store: Store, signal: AbortSignal): HTMLElement {
  const summary = () => measureSummary(store.request.value, store.choices.value);
  const where = { title: "where do we look", open: true };
  const how = { title: "how is it measured", summary };
  const truth = { title: "what is true of this picture" };
  return element(
    "aside",
    { class: "lw-panel", "aria-label": "what is computed" },
    disclosure(where, still(store, createWhere(store, signal)), signal),
    disclosure(how, still(store, createMeasure(store, signal)), signal),
    createCaution(store, signal),
    createWeights(store, signal),
    createSharpness(store, signal),
    disclosure(truth, createTruth(store, signal), signal),
  );
}
