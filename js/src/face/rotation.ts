// How far is the second axis turned, and towards which direction?

import { computed } from "@preact/signals-core";
import { bind } from "../controls/binding";
import { disclosure } from "../controls/disclosure";
import { element, watch } from "../controls/element";
import { row } from "../controls/row";
import { select } from "../controls/select";
import { type Ground, slider } from "../controls/slider";
import { formatAngle, formatNumber } from "../numbers/format";
import type { Request } from "../protocol";
import type { Store } from "../store";
import { defined } from "../words/definitions";
import { isPlane, NOWHERE, withThird } from "../words/directions";
import { createSeed } from "./seed";

const DEGREES: Ground = {
  range: [0, 90],
  step: 1,
  page: 10,
  forward: (value) => value,
  inverse: (place) => place,
  settle: Math.round,
};

/** Folded until somebody turns it; a line has nothing to turn. */
export function createRotation(store: Store, signal: AbortSignal): HTMLElement {
  const choices = store.choices.peek();
  const third = bind<string>(
    store,
    ["third"],
    (request) => request.third?.key ?? NOWHERE.key,
    (key) => withThird(store.request.peek(), choices, key),
  );
  const list = select(
    { label: "third direction", options: [NOWHERE, ...choices.directions], binding: third },
    signal,
  );
  const seed = createSeed(
    store,
    {
      name: "the third direction",
      trait: "third",
      read: (request) => request.third,
      write: ({ third }, value) => (third ? { third: { ...third, seed: value } } : {}),
    },
    signal,
  );
  const rotation = bind<number>(
    store,
    ["rotation"],
    (request) => request.rotation,
    (value) => ({ rotation: value }),
  );
  const turn = row(
    {
      label: "degrees",
      ...defined("rotation"),
      refusal: rotation.refusal,
    },
    signal,
    slider(
      {
        label: "rotation of axis 2",
        binding: rotation,
        ground: computed(() => DEGREES),
        text: formatNumber,
        characters: 4,
      },
      signal,
    ),
  );
  const body = element(
    "div",
    { class: "lw-group" },
    row({ label: "towards", ...defined("third"), refusal: third.refusal }, signal, list, seed),
    turn,
  );
  const summary = () => rotationText(store.request.value, choices.directions);
  const node = disclosure({ title: "turn axis 2", ...defined("third"), summary }, body, signal);
  node.classList.add("lw-inner");
  watch(signal, () => {
    node.hidden = !isPlane(store.request.value);
    turn.hidden = store.request.value.third === null;
  });
  return node;
}

/** "30° towards gradient"; empty while it isn't turned. */
export function rotationText(
  { third, rotation }: Request,
  directions: readonly { readonly key: string; readonly label: string }[],
): string {
  if (third === null || rotation === 0) return "";
  const label = directions.find(({ key }) => key === third.key)?.label ?? third.key;
  return `${formatAngle(rotation)} towards ${label}`;
}
