// Is one axis normalized in a way of its own? Only where there are two to tell apart, or one already is.

import { bind } from "../controls/binding";
import type { Option } from "../controls/choice";
import { element, watch } from "../controls/element";
import { select } from "../controls/select";
import type { Store } from "../store";
import { isPlane, optionOf, withNormalization } from "../words/directions";

const SHARED: Option<string> = {
  key: "as below",
  label: "as below",
  hint: "Normalized like every random direction of the picture.",
};

export function createOwnNormalization(
  store: Store,
  axis: number,
  signal: AbortSignal,
): HTMLElement {
  const choices = store.choices.peek();
  const binding = bind<string>(
    store,
    ["directions"],
    ({ directions }) => directions[axis]?.normalization ?? SHARED.key,
    (key) => withNormalization(store.request.peek(), axis, key === SHARED.key ? null : key),
  );
  const list = select(
    {
      label: `normalization of axis ${axis + 1}`,
      options: [SHARED, ...choices.normalizations],
      binding,
    },
    signal,
  );
  const node = element(
    "div",
    { class: "lw-own" },
    element("span", { class: "lw-word" }, "normalized"),
    list,
  );
  watch(signal, () => {
    const request = store.request.value;
    const choice = request.directions[axis];
    const isAlone = !isPlane(request) && !choice?.normalization;
    node.hidden = isAlone || !optionOf(choices, choice?.key)?.seeded;
  });
  return node;
}
