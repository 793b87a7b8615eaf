// Which pictures of the paper, or of a trajectory, can be had at once? One step of undo each.

import { element, watch } from "../controls/element";
import { menu } from "../controls/menu";
import { allowed } from "../lesson/controls";
import type { Preset, Request } from "../protocol";
import type { Store } from "../store";
import { same } from "../store/same";
import { defined } from "../words/definitions";
import { AUTOMATIC, changesOf } from "../words/presets";

/** Python may offer more of them at any time. */
export function createPresets(store: Store, signal: AbortSignal): HTMLElement {
  const node = element("span", {});
  let life = new AbortController();
  watch(signal, () => {
    const { presets } = store.choices.value;
    life.abort();
    life = new AbortController();
    const list = listed(store, presets, AbortSignal.any([signal, life.signal]));
    node.hidden = list.hidden = presets.length === 0;
    node.replaceChildren(list);
  });
  return node;
}

function listed(store: Store, presets: readonly Preset[], signal: AbortSignal): HTMLElement {
  const isFree = (changes: Partial<Request>) =>
    same(allowed(changes, store.request.value.locked), changes);
  return menu(
    { label: "presets", icon: "presets", ...defined("presets") },
    [
      {
        label: "automatic",
        hint: "Scale, levels and limits as the values suggest.",
        enabled: () => isFree(AUTOMATIC),
        press: () => store.change(AUTOMATIC),
      },
      ...presets.map((preset) => ({
        label: preset.label,
        hint: preset.hint,
        enabled: () => isFree(changesOf(preset, store.request.value)),
        press: () => {
          if (preset.fits) store.act({ kind: "preset", key: preset.key });
          else store.change(changesOf(preset, store.request.peek()));
        },
      })),
    ],
    signal,
  );
}
