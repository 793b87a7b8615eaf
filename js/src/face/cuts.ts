// How does the surface run through the point that is read, along each axis? Two small charts below a plane.

import { computed, type ReadonlySignal } from "@preact/signals-core";
import { element, explain, set, watch } from "../controls/element";
import { thumb } from "../controls/thumb";
import { kindOf } from "../figure";
import { type Cut, crossingAt, cutsOf } from "../figure/cuts";
import { createScene, type Scene } from "../figure/scene";
import { asDrawn } from "../figure/wanted";
import { nearestIndex } from "../lattice";
import { formatNumber } from "../numbers/format";
import { LIGHT } from "../picture/theme";
import type { Range, Request } from "../protocol";
import type { Pointed, Store } from "../store";
import { same } from "../store/same";
import { read } from "../surface";
import { defined } from "../words/definitions";
import type { Frame } from "../words/outlines";
import { profileOf } from "../words/profile";
import { svg } from "./svg";

const FRAME: Frame = { width: 400, height: 100 };
const HINT =
  "The same values on the same scale as in the picture, along one axis through the point that is read. Lighter where interpolated; around it one standard error. Point at it to move the cross, click to keep it.";

/** The charts and the picture show the same point. */
export interface Cross {
  readonly scene: Scene;
  readonly cuts: readonly [Cut, Cut];
  readonly coordinates: readonly [number, number];
}

export function createCuts(store: Store, signal: AbortSignal): HTMLElement {
  const cross = crossOf(store);
  const node = element(
    "div",
    { class: "lw-cuts", "data-control": "cuts marked" },
    chart(store, cross, 0, signal),
    chart(store, cross, 1, signal),
  );
  watch(signal, () => {
    node.hidden = cross.value === null;
  });
  return node;
}

/** Null while no cuts are asked for, or there is nothing to cut. */
function crossOf(store: Store): ReadonlySignal<Cross | null> {
  let last: Request | null = null;
  const view = computed<Request | null>(() => {
    const { request, surface } = store;
    if (!request.value.cuts || kindOf(surface.value, request.value) === "line") return null;
    const next = { ...request.value, marked: null, camera: null };
    last = same(last, next) ? last : next;
    return last;
  });
  const scene = computed(() => {
    const surface = store.surface.value;
    if (surface === null || view.value === null) return null;
    const request = asDrawn(surface, view.value);
    return createScene(surface, { request, theme: LIGHT, previous: false, barrier: null });
  });
  return computed(() => {
    if (scene.value === null) return null;
    const crossing = crossingAt(scene.value, store.reading.value?.coordinates ?? [0, 0]);
    if (crossing === null) return null;
    const { coordinates } = crossing;
    return { scene: scene.value, cuts: cutsOf(scene.value, crossing), coordinates };
  });
}

