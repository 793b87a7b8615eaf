// How does a saved page show its landscape? The notebook's own face, on a model that has no kernel.

import { openSession } from "./kernel/sync";
import { type Saved, standIn } from "./page/stand-in";
import { withoutKernel } from "./page/without-kernel";
import type { Renderers } from "./picture/renderer";
import type plotlyLibrary from "./plotly-library";
import { show } from "./widget";

const signal = new AbortController().signal;
const saved = JSON.parse(contentOf("landscape")) as Saved;
const { store, acknowledgements } = openSession(standIn(saved), signal);
show({ store: withoutKernel(store), acknowledgements }, document.body, load, signal);

/** The page carries the library's source as text, since a file has no address to import another from. */
async function load(): Promise<Renderers> {
  const source = new Blob([contentOf("plotly")], { type: "text/javascript" });
  const address = URL.createObjectURL(source);
  const { default: library }: { default: typeof plotlyLibrary } = await import(address);
  URL.revokeObjectURL(address);
  return library.initialize().load();
}

function contentOf(id: string): string {
  return document.getElementById(id)?.textContent ?? "";
}
