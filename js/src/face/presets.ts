// Which pictures of the paper, or of a trajectory, can be had at once? One step of undo each.

import { menu } from "../controls/menu";
import { allowed } from "../lesson/controls";
import type { Request } from "../protocol";
import type { Store } from "../store";
import { same } from "../store/same";
import { defined } from "../words/definitions";
import { AUTOMATIC, changesOf } from "../words/presets";

export function createPresets(store: Store, signal: AbortSignal): HTMLElement {
  const { presets } = store.choices.peek();
  const isFree = (changes: Partial<Request>) =>
    same(allowed(changes, store.request.value.locked), changes);
  const node = menu(
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
  node.hidden = presets.length === 0;
  return node;
}
