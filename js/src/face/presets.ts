// Which pictures of the paper, or of a trajectory, can be had at once? One step of undo each.

import { menu } from "../controls/menu";
import type { Store } from "../store";
import { defined } from "../words/definitions";
import { AUTOMATIC, changesOf } from "../words/presets";

export function createPresets(store: Store, signal: AbortSignal): HTMLElement {
  const { presets } = store.choices.peek();
  const node = menu(
    { label: "presets", icon: "presets", ...defined("presets") },
    [
      {
        label: "automatic",
        hint: "Scale, levels and limits as the values suggest.",
        press: () => store.change(AUTOMATIC),
      },
      ...presets.map((preset) => ({
        label: preset.label,
        hint: preset.hint,
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
