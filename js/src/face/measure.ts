// How is it measured? Cells, where to stop, samples, and what became of BatchNorm.

import { computed } from "@preact/signals-core";
import { bind, part } from "../controls/binding";
import { element, watch } from "../controls/element";
import { numberField } from "../controls/number-field";
import { row } from "../controls/row";
import { slider } from "../controls/slider";
import { formatCount } from "../numbers/format";
import type { Choices, Request } from "../protocol";
import type { Store } from "../store";
import { isPlane } from "../words/directions";
import { CELLS, samplesGround } from "../words/grounds";
import { shareText } from "../words/interpolation";
import { sizeText } from "../words/progress";
import { createStop } from "./stop";

export function createMeasure(store: Store, signal: AbortSignal): HTMLElement {
  return element(
    "div",
    { class: "lw-group" },
    cells(store, signal),
    createStop(store, signal),
    samples(store, signal),
    batchNorm(store, signal),
  );
}

/** "51×51, stops at 1 %, all samples" */
export function measureSummary(request: Request, choices: Choices): string {
  const [columns, rows] = request.resolution;
  const size = sizeText([columns, isPlane(request) ? rows : 1]);
  const used = request.samples < choices.size ? formatCount(request.samples) : "all";
  const { tolerance } = request;
  const stop = tolerance === null ? "" : `, stops at ${shareText(tolerance)}`;
  return `${size}${stop}, ${used} samples`;
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
    times.hidden = !isPlane(store.request.value);
    down.hidden = !isPlane(store.request.value);
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
      words: { all: size },
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
