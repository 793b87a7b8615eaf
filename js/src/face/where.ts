// Where do we look? Axes, normalization, ranges, and how much ground they cover.

import { bind } from "../controls/binding";
import { choice } from "../controls/choice";
import { element, set, watch } from "../controls/element";
import { rangeSlider } from "../controls/range-slider";
import { row } from "../controls/row";
import type { Range } from "../protocol";
import type { Store } from "../store";
import { defined } from "../words/definitions";
import { hasRandom, isPlane, withRange } from "../words/directions";
import { createAxes } from "./axes";
import { createOwnNormalization } from "./own-normalization";
import { createZoom } from "./zoom";

export function createWhere(store: Store, signal: AbortSignal): HTMLElement {
  return element(
    "div",
    { class: "lw-group" },
    createAxes(store, signal),
    normalization(store, signal),
    createOwnNormalization(store, signal),
    range(store, "x", signal),
    range(store, "y", signal),
    createZoom(store, signal),
  );
}

function normalization(store: Store, signal: AbortSignal): HTMLElement {
  const binding = bind<string>(
    store,
    ["normalization"],
    (request) => request.normalization,
    (value) => ({ normalization: value }),
  );
  const options = store.choices.peek().normalizations;
  const group = choice({ label: "normalization", options, binding }, signal);
  const about = defined("normalization");
  const node = row({ label: "normalization", ...about, refusal: binding.refusal }, signal, group);
  node.classList.add("lw-stacked");
  watch(signal, () => set(node, "hidden", !hasRandom(store.request.value, store.choices.value)));
  return node;
}

function range(store: Store, name: "x" | "y", signal: AbortSignal): HTMLElement {
  const other = name === "x" ? "y" : "x";
  const binding = bind<Range>(
    store,
    [name, other],
    (request) => request[name],
    (value) => withRange(store.request.peek(), name, value),
  );
  const points = () => store.request.value.resolution[name === "x" ? 0 : 1];
  const control = rangeSlider({ label: name, binding, points }, signal);
  const node = row({ label: name, ...defined(name), refusal: binding.refusal }, signal, control);
  if (name === "y") watch(signal, () => set(node, "hidden", !isPlane(store.request.value)));
  return node;
}
