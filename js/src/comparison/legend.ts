// Which line is what, for all charts at once?

import { element, watch } from "../controls/element";
import type { LegendEntry } from "./dress";

export function createLegend(
  entries: () => readonly LegendEntry[],
  signal: AbortSignal,
): HTMLElement {
  const node = element("div", { class: "lw-legend" });
  watch(signal, () => {
    const shown = entries();
    node.hidden = shown.length === 0;
    node.replaceChildren(...shown.map(entryNode));
  });
  return node;
}

function entryNode({ name, color, isDashed, isBand }: LegendEntry): HTMLElement {
  const sample = element("span", { class: "lw-legend-sample" });
  if (isBand) sample.style.background = color;
  else sample.style.borderTop = `2px ${isDashed ? "dashed" : "solid"} ${color}`;
  sample.classList.toggle("lw-legend-band", isBand);
  return element("span", { class: "lw-legend-entry" }, sample, name);
}
