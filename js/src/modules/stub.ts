// How is a widget up within two seconds on any machine? Its own module is these few lines; the library has the rest.

import type { InitializeProps, RenderProps } from "@anywidget/types";
import type { ComparisonTraits } from "../comparison/traits";
import type { Traits } from "../kernel/sync";

/** What the library makes, one a model. */
export interface Inner<Props> {
  initialize(props: InitializeProps<never>): void;
  render(props: Props): void | Promise<void>;
}

type Name = "landscape" | "comparison";
type Props = RenderProps<Traits> | RenderProps<ComparisonTraits>;
type Library = Readonly<Record<Name, () => Inner<never>>>;

/** anywidget waits ten seconds for a widget; a busy machine may need more for the first. */
const ATTEMPTS = 6;

/**
 * A model that isn't up two seconds after it was made never hears from its kernel again: anywidget drops what comes. Many
 * at once, each with the whole face to evaluate, took longer. The session says hello, so what came before is told again.
 */
export function stub(name: Name) {
  let model: InitializeProps["model"];
  let life: AbortSignal;
  let inner: Inner<Props> | null = null;
  return {
    initialize(props: InitializeProps): void {
      [model, life] = [props.model, props.signal];
    },
    async render(props: RenderProps): Promise<void> {
      const library = await reach(props);
      if (props.signal.aborted) return;
      if (!inner) {
        inner = library[name]() as Inner<Props>;
        inner.initialize({ model, signal: life } as InitializeProps<never>);
      }
      await inner.render(props as unknown as Props);
    },
  };
}

async function reach({ model, host, signal, el }: RenderProps): Promise<Library> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await host.getWidget<Library>(model.get("_library"))).exports;
    } catch (error) {
      if (attempt < ATTEMPTS && !signal.aborted) continue;
      el.textContent = `The landscape's library did not come (${error instanceof Error ? error.message : error}). Run the cell again.`;
      throw error;
    }
  }
}
