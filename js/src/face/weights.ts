// How large are the weights, at both ends and along training? Two small charts, drawn by hand (Li et al. 2018, fig. 2).

import { computed } from "@preact/signals-core";
import { disclosure } from "../controls/disclosure";
import { element, watch } from "../controls/element";
import { formatNumber } from "../numbers/format";
import { dropsOf } from "../path";
import type { Histogram, Path } from "../protocol";
import type { Store } from "../store";
import { defined } from "../words/definitions";
import { curveIn, type Frame, outlineIn } from "../words/outlines";
import { svg } from "./svg";

const FRAME: Frame = { width: 260, height: 84 };
const LINES = ["lw-first", "lw-second", "lw-third"] as const;

/** Not there while nothing is known of them. */
export function createWeights(store: Store, signal: AbortSignal): HTMLElement {
  const histograms = computed(() => store.surface.value?.facts.histograms ?? NONE);
  const path = computed(() => store.surface.value?.path ?? null);
  const body = element("div", { class: "lw-group lw-weights" });
  const summary = () =>
    histograms.value.map(({ label, norm }) => `${label} ‖θ‖ ${formatNumber(norm)}`).join(", ");
  const node = disclosure({ title: "weights", ...defined("weights"), summary }, body, signal);
  watch(signal, () => {
    const charts = [
      ...(histograms.value.length > 0 ? [histogramChart(histograms.value)] : []),
      ...(path.value && path.value.size > 1 ? [normChart(path.value)] : []),
    ];
    body.replaceChildren(...charts);
    node.hidden = charts.length === 0;
  });
  return node;
}

const NONE: readonly Histogram[] = [];

/** Outlines of all models on one scale; beneath, which is which. */
function histogramChart(histograms: readonly Histogram[]): HTMLElement {
  const most = Math.max(...histograms.flatMap(({ counts }) => counts));
  const outlines = histograms.map(({ counts }, index) =>
    svg("path", { d: outlineIn(FRAME, counts, most), class: LINES[index % LINES.length] ?? "" }),
  );
  const { edges } = histograms[0] as Histogram;
  const named = histograms.map(({ label, norm }, index) =>
    element(
      "span",
      { class: `lw-key ${LINES[index % LINES.length]}` },
      `${label}, ‖θ‖ ${formatNumber(norm)}`,
    ),
  );
  return figure(
    "weights of the models",
    outlines,
    [edges[0] ?? 0, edges.at(-1) ?? 0].map((edge) => formatNumber(edge)),
    named,
  );
}

/** ‖θ‖ from checkpoint to checkpoint, with a mark at each drop of the learning rate. */
function normChart(path: Path): HTMLElement {
  const { norms, steps } = path;
  const [low, high] = [Math.min(...norms), Math.max(...norms)];
  const span = Math.max((steps.at(-1) ?? 0) - (steps[0] ?? 0), 1);
  const drops = dropsOf(path).map((index) => {
    const x = (FRAME.width * ((steps[index] as number) - (steps[0] as number))) / span;
    return svg("path", { d: `M${x.toFixed(1)} 0V${FRAME.height}`, class: "lw-drop" });
  });
  const curve = svg("path", { d: curveIn(FRAME, steps, norms), class: LINES[0] });
  const said = [
    element("span", { class: `lw-key ${LINES[0]}` }, "‖θ‖ along training"),
    element("span", { class: "lw-quiet" }, `${formatNumber(low)} to ${formatNumber(high)}`),
    ...(drops.length > 0
      ? [element("span", { class: "lw-key lw-drop" }, "learning rate drops")]
      : []),
  ];
  return figure(
    "norm of the weights along training",
    [...drops, curve],
    [steps[0] ?? 0, steps.at(-1) ?? 0].map((step) => `step ${formatNumber(step)}`),
    said,
  );
}

function figure(
  label: string,
  lines: readonly SVGElement[],
  ends: readonly string[],
  legend: readonly HTMLElement[],
): HTMLElement {
  const { width, height } = FRAME;
  const drawing = svg(
    "svg",
    {
      viewBox: `0 -2 ${width} ${height + 4}`,
      preserveAspectRatio: "none",
      class: "lw-small-chart",
      role: "img",
      "aria-label": label,
    },
    ...lines,
  );
  return element(
    "figure",
    {},
    element("figcaption", { class: "lw-which" }, ...legend),
    drawing,
    element("div", { class: "lw-ends" }, ...ends.map((end) => element("span", {}, end))),
  );
}
