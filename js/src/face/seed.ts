// Which draw of a random direction is it? Its seed and a new draw; not there for a direction without one.

import { bind } from "../controls/binding";
import { button } from "../controls/button";
import { element, explainAll, watch } from "../controls/element";
import { numberField } from "../controls/number-field";
import { formatCount } from "../numbers/format";
import type { DirectionChoice, Request } from "../protocol";
import type { Store } from "../store";
import { defined } from "../words/definitions";
import { newSeed, optionOf } from "../words/directions";

export interface Seeded {
  /** Whose seed it is, in words. */
  readonly name: string;
  readonly trait: "directions" | "third";
  read(request: Request): DirectionChoice | null;
  write(request: Request, seed: number): Partial<Request>;
}

export function createSeed(store: Store, of: Seeded, signal: AbortSignal): HTMLElement {
  const choices = store.choices.peek();
  const binding = bind(
    store,
    [of.trait],
    (request) => of.read(request)?.seed ?? 0,
    (value: number) => of.write(store.request.peek(), value),
  );
  const field = numberField(
    {
      label: `seed of ${of.name}`,
      binding,
      text: (value) => formatCount(value),
      step: 1,
      characters: 3,
    },
    signal,
  );
  const draw = button(
    {
      label: `new draw for ${of.name}`,
      icon: "draw",
      hint: "Draw another random direction. Undo brings this one back.",
      press: () => binding.change(newSeed(store.request.peek())),
    },
    signal,
  );
  const { control, hint } = defined("seed");
  const word = element("span", { class: "lw-word" }, "seed");
  const node = element("span", { class: "lw-seed", "data-control": control }, word, field, draw);
  explainAll(node, hint);
  watch(signal, () => {
    node.hidden = !optionOf(choices, of.read(store.request.value)?.key)?.seeded;
  });
  return node;
}
