// What does anywidget call? `initialize` once a model, synchronous and cheap; `render` once an output cell.

import type { InitializeProps, RenderProps } from "@anywidget/types";
import { effect } from "@preact/signals-core";
import { createFace } from "./face/face";
import { hidePhotograph } from "./face/photograph";
import { emptyAtEnd } from "./face/root";
import { openSession, type Session, type Traits } from "./kernel/sync";
import { createPicture } from "./picture/picture";
import type { Renderers } from "./picture/renderer";

/** What the library widget exports. */
interface Library {
  load(): Promise<Renderers>;
}

/** One call a model, so the views of a model share what this closure holds. */
export default function landscape() {
  let session: Session | null = null;
  return {
    initialize({ model, signal }: InitializeProps<Traits>): void {
      session = openSession(model, signal);
    },
    render({ el, host, signal }: RenderProps<Traits>): void {
      if (!session) return;
      const { library, inscription, photographed } = session;
      const load = async () => (await host.getWidget<Library>(library)).exports.load();
      show(session, el, load, signal);
      photographed(hidePhotograph(el, inscription));
    },
  };
}

/** Put one view of a session into a node; it lives until the signal aborts. */
export function show(
  { store, acknowledgements }: Pick<Session, "store" | "acknowledgements">,
  el: HTMLElement,
  load: () => Promise<Renderers>,
  signal: AbortSignal,
): void {
  const face = createFace(store, signal);
  el.append(face.root);
  acknowledgements.enter({ isVisible: () => isVisible(el) }, signal);
  const picture = createPicture(face.picture, store, load, signal, acknowledgements.drawn);
  face.printer.value = picture.printer;
  const stop = effect(() => {
    face.problem.value = picture.failed.value;
  });
  signal.addEventListener("abort", stop, { once: true });
  emptyAtEnd(el, signal);
}

function isVisible(el: HTMLElement): boolean {
  return !document.hidden && el.checkVisibility();
}
