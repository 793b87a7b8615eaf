// Which cell or checkpoint is under the pointer, and what is known of it?

import { computed } from "@preact/signals-core";
import { element, explain, watch } from "../controls/element";
import { formatCount, formatError, formatNumber } from "../numbers/format";
import { checkpoint } from "../path";
import type { Store } from "../store";
import { metricIndex, type Reading } from "../surface";
import { checkpointPieces } from "../words/checkpoint";
import type { Piece } from "../words/status-text";

/** One line under the picture; keeps its height when there is nothing to read. */
export function createReadout(store: Store, signal: AbortSignal): HTMLElement {
  const node = element("output", { class: "lw-readout", "aria-live": "polite" });
  const pieces = computed(() => {
    const { metric } = store.request.value;
    const unit = store.choices.value.metrics.find(({ name }) => name === metric)?.unit ?? "";
    const [surface, visited] = [store.surface.value, store.visited.value];
    if (surface && visited !== null) {
      const at = checkpoint(surface, metricIndex(surface, metric), visited);
      if (at) return checkpointPieces(at, surface, metric, unit);
    }
    return store.reading.value ? readingPieces(store.reading.value, metric, unit) : null;
  });
  watch(signal, () => {
    const shown = pieces.value?.map(({ text, hint }) =>
      explain(element("span", { tabindex: 0 }, text), hint),
    );
    const empty =
      (store.surface.value?.level ?? -1) < 0 ? "" : "point at the picture to read a cell";
    node.replaceChildren(...(shown ?? [element("span", { class: "lw-quiet" }, empty)]));
  });
  return node;
}

/** Pure: value first, then how sure, then where. */
export function readingPieces(reading: Reading, metric: string, unit: string): Piece[] {
  const { value, coordinates, distance, label } = reading;
  const percent = unit === "%" ? " %" : unit && ` ${unit}`;
  return [
    {
      text: `${label ? `${label}: ` : ""}${metric} ${formatNumber(value, { significant: 4 })}${percent}`,
      hint: VALUES[reading.known],
    },
    ...certainty(reading),
    {
      text: `at ${coordinates.map((coordinate) => formatNumber(coordinate)).join(", ")}`,
      hint: "Coordinates in units of the directions.",
    },
    {
      text: `${formatNumber(distance)} from the origin`,
      hint: "Distance from the origin in weights: the length of the step the network's parameters take.",
    },
  ];
}

const VALUES: Readonly<Record<Reading["known"], string>> = {
  exact: "The value measured in this cell.",
  preview: "The value measured in this cell on a few samples, soon on all that are asked for.",
  interpolated: "Not measured: what the spline through the measured cells says here.",
  unknown: "Not measured yet.",
};

/** How sure: of what isn't measured there is no error to give. */
function certainty({ known, samples, standardError, populationError }: Reading): Piece[] {
  if (known === "interpolated" || known === "unknown") {
    const text = known === "interpolated" ? "interpolated, not measured" : "not measured yet";
    return [{ text, hint: VALUES[known] }];
  }
  return [
    ...(known === "preview"
      ? [{ text: `preview on ${formatCount(samples)} samples`, hint: VALUES.preview }]
      : []),
    {
      text:
        standardError === 0 ? "exact on these data" : `${formatError(standardError)} on these data`,
      hint: "The standard error against all the data given; none when every sample was used.",
    },
    {
      text: `${formatError(populationError)} beyond them`,
      hint: "The standard error if the data are themselves a sample of something larger: sd / √n.",
    },
  ];
}
