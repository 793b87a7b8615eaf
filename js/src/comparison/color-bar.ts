// Which colour is how much, for all pictures at once?

import { element, watch } from "../controls/element";
import type { Bar, Tick } from "./dress";

/** Labels nearer than this share of the bar would touch. */
const APART = 0.045;

export function createColorBar(bar: () => Bar | null, signal: AbortSignal): HTMLElement {
  const colors = element("div", { class: "lw-colorbar-colors" });
  const labels = element("div", { class: "lw-colorbar-labels" });
  const title = element("div", { class: "lw-colorbar-title" });
  const node = element("div", { class: "lw-colorbar", role: "img" }, colors, labels, title);
  watch(signal, () => {
    const shown = bar();
    node.hidden = shown === null;
    if (!shown) return;
    node.setAttribute("aria-label", alternative(shown));
    colors.style.setProperty("--lw-stops", stopsOf(shown));
    title.textContent = shown.title;
    labels.replaceChildren(
      ...thinned(shown.ticks).map(({ at, label }) =>
        element("span", { style: `--lw-at: ${(100 * at).toFixed(2)}%` }, label),
      ),
    );
  });
  return node;
}

/** As a gradient of CSS has them, which runs up or, in a narrow cell, to the right. */
export function stopsOf({ stops, isStepped }: Bar): string {
  const percent = (share: number) => `${(100 * share).toFixed(2)}%`;
  const marks = isStepped
    ? stops.map(([, color], index) => {
        const [from, to] = [index / stops.length, (index + 1) / stops.length];
        return `${color} ${percent(from)} ${percent(to)}`;
      })
    : stops.map(([share, color]) => `${color} ${percent(share)}`);
  return marks.join(", ");
}

/** Every label that keeps its distance from the one before. */
export function thinned(ticks: readonly Tick[]): readonly Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks) {
    if (tick.label !== "" && tick.at - (kept.at(-1)?.at ?? -1) >= APART) kept.push(tick);
  }
  return kept;
}

function alternative({ title, ticks }: Bar): string {
  const [first, last] = [ticks[0]?.label, ticks.at(-1)?.label];
  return first === undefined ? title : `colours: ${title}, ${first} to ${last}`;
}
