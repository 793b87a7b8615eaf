// Along which directions do we look? One row an axis; without the second it is a line.

import { bind, refusalOf } from "../controls/binding";
import { element } from "../controls/element";
import { refusalNote, row } from "../controls/row";
import { select } from "../controls/select";
import type { Request } from "../protocol";
import type { Store } from "../store";
import { defined } from "../words/definitions";
import { isTaken, withDirection, withLine, withPlane, withSeed } from "../words/directions";
import { createRotation } from "./rotation";
import { createSeed } from "./seed";

const NONE = { key: "none", label: "none: a line", hint: "Along axis 1 alone, drawn as a line." };

export function createAxes(store: Store, signal: AbortSignal): HTMLElement {
  const refusal = refusalNote(refusalOf(store, "directions"), signal);
  return element(
    "div",
    { class: "lw-axes" },
    axisRow(store, 0, signal),
    axisRow(store, 1, signal),
    createRotation(store, signal),
    refusal,
  );
}

function axisRow(store: Store, axis: number, signal: AbortSignal): HTMLElement {
  const choices = store.choices.peek();
  const axes = defined("directions");
  const name = `axis ${axis + 1}`;
  const choiceIn = (request: Request) => request.directions[axis] ?? null;
  const key = bind<string>(
    store,
    ["directions", "x", "y"],
    (request) => choiceIn(request)?.key ?? NONE.key,
    (value) => changed(value, axis, store),
  );
  const list = select(
    {
      label: `direction of ${name}`,
      options: axis === 0 ? choices.directions : [...choices.directions, NONE],
      binding: key,
      hint: axes.hint,
      disabled: (option) => isTaken(store.request.value, choices, axis, option),
    },
    signal,
  );
  const seed = createSeed(
    store,
    {
      name,
      trait: "directions",
      read: choiceIn,
      write: (request, value) => withSeed(request, axis, value),
    },
    signal,
  );
  return row({ label: name, ...axes }, signal, list, seed);
}

/** The second axis can be left out, which makes a line of the plane, and be taken up again. */
function changed(key: string, axis: number, store: Store): Partial<Request> {
  const [request, choices] = [store.request.peek(), store.choices.peek()];
  if (key === NONE.key) return withLine(request);
  if (axis === request.directions.length) return withPlane(request, choices, key);
  return withDirection(request, choices, axis, key);
}
