// How is it drawn? One line above the picture; nothing in it computes.

import { computed } from "@preact/signals-core";
import { bind } from "./controls/binding";
import { button } from "./controls/button";
import { choice, type Option } from "./controls/choice";
import { element, explain, set, watch } from "./controls/element";
import { menu } from "./controls/menu";
import { row } from "./controls/row";
import { select } from "./controls/select";
import { slider } from "./controls/slider";
import { clippedCells } from "./counts";
import { formatCount, formatNumber } from "./format";
import { clipGround } from "./grounds";
import type { Colors, Kind, Scale } from "./protocol";
import { pythonCode } from "./python-code";
import type { Store } from "./store";
import { metricIndex } from "./surface";

export interface ToolbarCommands {
  readonly fullWindow: () => void;
  readonly help: () => void;
  readonly copy: (text: string) => void;
}

const KINDS: readonly Option<Kind>[] = [
  { key: "surface", label: "surface" },
  { key: "contour", label: "contour" },
  { key: "heatmap", label: "heat map" },
];

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
];

const COLORS: readonly Option<Colors>[] = [
  { key: "cividis", label: "cividis", hint: "Even steps, and the same for colour-blind eyes." },
  { key: "viridis", label: "viridis", hint: "Even steps, more colours." },
  { key: "diverging", label: "diverging", hint: "Two colours from a middle, for signed values." },
  { key: "grey", label: "grey", hint: "For print." },
];

export function createToolbar(
  store: Store,
  commands: ToolbarCommands,
  signal: AbortSignal,
): HTMLElement {
  return element(
    "header",
    { class: "lw-toolbar", role: "group", "aria-label": "how it is drawn" },
    name(store, signal),
    metric(store, signal),
    kind(store, signal),
    element(
      "span",
      { class: "lw-values" },
      scale(store, signal),
      clip(store, signal),
      colors(store, signal),
    ),
    element("span", { class: "lw-tools" }, ...tools(store, commands, signal)),
  );
}

function name(store: Store, signal: AbortSignal): HTMLElement {
  const node = element("span", { class: "lw-name" });
  watch(signal, () => {
    const { name } = store.request.value;
    node.textContent = name;
    node.hidden = name === "";
    set(node, "tabindex", name ? 0 : null);
    explain(node, name);
  });
  return node;
}

function metric(store: Store, signal: AbortSignal): HTMLElement {
  const binding = bind<string>(
    store,
    ["metric"],
    (request) => request.metric,
    (value) => ({ metric: value, clip: null }),
  );
  const options = store.choices.peek().metrics.map(({ name, unit, size }) => ({
    key: name,
    label: name.replaceAll("_", " "),
    hint: `Measured on ${formatCount(size)} samples${unit ? `, in ${unit}` : ""}.`,
  }));
  return select({ label: "metric", options, binding }, signal);
}

function kind(store: Store, signal: AbortSignal): HTMLElement {
  const binding = bind<Kind>(
    store,
    ["kind"],
    (request) => request.kind,
    (value) => ({ kind: value }),
  );
  const node = choice({ label: "kind of picture", options: KINDS, binding }, signal);
  watch(signal, () => {
    node.hidden = store.request.value.directions.length < 2;
  });
  return node;
}

function scale(store: Store, signal: AbortSignal): HTMLElement {
  const binding = bind<Scale>(
    store,
    ["scale"],
    (request) => request.scale,
    (value) => ({ scale: value }),
  );
  return select({ label: "scale", options: SCALES, binding }, signal);
}

function colors(store: Store, signal: AbortSignal): HTMLElement {
  const binding = bind<Colors>(
    store,
    ["colors"],
    (request) => request.colors,
    (value) => ({ colors: value }),
  );
  const node = select({ label: "colours", options: COLORS, binding }, signal);
  node.classList.add("lw-colors");
  watch(signal, () => {
    node.hidden = store.request.value.directions.length < 2;
  });
  return node;
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
  const hint = "Values above are drawn flat, in another tone, and counted.";
  const node = row({ label: "clip", hint, refusal: binding.refusal }, signal, control, count);
  node.classList.add("lw-clip");
  return node;
}

function tools(
  store: Store,
  commands: ToolbarCommands,
  signal: AbortSignal,
): readonly HTMLElement[] {
  const { fullWindow, help, copy } = commands;
  const reading = () => store.reading.value;
  return [
    button(
      {
        label: "undo",
        icon: "undo",
        hint: "Undo (Ctrl+Z)",
        enabled: () => store.canUndo.value,
        press: () => store.undo(),
      },
      signal,
    ),
    button(
      {
        label: "redo",
        icon: "redo",
        hint: "Redo (Ctrl+Shift+Z)",
        enabled: () => store.canRedo.value,
        press: () => store.redo(),
      },
      signal,
    ),
    button(
      {
        label: "full window",
        icon: "full",
        hint: "Full window (f); Escape leaves it",
        press: fullWindow,
      },
      signal,
    ),
    menu(
      "more",
      [
        {
          label: "copy the Python that makes this view",
          press: () => copy(pythonCode(store.request.peek(), store.choices.peek())),
        },
        {
          label: "copy the cell's value",
          enabled: () => reading() !== null,
          press: () => copy(JSON.stringify(cellValue(store))),
        },
        { label: "help and keys (?)", press: help },
      ],
      signal,
    ),
  ];
}

/** As Python and JSON both read it. */
function cellValue(store: Store): Readonly<Record<string, unknown>> {
  const reading = store.reading.peek();
  if (!reading) return {};
  const { coordinates, value, standardError, populationError } = reading;
  const { metric } = store.request.peek();
  return {
    coordinates,
    [metric]: value,
    standard_error: standardError,
    population_error: populationError,
  };
}
