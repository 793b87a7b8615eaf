// Where may a surface be looked at from? A short menu, for what stands in space only.

import { watch } from "../controls/element";
import { menu } from "../controls/menu";
import { kindOf } from "../figure";
import type { CameraCommand, CameraPreset } from "../picture/camera";
import type { Store } from "../store";
import { defined } from "../words/definitions";

const VIEWS: Readonly<Record<CameraPreset, string>> = {
  reset: "the first view (0)",
  top: "from above (1)",
  first: "along axis 1 (2)",
  second: "along axis 2 (3)",
};

export function createCameras(
  store: Store,
  look: (preset: CameraPreset) => void,
  signal: AbortSignal,
): HTMLElement {
  const items = (Object.keys(VIEWS) as CameraPreset[]).map((preset) => ({
    label: VIEWS[preset],
    ...defined("camera"),
    press: () => look(preset),
  }));
  const node = menu({ label: "look from", icon: "view", ...defined("camera") }, items, signal);
  watch(signal, () => {
    node.hidden = kindOf(store.surface.value, store.request.value) !== "surface";
  });
  return node;
}

/** Tell a picture where to be looked at from. */
export function looker(picture: HTMLElement): (command: CameraCommand) => void {
  return (command) =>
    picture.dispatchEvent(new CustomEvent("landscape:camera", { detail: { command } }));
}
