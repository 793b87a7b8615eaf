// What does anywidget call for several landscapes? Their stores live in this one module, so that one signal moves all.

import type { AnyModel, Host, InitializeProps, RenderProps } from "@anywidget/types";
import { computed } from "@preact/signals-core";
import { createComparisonFace } from "./comparison/face";
import { joinMembers, type Member } from "./comparison/members";
import { type ComparisonTraits, traitOf } from "./comparison/traits";
import { hidePhotograph } from "./face/photograph";
import { emptyAtEnd } from "./face/root";
import { openSession, type Session, type Traits } from "./kernel/sync";
import type { Renderers } from "./picture/renderer";

interface Library {
  load(): Promise<Renderers>;
}

/** One call a model, so the views of a model share what this closure holds. */
export default function comparison() {
  let session: Session | null = null;
  let members: Promise<readonly Member[]> | null = null;
  let traits: ReturnType<typeof traitsOf> | null = null;
  return {
    initialize({ model, signal }: InitializeProps<ComparisonTraits>): void {
      session = openSession(model as unknown as AnyModel<Traits>, signal);
      members = joinMembers(model, signal);
      traits = traitsOf(model, signal);
    },
    async render({ el, host, signal }: RenderProps<ComparisonTraits>): Promise<void> {
      if (!session || !members || !traits) return;
      session.photographed(hidePhotograph(el, session.inscription));
      emptyAtEnd(el, signal);
      const load = loader(host, session.library);
      const joined = await members;
      // anywidget gives each widget two seconds to come up, which drawing the others may take.
      await Promise.allSettled(joined.map(({ ref }) => host.getWidget(ref)));
      const compared = { whole: session.store, members: joined, ...traits };
      if (!signal.aborted) el.append(createComparisonFace(compared, load, signal));
    },
  };
}

function traitsOf(model: AnyModel<ComparisonTraits>, stop: AbortSignal) {
  const [differences, insist] = [
    traitOf(model, "differences", stop),
    traitOf(model, "insist", stop),
  ];
  const table = traitOf(model, "table", stop);
  return {
    matrix: model.get("matrix"),
    columns: traitOf(model, "columns", stop),
    table: () => table.value,
    differences: () => differences.value,
    insists: () => insist.value,
    isShared: computed(() => differences.value.length === 0 || insist.value),
    insist(insists: boolean) {
      model.set("insist", insists);
      model.save_changes();
    },
  };
}

/** One plotly for all pictures of a view. */
function loader(host: Host, library: string): () => Promise<Renderers> {
  let loading: Promise<Renderers> | null = null;
  return () => {
    loading ??= host.getWidget<Library>(library).then(({ exports }) => exports.load());
    return loading;
  };
}
