// How much ground do we look at: linked or not, half or twice, or as far as the loss rises?

import { signal as cell, computed } from "@preact/signals-core";
import { refusalOf } from "../controls/binding";
import { button } from "../controls/button";
import { element, watch } from "../controls/element";
import { refusalNote } from "../controls/row";
import { select } from "../controls/select";
import { zoomed } from "../numbers/ranges";
import type { Store } from "../store";
import { defined } from "../words/definitions";
import { isPlane } from "../words/directions";

const FACTORS = ["2", "10", "100"] as const;
type Factor = (typeof FACTORS)[number];

export function createZoom(store: Store, signal: AbortSignal): HTMLElement {
  const zoom = (factor: number) => {
    const { x, y } = store.request.peek();
    store.change({ x: zoomed(x, factor), y: zoomed(y, factor) });
  };
  const zooming = defined("zoom");
  const linked = button(
    {
      label: "link x and y",
      icon: "linked",
      ...defined("linked"),
      pressed: () => store.request.value.linked,
      press: () => store.change({ linked: !store.request.peek().linked }),
    },
    signal,
  );
  const out = button(
    {
      label: "zoom out",
      icon: "minus",
      control: zooming.control,
      hint: "Twice as wide; cells are kept.",
      press: () => zoom(2),
    },
    signal,
  );
  const into = button(
    {
      label: "zoom in",
      icon: "plus",
      control: zooming.control,
      hint: "Half as wide; cells are kept.",
      press: () => zoom(0.5),
    },
    signal,
  );
  watch(signal, () => {
    linked.hidden = !isPlane(store.request.value);
  });
  const refusal = refusalOf(store, "auto_range");
  const hasPath = store.choices.peek().has_trajectory;
  return element(
    "div",
    { class: `lw-row lw-zoom${hasPath ? " lw-crowded" : ""}` },
    element("span", { class: "lw-label" }, "zoom"),
    element(
      "div",
      { class: "lw-controls" },
      element("span", { class: "lw-pair" }, out, into),
      element("span", { class: "lw-auto" }, ...auto(store, signal)),
      ...(hasPath ? [pathButton(store, signal)] : []),
      linked,
    ),
    refusalNote(refusal, signal),
  );
}

function pathButton(store: Store, signal: AbortSignal): HTMLElement {
  return button(
    {
      label: "fit the path",
      icon: "path",
      ...defined("fit_path"),
      press: () => store.act({ kind: "fit_path" }),
    },
    signal,
  );
}

function auto(store: Store, signal: AbortSignal): readonly HTMLElement[] {
  const factor = cell<Factor>("10");
  const list = select(
    {
      label: "factor for auto range",
      control: defined("auto_range").control,
      hint: "How many times its value here the loss has to rise to.",
      options: FACTORS.map((key) => ({ key, label: `${key}×` })),
      binding: {
        value: factor,
        refusal: computed(() => null),
        change: (value) => (factor.value = value),
        preview: (value) => (factor.value = value),
        hold: () => () => {},
        refuse: () => {},
      },
    },
    signal,
  );
  const run = button(
    {
      label: "auto",
      ...defined("auto_range"),
      press: () => store.act({ kind: "auto_range", factor: Number(factor.peek()) }),
    },
    signal,
  );
  return [run, list];
}
