// Where do we look, and how is it measured? The controls that compute, at the side of the picture.

import { computed } from "@preact/signals-core";
import { createAxes } from "./axes";
import { bind, part } from "./controls/binding";
import { choice } from "./controls/choice";
import { disclosure } from "./controls/disclosure";
import { element, set, watch } from "./controls/element";
import { numberField } from "./controls/number-field";
import { rangeSlider } from "./controls/range-slider";
import { row } from "./controls/row";
import { slider } from "./controls/slider";
import { optionOf, withRange } from "./directions";
import { formatCount } from "./format";
import { CELLS, samplesGround } from "./grounds";
import type { Range } from "./protocol";
import { sizeText } from "./states";
import type { Store } from "./store";
import { createTruth } from "./truth";
import { createZoom } from "./zoom";

export function createPanel(store: Store, signal: AbortSignal): HTMLElement {
  const where = element(
    "div",
    { class: "lw-group" },
    createAxes(store, signal),
    normalization(store, signal),
    range(store, "x", signal),
    range(store, "y", signal),
    createZoom(store, signal),
  );
  const how = element(
    "div",
    { class: "lw-group" },
    cells(store, signal),
    samples(store, signal),
    batchNorm(store, signal),
  );
  const summary = () => {
    const { resolution, samples } = store.request.value;
    const shown = isPlane(store) ? resolution : ([resolution[0], 1] as const);
    return `${sizeText(shown)}, ${samples < store.choices.value.size ? formatCount(samples) : "all"} samples`;
  };
  return element(
    "aside",
    { class: "lw-panel", "aria-label": "what is computed" },
    disclosure({ title: "where do we look", open: true }, where, signal),
    disclosure({ title: "how is it measured", summary }, how, signal),
    disclosure({ title: "what is true of this picture" }, createTruth(store, signal), signal),
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
  const hint = "How the lengths of random directions are set. Help (?) says what each word means.";
  const node = row({ label: "normalization", hint, refusal: binding.refusal }, signal, group);
  node.classList.add("lw-stacked");
  watch(signal, () => set(node, "hidden", !hasRandom(store)));
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
  const hint = "In units of the direction: at 0 is your network, 1 is one whole direction away.";
  const control = rangeSlider({ label: name, binding, points }, signal);
  const node = row({ label: name, hint, refusal: binding.refusal }, signal, control);
  if (name === "y") watch(signal, () => set(node, "hidden", !isPlane(store)));
  return node;
}

function cells(store: Store, signal: AbortSignal): HTMLElement {
  const one = bind(
    store,
    ["resolution"],
    ({ resolution }) => resolution[0],
    (value: number) => ({ resolution: [value, value] }),
  );
  const rows = part(
    bind(
      store,
      ["resolution"],
      ({ resolution }) => resolution,
      (resolution) => ({ resolution }),
    ),
    (resolution) => resolution[1],
    (resolution, value: number) => [resolution[0], value] as const,
  );
  const along = slider(
    {
      label: "cells along each axis",
      binding: one,
      ground: computed(() => CELLS),
      text: formatCount,
      characters: 3,
    },
    signal,
  );
  const times = element("span", { class: "lw-word" }, "×");
  const down = numberField(
    { label: "cells along y, a number", binding: rows, text: formatCount, characters: 3 },
    signal,
  );
  watch(signal, () => {
    times.hidden = !isPlane(store);
    down.hidden = !isPlane(store);
  });
  const hint = "How many cells along each axis. Coarse levels come first, whatever the number.";
  return row({ label: "cells", hint, refusal: one.refusal }, signal, along, times, down);
}

function samples(store: Store, signal: AbortSignal): HTMLElement {
  const { size } = store.choices.peek();
  const binding = bind(
    store,
    ["samples"],
    (request) => request.samples,
    (value: number) => ({ samples: value }),
  );
  const control = slider(
    {
      label: "samples",
      binding,
      ground: computed(() => samplesGround(size)),
      text: (value) => samplesText(value, size),
      characters: 8,
    },
    signal,
  );
  const hint = "How many samples of your data each cell is measured on: always the same ones.";
  return row({ label: "samples", hint, refusal: binding.refusal }, signal, control);
}

function samplesText(samples: number, size: number): string {
  return samples >= size ? `all ${formatCount(size)}` : formatCount(samples);
}

/** Only where the network has any; nothing to choose yet, but good to know. */
function batchNorm(store: Store, signal: AbortSignal): HTMLElement {
  const mode = element("span");
  const hint =
    "Frozen: every cell keeps the running statistics of your network. Interpolated: they move with the weights.";
  const node = row({ label: "BatchNorm", hint }, signal, mode);
  node.classList.add("lw-inline");
  watch(signal, () => {
    const kind = store.status.value.facts?.batch_norm ?? null;
    mode.textContent = kind ?? "";
    node.hidden = kind === null;
  });
  return node;
}

/** Only what is drawn at random is normalized. */
function hasRandom(store: Store): boolean {
  const choices = store.choices.value;
  return store.request.value.directions.some(({ key }) => optionOf(choices, key)?.seeded);
}

function isPlane(store: Store): boolean {
  return store.request.value.directions.length === 2;
}
