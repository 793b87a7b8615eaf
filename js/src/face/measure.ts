// How is it measured? Cells, where to stop, samples, and what becomes of BatchNorm.

import { computed } from "@preact/signals-core";
import { bind, part } from "../controls/binding";
import { element, watch } from "../controls/element";
import { numberField } from "../controls/number-field";
import { row } from "../controls/row";
import { slider } from "../controls/slider";
import { formatCount } from "../numbers/format";
import type { Choices, Request } from "../protocol";
import type { Store } from "../store";
import { modeText } from "../words/batch-norm";
import { sizeText } from "../words/counts";
import { defined } from "../words/definitions";
import { isPlane } from "../words/directions";
import { CELLS, samplesGround } from "../words/grounds";
import { shareText } from "../words/interpolation";
import { createBatchNorm } from "./batch-norm";
import { createStop } from "./stop";

export function createMeasure(store: Store, signal: AbortSignal): HTMLElement {
  return element(
    "div",
    { class: "lw-group" },
    cells(store, signal),
    createStop(store, signal),
    samples(store, signal),
    createBatchNorm(store, signal),
  );
}

/** "51×51, stops at 1 %, all samples" */
export function measureSummary(request: Request, choices: Choices): string {
  const [columns, rows] = request.resolution;
  const size = sizeText([columns, isPlane(request) ? rows : 1]);
  const used = request.samples < choices.size ? formatCount(request.samples) : "all";
  const samples = choices.size > 0 ? `, ${used} samples` : "";
  const { tolerance } = request;
  const stop = tolerance === null ? "" : `, stops at ${shareText(tolerance)}`;
  const batchNorm = request.batch_norm ? `, BatchNorm ${modeText(request.batch_norm)}` : "";
  return `${size}${stop}${samples}${batchNorm}`;
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
  const about = { label: "cells", ...defined("resolution"), refusal: one.refusal };
  return row(about, signal, along, times, down);
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
  const about = { label: "samples", ...defined("samples"), refusal: binding.refusal };
  return row(about, signal, control);
}

function samplesText(samples: number, size: number): string {
  if (size === 0) return "unknown";
  return samples >= size ? `all ${formatCount(size)}` : formatCount(samples);
}
