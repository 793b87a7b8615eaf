// What does anywidget call? `initialize` once a model, synchronous and cheap; `render` once an output cell.

import type { InitializeProps, RenderProps } from "@anywidget/types";
import { effect } from "@preact/signals-core";
import { createFace } from "./face/face";
import { openSession, type Session, type Traits } from "./kernel/sync";
import { createPicture } from "./picture/picture";
import type { Plotly } from "./plotly";

/** What the library widget exports. */
interface Library {
  load(): Promise<Plotly>;
}

/** One call a model, so the views of a model share what this closure holds. */
export default function landscape() {
  let session: Session | null = null;
  return {
    initialize({ model, signal }: InitializeProps<Traits>): void {
      session = openSession(model, signal);
    },
    render({ el, host, signal }: RenderProps<Traits>): void {
      if (session) show(session, el, host, signal);
    },
  };
}

function show(
  { store, acknowledgements, library }: Session,
  el: HTMLElement,
  host: RenderProps["host"],
  signal: AbortSignal,
): void {
  const load = async () => (await host.getWidget<Library>(library)).exports.load();
  const face = createFace(store, signal);
  el.append(face.root);
  acknowledgements.enter({ isVisible: () => isVisible(el) }, signal);
  const picture = createPicture(face.picture, store, load, signal, acknowledgements.drawn);
  const stop = effect(() => {
    face.problem.value = picture.failed.value;
  });
  signal.addEventListener("abort", stop, { once: true });
}

function isVisible(el: HTMLElement): boolean {
  return !document.hidden && el.checkVisibility();
}
