// How does a saved page show its landscape? The notebook's own face, on a model that has no kernel.

import { openSession } from "./kernel/sync";
import { type Saved, standIn } from "./page/stand-in";
import { withoutKernel } from "./page/without-kernel";
import { loadRenderers } from "./renderers";
import { show } from "./widget";

/** Show what was saved in a node, for as long as the page lives. */
export function openPage(saved: Saved, node: HTMLElement): void {
  const signal = new AbortController().signal;
  const { store, acknowledgements } = openSession(standIn(saved), signal);
  show({ store: withoutKernel(store), acknowledgements }, node, loadRenderers, signal);
}