function chart(
  store: Store,
  cross: ReadonlySignal<Cross | null>,
  axis: 0 | 1,
  signal: AbortSignal,
): HTMLElement {
  const [own, other] = axis === 0 ? (["x", "y"] as const) : (["y", "x"] as const);
  const path = (name: string) => svg("path", { d: "", class: `lw-cut-${name}` });
  const [band, ground, measured, dots] = [
    path("band"),
    path("ground"),
    path("measured"),
    path("dots"),
  ];
  const drawing = svg(
    "svg",
    {
      viewBox: `0 0 ${FRAME.width} ${FRAME.height}`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    },
    ...[band, ground, measured, dots],
  );
  const placeOf = () => cross.value?.coordinates[axis] ?? 0;
  const window = (): Range => store.request.value[own];
  const hand = handOn(store, cross, axis);
  const knob = thumb(
    {
      label: `point on the cut along axis ${axis + 1}`,
      value: placeOf,
      bounds: window,
      step: () => stepAround(cross.value?.cuts[axis]),
      page: () => (window()[1] - window()[0]) / 10,
      text: () => textAt(cross.value, axis),
      move: hand.keep,
      release: () => {},
    },
    signal,
  );
  explain(knob, defined("marked").hint);
  const rule = element("div", { class: "lw-cut-rule" });
  const field = element("div", { class: "lw-cut-field" }, drawing, rule, knob);
  const [most, least] = [element("span"), element("span")];
  const ends = [element("span"), element("span")];
  const where = element("span", { class: "lw-quiet" });
  const title = element("figcaption", { tabindex: 0 }, `along axis ${axis + 1} `, where);
  listenTo(field, hand, signal);

  watch(signal, () => {
    const { scene, cuts, coordinates } = cross.value ?? {};
    if (!scene || !cuts || !coordinates) return;
    const profile = profileOf(FRAME, cuts[axis], window(), scene.heightRange);
    set(band, "d", profile.band);
    set(ground, "d", profile.ground);
    set(measured, "d", profile.measured);
    set(dots, "d", profile.dots);
    rule.hidden = knob.hidden = profile.here === null;
    const { across = 0, up = 0 } = profile.here ?? {};
    rule.style.left = knob.style.left = `${100 * across}%`;
    knob.style.setProperty("--lw-down", `${100 * (1 - up)}%`);
    const [low, high] = scene.heightRange.map(scene.scale.inverse);
    [most.textContent, least.textContent] = [formatNumber(high ?? 0), formatNumber(low ?? 0)];
    window().forEach((end, index) => {
      (ends[index] as HTMLElement).textContent = formatNumber(end);
    });
    where.textContent = `at ${other} = ${formatNumber(coordinates[1 - axis] as number)}`;
  });
  return element(
    "figure",
    { class: "lw-cut" },
    explain(title, HINT),
    element("div", { class: "lw-cut-heights lw-quiet" }, most, least),
    field,
    element("div", { class: "lw-ends" }, ...ends),
  );
}

/** What a hand on a cut does, at a coordinate along its axis. */
interface Hand {
  point(coordinate: number): void;
  leave(): void;
  keep(coordinate: number): void;
  /** 0 at the left end, 1 at the right. */
  coordinateAt(share: number): number;
}

function handOn(store: Store, cross: ReadonlySignal<Cross | null>, axis: 0 | 1): Hand {
  let own: Pointed | null = null;
  const cellAt = (coordinate: number) => {
    const cut = cross.peek()?.cuts[axis];
    return cut?.cells[nearestIndex(cut.places, coordinate)] ?? -1;
  };
  return {
    point(coordinate) {
      const surface = store.surface.peek();
      const cell = cellAt(coordinate);
      if (!surface || cell < 0) return;
      own = { map: surface.map, generation: surface.generation, cell, checkpoint: null };
      store.hovered.value = own;
    },
    leave() {
      if (own !== null && store.hovered.peek() === own) store.hovered.value = null;
      own = null;
    },
    keep(coordinate) {
      const surface = store.surface.peek();
      const cell = cellAt(coordinate);
      if (!surface || cell < 0) return;
      const [x = 0, y = 0] = read(surface, 0, cell).coordinates;
      store.change({ marked: [x, y] });
    },
    coordinateAt(share) {
      const [low, high] = store.request.peek()[axis === 0 ? "x" : "y"];
      return low + share * (high - low);
    },
  };
}

function listenTo(field: HTMLElement, hand: Hand, signal: AbortSignal): void {
  const at = ({ clientX }: MouseEvent) => {
    const { left, width } = field.getBoundingClientRect();
    return hand.coordinateAt((clientX - left) / Math.max(1, width));
  };
  field.addEventListener("pointermove", (event) => hand.point(at(event)), { signal });
  field.addEventListener("pointerleave", hand.leave, { signal });
  field.addEventListener("click", (event) => hand.keep(at(event)), { signal });
}

/** From one drawn cell to the next. */
function stepAround(cut: Cut | undefined): number {
  const [first = 0, second = 1] = cut?.places ?? [];
  return second - first;
}

/** "x 0.2: loss 0.31" */
function textAt(cross: Cross | null, axis: 0 | 1): string {
  if (cross === null) return "";
  const { scene, cuts } = cross;
  const { here, cells, places } = cuts[axis];
  const { value } = read(scene.surface, scene.metric, cells[here] ?? -1);
  const name = axis === 0 ? "x" : "y";
  return `${name} ${formatNumber(places[here] ?? 0)}: ${formatNumber(value, { significant: 4 })}`;
}
