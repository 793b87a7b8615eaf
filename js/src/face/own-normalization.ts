// Is an axis normalized in a way of its own? Folded, and only where there are two random ones to tell apart.

import { bind } from "../controls/binding";
import type { Option } from "../controls/choice";
import { disclosure } from "../controls/disclosure";
import { element, watch } from "../controls/element";
import { row } from "../controls/row";
import { select } from "../controls/select";
import type { Store } from "../store";
import { defined } from "../words/definitions";
import { isPlane, optionOf, withNormalization } from "../words/directions";

const SHARED: Option<string> = {
  key: "as above",
  label: "as above",
  hint: "Normalized like every random direction of the picture.",
};

export function createOwnNormalization(store: Store, signal: AbortSignal): HTMLElement {
  const rows = [0, 1].map((axis) => ownRow(store, axis, signal));
  const summary = () =>
    store.request.value.directions
      .flatMap(({ normalization }, axis) =>
        normalization ? [`axis ${axis + 1} ${normalization}`] : [],
      )
      .join(", ");
  const body = element("div", { class: "lw-group" }, ...rows);
  const node = disclosure(
    { title: "each axis its own", ...defined("normalization"), summary },
    body,
    signal,
  );
  node.classList.add("lw-inner");
  watch(signal, () => {
    const request = store.request.value;
    const choices = store.choices.peek();
    const random = request.directions.filter(({ key }) => optionOf(choices, key)?.seeded);
    const own = random.some(({ normalization }) => normalization);
    node.hidden = random.length === 0 || !(isPlane(request) || own);
  });
  return node;
}

function ownRow(store: Store, axis: number, signal: AbortSignal): HTMLElement {
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
  const node = row({ label: `axis ${axis + 1}`, ...defined("normalization") }, signal, list);
  watch(signal, () => {
    node.hidden = !optionOf(choices, store.request.value.directions[axis]?.key)?.seeded;
  });
  return node;
}
