// Which cell or checkpoint is under the pointer, and what is known of it?

import { computed } from "@preact/signals-core";
import { element, explain, watch } from "../controls/element";
import { formatCount, formatError, formatNumber } from "../numbers/format";
import { checkpoint } from "../path";
import type { Store } from "../store";
import { metricIndex, type Reading } from "../surface";
import { checkpointPieces } from "../words/checkpoint";
import { failedText } from "../words/failed";
import { labelOf, metricNamed } from "../words/metrics";
import type { Piece } from "../words/status-text";

/** One line under the picture; keeps its height when there is nothing to read. */
export function createReadout(store: Store, signal: AbortSignal): HTMLElement {
  const node = element("output", { class: "lw-readout", "aria-live": "polite" });
  const pieces = computed(() => {
    const { metric } = store.request.value;
    const facts = metricNamed(store.choices.value, metric);
    const [label, unit] = [labelOf(facts), facts.unit];
    const [surface, visited] = [store.surface.value, store.visited.value];
    if (surface && visited !== null) {
      const at = checkpoint(surface, metricIndex(surface, metric), visited);
      if (at) return checkpointPieces(at, surface, label, unit);
    }
    const { first_error } = store.status.value;
    return store.reading.value
      ? readingPieces(store.reading.value, label, unit, first_error)
      : null;
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
export function readingPieces(reading: Reading, name: string, unit: string, error = ""): Piece[] {
  const { value, coordinates, distance, label, known } = reading;
  const percent = unit === "%" ? " %" : unit && ` ${unit}`;
  const text =
    known === "failed"
      ? failedText("raised an error", error)
      : `${name} ${formatNumber(value, { significant: 4 })}${percent}`;
  return [
    { text: `${label ? `${label}: ` : ""}${text}`, hint: VALUES[known] },
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
  unconverged: "The best that was found in this cell; it isn't as sure as was asked for.",
  failed:
    "The loss raised an error in this cell, so it has no value. Said is what the first such cell raised.",
};

/** How sure: of what isn't measured there is no error to give. */
function certainty(reading: Reading): Piece[] {
  const { known, samples, standardError, populationError, residual } = reading;
  if (known === "failed") return [];
  if (known === "interpolated" || known === "unknown") {
    const text = known === "interpolated" ? "interpolated, not measured" : "not measured yet";
    return [{ text, hint: VALUES[known] }];
  }
  if (residual !== null) return [convergence(known === "unconverged", residual)];
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

/** Of an eigenvalue there is no standard error, but how well it was found. */
function convergence(isUnconverged: boolean, residual: number): Piece {
  const size = `residual ${formatNumber(residual, { significant: 2 })}`;
  return {
    text: isUnconverged ? `not converged, ${size}` : size,
    hint: "How well the eigenvalues were found: ‖Hv − λv‖ as a share of the larger one's size.",
  };
}
