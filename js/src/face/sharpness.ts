// How sharp is the minimum at the origin? Read-outs that come one after the other, and what to make of them.

import { signal as cell, computed } from "@preact/signals-core";
import { refusalOf } from "../controls/binding";
import { button } from "../controls/button";
import { disclosure } from "../controls/disclosure";
import { element, explain, watch } from "../controls/element";
import { refusalNote } from "../controls/row";
import { formatNumber } from "../numbers/format";
import type { Sharpness, Spectrum } from "../protocol";
import type { Store } from "../store";
import { defined } from "../words/definitions";
import { densityIn } from "../words/density";
import type { Frame } from "../words/outlines";
import { MEASURE_HINT, ofText, type ReadOut, readOuts, SPECTRUM_HINT } from "../words/sharpness";
import { svg } from "./svg";

const FRAME: Frame = { width: 260, height: 84 };
/** Outliers named beneath the chart; the others only have a mark. */
const MOST_NAMED = 4;

export function createSharpness(store: Store, signal: AbortSignal): HTMLElement {
  const { sharpness } = store;
  const refusal = refusalOf(store, "sharpness");
  const asked = cell(false);
  const isMeasuring = computed(() => store.status.value.task === "sharpness");
  const isUnderWay = computed(() => isMeasuring.value || asked.value);
  const press = () => {
    asked.value = true;
    store.act({ kind: "sharpness" });
  };
  const enabled = () => !isUnderWay.value && store.connection.value === "live";
  const measure = button(
    { label: "measure", control: "sharpness", hint: MEASURE_HINT, enabled, press },
    signal,
  );
  const cost = element("span", { class: "lw-quiet" });
  const offer = element("p", { class: "lw-offer" }, measure, cost);
  const known = element("div", {});
  const caveat = element("p", { class: "lw-quiet", role: "note" });
  const body = element(
    "div",
    { class: "lw-group lw-sharpness" },
    offer,
    refusalNote(refusal, signal),
    known,
    caveat,
  );
  watch(signal, () => {
    const isAnswered = sharpness.value !== null || refusal.value !== null || store.error.value;
    if (isAnswered || isMeasuring.value) asked.value = false;
  });
  watch(signal, () => {
    offer.hidden = sharpness.value?.done === true;
    cost.textContent = isUnderWay.value
      ? "measuring, one number after the other"
      : "some hundred products with the Hessian, at the origin";
  });
  watch(signal, () => {
    known.replaceChildren(...(sharpness.value ? parts(sharpness.value) : []));
    caveat.textContent = sharpness.value?.caveat ?? "";
    caveat.hidden = sharpness.value === null;
  });
  const summary = () =>
    sharpness.value ? readOuts(sharpness.value).slice(0, 2).map(inWords).join(", ") : "";
  return disclosure({ title: "sharpness", ...defined("sharpness"), summary }, body, signal);
}

function parts(sharpness: Sharpness): readonly HTMLElement[] {
  const chips = readOuts(sharpness).map(chip);
  const of = ofText(sharpness);
  return [
    element("div", { class: "lw-chips", role: "list" }, ...chips),
    ...(sharpness.spectrum ? [densityChart(sharpness.spectrum)] : []),
    ...(of ? [element("p", { class: "lw-quiet" }, `At the origin, ${of}.`)] : []),
    ...sharpness.notes.map((note) => element("p", { class: "lw-quiet" }, note)),
  ];
}

function chip({ name, value, hint }: ReadOut): HTMLElement {
  const node = element(
    "div",
    { class: "lw-chip", role: "listitem", tabindex: 0 },
    element("span", { class: "lw-quiet" }, `${name} `),
    value,
  );
  return explain(node, hint);
}

function inWords({ name, value }: ReadOut): string {
  return `${name} ${value}`;
}

/** For who can't see it, the outliers and the ends are in its name. */
function densityChart(spectrum: Spectrum): HTMLElement {
  const { curve, marks, ends } = densityIn(FRAME, spectrum);
  const { width, height } = FRAME;
  const [low, high] = ends.map((end) => formatNumber(end));
  const outliers = [...spectrum.outliers].sort((a, b) => Math.abs(b) - Math.abs(a));
  const named = outliers.slice(0, MOST_NAMED).map((value) => formatNumber(value));
  const rest = outliers.length - named.length;
  const others = rest > 0 ? ` and ${rest} more` : "";
  const apart = named.length > 0 ? `outliers ${named.join(", ")}${others}` : "no outliers";
  const drawing = svg(
    "svg",
    {
      viewBox: `0 -2 ${width} ${height + 4}`,
      preserveAspectRatio: "none",
      class: "lw-small-chart",
      role: "img",
      "aria-label": `density of the eigenvalues from ${low} to ${high}, ${apart}`,
    },
    ...marks.map((x) => svg("path", { d: `M${x.toFixed(1)} 0V${height}`, class: "lw-drop" })),
    svg("path", { d: curve, class: "lw-first" }),
  );
  const legend = element(
    "figcaption",
    { class: "lw-which", tabindex: 0 },
    element("span", { class: "lw-key lw-first" }, "eigenvalues, log density"),
    element("span", { class: "lw-key lw-drop" }, apart),
  );
  const ticks = element(
    "div",
    { class: "lw-ends" },
    ...[low, high].map((end) => element("span", {}, `λ ${end}`)),
  );
  return element("figure", {}, explain(legend, SPECTRUM_HINT), drawing, ticks);
}
