// Along which directions do we look? One row an axis; without the second it is a line.

import { bind, refusalOf } from "../controls/binding";
import { button } from "../controls/button";
import { element, watch } from "../controls/element";
import { numberField } from "../controls/number-field";
import { refusalNote, row } from "../controls/row";
import { select } from "../controls/select";
import { formatCount } from "../numbers/format";
import type { Request } from "../protocol";
import type { Store } from "../store";
import {
  isTaken,
  newSeed,
  optionOf,
  withDirection,
  withLine,
  withPlane,
  withSeed,
} from "../words/directions";

const NONE = { key: "none", label: "none: a line", hint: "Along axis 1 alone, drawn as a line." };

export function createAxes(store: Store, signal: AbortSignal): HTMLElement {
  const rows = [axisRow(store, 0, signal), axisRow(store, 1, signal)];
  const refusal = refusalNote(refusalOf(store, "directions"), signal);
  return element("div", { class: "lw-axes" }, ...rows, refusal);
}

function axisRow(store: Store, axis: number, signal: AbortSignal): HTMLElement {
  const choices = store.choices.peek();
  const name = `axis ${axis + 1}`;
  const choiceIn = (request: Request) => request.directions[axis] ?? { key: NONE.key, seed: 0 };
  const key = bind<string>(
    store,
    ["directions", "x", "y"],
    (request) => choiceIn(request).key,
    (value) => changed(value, axis, store),
  );
  const seed = bind(
    store,
    ["directions"],
    (request) => choiceIn(request).seed,
    (value: number) => withSeed(store.request.peek(), axis, value),
  );
  const list = select(
    {
      label: `direction of ${name}`,
      options: axis === 0 ? choices.directions : [...choices.directions, NONE],
      binding: key,
      disabled: (option) => isTaken(store.request.value, choices, axis, option),
    },
    signal,
  );
  const field = numberField(
    {
      label: `seed of ${name}`,
      binding: seed,
      text: (value) => formatCount(value),
      step: 1,
      characters: 3,
    },
    signal,
  );
  const draw = button(
    {
      label: `new draw for ${name}`,
      icon: "draw",
      hint: "Draw another random direction. Undo brings this one back.",
      press: () => seed.change(newSeed(store.request.peek().directions)),
    },
    signal,
  );
  const drawn = element(
    "span",
    { class: "lw-seed" },
    element("span", { class: "lw-word" }, "seed"),
    field,
    draw,
  );
  watch(signal, () => {
    drawn.hidden = !optionOf(choices, key.value.value)?.seeded;
  });
  return row({ label: name }, signal, list, drawn);
}

/** The second axis can be left out, which makes a line of the plane, and be taken up again. */
function changed(key: string, axis: number, store: Store): Partial<Request> {
  const [request, choices] = [store.request.peek(), store.choices.peek()];
  if (key === NONE.key) return withLine(request);
  if (axis === request.directions.length) return withPlane(request, choices, key);
  return withDirection(request, choices, axis, key);
}
