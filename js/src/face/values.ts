// How does a value become a height and a colour? The scale above the picture, the rest folded at its side.

import { computed } from "@preact/signals-core";
import { bind } from "../controls/binding";
import { button } from "../controls/button";
import type { Option } from "../controls/choice";
import { element, watch } from "../controls/element";
import { row } from "../controls/row";
import { select } from "../controls/select";
import { slider } from "../controls/slider";
import { kindOf } from "../figure";
import { asDrawn } from "../figure/wanted";
import { formatCount, formatNumber } from "../numbers/format";
import type { Colors, Request, Scale } from "../protocol";
import type { Store } from "../store";
import { metricIndex } from "../surface";
import { clippedCells } from "../words/counts";
import { defined } from "../words/definitions";
import { isPlane } from "../words/directions";
import { clipGround, HEIGHTS } from "../words/grounds";

const SCALES: readonly Option<Scale>[] = [
  {
    key: "auto",
    label: "auto scale",
    hint: "Logarithmic once the values pass two decades, else linear.",
  },
  { key: "linear", label: "linear", hint: "Heights as they are." },
  {
    key: "log",
    label: "log",
    hint: "Logarithmic; safe at 0, and asinh where values are negative.",
  },
  {
    key: "paper",
    label: "paper",
    hint: "ln(value + 0.1), as Li et al. (2018) draw their surfaces. Values of −0.1 and below have no height.",
  },
];

const COLORS: readonly Option<Colors>[] = [
  { key: "cividis", label: "cividis", hint: "Even steps, and the same for colour-blind eyes." },
  { key: "viridis", label: "viridis", hint: "Even steps, more colours." },
  { key: "diverging", label: "diverging", hint: "Two colours from a middle, for signed values." },
  { key: "grey", label: "grey", hint: "For print." },
];

/** A row each, folded under "how is it drawn"; cuts have room below one picture only. */
export function createValues(store: Store, signal: AbortSignal, hasCuts = true): HTMLElement {
  return element(
    "div",
    { class: "lw-group" },
    clip(store, signal),
    colors(store, signal),
    height(store, signal),
    ...(hasCuts ? [cuts(store, signal)] : []),
  );
}

/** "clip 8, viridis"; nothing while all is as the values suggest. */
export function valuesSummary({ clip, colors, height, kind }: Request): string {
  const isHigher = kind === "surface" && height !== 1;
  return [
    clip !== null && `clip ${formatNumber(clip)}`,
    colors !== "cividis" && colors,
    isHigher && `${formatNumber(height)}× high`,
  ]
    .filter(Boolean)
    .join(", ");
}

export function createScale(store: Store, signal: AbortSignal): HTMLElement {
  const binding = bind<Scale>(
    store,
    ["scale"],
    (request) => request.scale,
    (value) => ({ scale: value }),
  );
  return select({ label: "scale", ...defined("scale"), options: SCALES, binding }, signal);
}

/** Infinity stands for no clip, at the right end of the track. */
function clip(store: Store, signal: AbortSignal): HTMLElement {
  const index = computed(() => {
    const surface = store.surface.value;
    return surface ? metricIndex(surface, store.request.value.metric) : -1;
  });
  const ground = computed(() =>
    clipGround(store.surface.value, index.value, store.request.value.scale),
  );
  const binding = bind<number>(
    store,
    ["clip"],
    (request) => request.clip ?? Infinity,
    (value) => ({ clip: value === Infinity || value === ground.peek().range[1] ? null : value }),
  );
  const text = (value: number) => (value === Infinity ? "none" : formatNumber(value));
  const control = slider(
    { label: "clip", binding, ground, text, words: { none: Infinity }, characters: 5 },
    signal,
  );
  const count = element("span", { class: "lw-count" });
  watch(signal, () => {
    const { clip } = store.request.value;
    const surface = store.surface.value;
    const cells = surface ? clippedCells(surface, index.value, clip) : 0;
    count.textContent = clip === null ? "" : `${formatCount(cells)} clipped`;
  });
  const about = { label: "clip", ...defined("clip"), refusal: binding.refusal };
  return row(about, signal, control, count);
}

function colors(store: Store, signal: AbortSignal): HTMLElement {
  const binding = bind<Colors>(
    store,
    ["colors"],
    (request) => request.colors,
    (value) => ({ colors: value }),
  );
  const about = defined("colors");
  const list = select({ label: "colours", hint: about.hint, options: COLORS, binding }, signal);
  const node = row({ label: "colours", ...about }, signal, list);
  watch(signal, () => {
    node.hidden = !isPlane(store.request.value);
    // A metric may have colours of its own, which the first ones stand for.
    const { colors } = asDrawn(store.surface.value, { ...store.request.value, colors: "cividis" });
    const [first] = list.options;
    if (first) first.textContent = colors === "cividis" ? colors : `its own: ${colors}`;
  });
  return node;
}

/** Only what stands in space has a height. */
function height(store: Store, signal: AbortSignal): HTMLElement {
  const binding = bind<number>(
    store,
    ["height"],
    (request) => request.height,
    (value) => ({ height: value }),
  );
  const text = (value: number) => `${formatNumber(value)}×`;
  const control = slider(
    { label: "height", binding, ground: computed(() => HEIGHTS), text, characters: 5 },
    signal,
  );
  const node = row(
    { label: "height", ...defined("height"), refusal: binding.refusal },
    signal,
    control,
  );
  watch(signal, () => {
    node.hidden = kindOf(store.surface.value, store.request.value) !== "surface";
  });
  return node;
}

function cuts(store: Store, signal: AbortSignal): HTMLElement {
  const about = defined("cuts");
  const toggle = button(
    {
      label: "along both axes",
      hint: about.hint,
      pressed: () => store.request.value.cuts,
      press: () => store.change({ cuts: !store.request.peek().cuts }),
    },
    signal,
  );
  const node = row({ label: "cuts", ...about }, signal, toggle);
  watch(signal, () => {
    node.hidden = !isPlane(store.request.value);
  });
  return node;
}
