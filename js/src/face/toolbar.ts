// What is drawn, and as what? One line above the picture; nothing in it computes.

import { bind } from "../controls/binding";
import { choice, type Option } from "../controls/choice";
import { element, explain, set, watch } from "../controls/element";
import { select } from "../controls/select";
import { formatCount } from "../numbers/format";
import type { Kind, MetricChoice } from "../protocol";
import type { Store } from "../store";
import { defined } from "../words/definitions";
import { isPlane } from "../words/directions";
import { labelOf } from "../words/metrics";
import { createCameras } from "./cameras";
import { createTools, type ToolCommands } from "./tools";
import { createScale } from "./values";

const KINDS: readonly Option<Kind>[] = [
  { key: "surface", label: "surface" },
  { key: "contour", label: "contour" },
  { key: "heatmap", label: "heat map" },
];

export function createToolbar(
  store: Store,
  commands: ToolCommands,
  signal: AbortSignal,
): HTMLElement {
  return element(
    "header",
    { class: "lw-toolbar", role: "group", "aria-label": "what is drawn", "data-control": "drawn" },
    name(store, signal),
    metric(store, signal),
    element(
      "span",
      { class: "lw-drawn" },
      kind(store, signal),
      createScale(store, signal),
      createCameras(store, commands.look, signal),
    ),
    createTools(store, commands, signal),
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
    (value) => ({ metric: value, clip: null, limits: null }),
  );
  const columns = store.choices.peek().metrics.filter(({ repeat }) => repeat === 0);
  const options = columns.map(optionOf);
  return select({ label: "metric", ...defined("metric"), options, binding }, signal);
}

function optionOf(metric: MetricChoice): Option<string> {
  const { name, unit, size, map } = metric;
  const [key, label] = [name, labelOf(metric)];
  if (map !== null) {
    const hint = `${MAP_HINTS[label] ?? label} Measured after the other metrics, in fewer cells.`;
    return { key, label, hint, group: map.replaceAll("_", " ") };
  }
  const measured = size > 0 ? [`measured on ${formatCount(size)} samples`] : [];
  const said = [...measured, ...(unit ? [`in ${unit}`] : [])].join(", ");
  return { key, label, hint: said && `${said.charAt(0).toUpperCase()}${said.slice(1)}.` };
}

/** By label: a map's own name is a person's. */
const MAP_HINTS: Readonly<Record<string, string>> = {
  "|λ_min/λ_max|":
    "The size of the smallest eigenvalue beside the largest: where λ_min is below 0, how far from convex the loss is there, whatever the picture looks like.",
  λ_max: "The largest eigenvalue of the Hessian in each cell.",
  λ_min:
    "The smallest eigenvalue of the Hessian in each cell; below 0 the loss isn't convex there.",
  residual: "How well the eigenvalues were found, as a share of the larger one's size.",
};

function kind(store: Store, signal: AbortSignal): HTMLElement {
  const binding = bind<Kind>(
    store,
    ["kind"],
    (request) => request.kind,
    (value) => ({ kind: value }),
  );
  const node = choice(
    { label: "kind of picture", ...defined("kind"), options: KINDS, binding },
    signal,
  );
  watch(signal, () => {
    node.hidden = !isPlane(store.request.value);
  });
  return node;
}
