// How does one member look among the others? Its title, its picture, and what is to be said of it alone.

import { signal as cell, computed, effect, type ReadonlySignal } from "@preact/signals-core";
import { button } from "../controls/button";
import { element, explain, set, watch } from "../controls/element";
import { createWaiting } from "../face/waiting";
import { kindOf } from "../figure";
import { shapeOf } from "../figure/plane";
import { formatError, formatNumber } from "../numbers/format";
import type { Subject } from "../picture/easel";
import { createPicture, type Picture } from "../picture/picture";
import type { Renderers } from "../picture/renderer";
import { finalCells, type Reading } from "../surface";
import { alternativeText } from "../words/alternative";
import { situationOf } from "../words/situation";
import { stateOf } from "../words/states";
import { progressShare } from "../words/status-text";
import type { Linked } from "./links";
import type { Member } from "./members";
import { momentText } from "./moments";
import { sharesOf } from "./titles";

export interface Surroundings extends Pick<Subject, "dress" | "pictures"> {
  /** Each picture has titles of its own at its axes. */
  readonly areTitled: ReadonlySignal<boolean>;
}

export interface Tile {
  readonly node: HTMLElement;
  readonly picture: Picture;
  /** Where keys and the pointer act. */
  readonly stage: HTMLElement;
}

export function createTile(
  linked: Linked,
  load: () => Promise<Renderers>,
  { dress, pictures, areTitled }: Surroundings,
  signal: AbortSignal,
): Tile {
  const { store, member } = linked;
  const problem = cell<string | null>(null);
  const situation = situationOf(store, problem);
  const state = computed(() => stateOf(situation.value));
  const words = [member.title, member.about].filter(Boolean).join(" · ");
  const reading = element("output", { class: "lw-tile-reading" });
  const stage = element("div", { class: "lw-picture", tabindex: 0, role: "application" });
  const sentence = element("span", { class: "lw-tile-sentence", role: "alert" });
  const again = button(
    {
      label: "try again",
      hint: "Ask the kernel for this one once more.",
      press: () => member.session.store.act({ kind: "retry" }),
    },
    signal,
  );
  const shares = element("p", { class: "lw-tile-shares lw-quiet" });
  const foot = element("footer", { class: "lw-tile-foot" }, sentence, again);
  const bar = element("div", { class: "lw-progress-bar" });
  const node = element(
    "section",
    { class: "lw-tile", "aria-label": words },
    element("header", { class: "lw-tile-head" }, titleOf(member), reading),
    element("div", { class: "lw-tile-ground" }, stage, createWaiting(store, signal)),
    element("div", { class: "lw-progress" }, bar),
    shares,
    foot,
  );
  const { acknowledgements } = member.session;
  acknowledgements.enter({ isVisible: () => !document.hidden && node.checkVisibility() }, signal);
  const picture = createPicture(stage, store, load, signal, acknowledgements.drawn, {
    dress,
    pictures,
    isBare: true,
    moving: linked.moving,
  });
  signal.addEventListener(
    "abort",
    effect(() => {
      problem.value = picture.failed.value;
    }),
    { once: true },
  );
  follow(linked, node, picture, signal);

  watch(signal, () => {
    const { name, picture: look } = state.value;
    const failed = name === "failed";
    sentence.textContent = failed ? state.value.sentence : "";
    foot.hidden = !failed;
    bar.style.width = `${Math.round(100 * progressShare(store.status.value))}%`;
    set(node, "data-state", name);
    set(node, "data-picture", look);
  });
  watch(signal, () => {
    const surface = store.surface.value;
    node.style.setProperty(
      "--lw-shape",
      String(Math.max(1, shapeOf(surface, store.request.value))),
    );
    set(node, "data-phase", store.status.value.phase);
    set(node, "data-kind", kindOf(surface, store.request.value));
    set(node, "data-level", surface?.level ?? -1);
    set(node, "data-known", surface ? finalCells(surface) : 0);
    set(stage, "aria-label", `${member.title}: ${alternativeText(surface, store.request.value)}`);
  });
  watch(signal, () => {
    shares.textContent = areTitled.value ? "" : sharesOf(linked);
    shares.hidden = shares.textContent === "";
  });
  watch(signal, () => {
    const { name, badge } = state.value;
    const there = linked.reading.value;
    const quiet = ORDINARY.includes(name) ? momentText(linked) : (badge ?? "");
    reading.textContent = there ? readingText(there) : quiet;
    reading.classList.toggle("lw-quiet", there === null);
  });
  return { node, picture, stage };
}

/** In a matrix the names of row and column say which it is. */
function titleOf({ title, about, cell: place }: Member): HTMLElement {
  const node = element(
    "h4",
    { class: "lw-tile-title", tabindex: 0 },
    place ? "" : title,
    element("span", { class: "lw-quiet" }, place ? about : about && ` ${about}`),
  );
  return explain(node, [title, about].filter(Boolean).join(" · "));
}

/** "0.412 ± 0.003" */
export function readingText({ value, standardError, known }: Reading): string {
  const number = formatNumber(value, { significant: 4 });
  if (known === "unknown") return "not measured yet";
  if (known === "failed") return "failed";
  if (known === "interpolated") return `≈ ${number}`;
  if (known === "unconverged") return `${number}, not converged`;
  return standardError > 0 ? `${number} ${formatError(standardError)}` : number;
}

/** What is so for all is said once, under all pictures. */
const ORDINARY = ["done", "settled", "paused", "stopped", "saved", "disconnected", "busy"];

/** The cross stands in every picture; the one a hand is on draws its own. */
function follow(linked: Linked, node: HTMLElement, picture: Picture, signal: AbortSignal): void {
  node.addEventListener("pointerenter", linked.enter, { signal });
  node.addEventListener("pointerleave", linked.leave, { signal });
  watch(signal, () => {
    const place = linked.pointedElsewhere.value;
    if (place || !linked.store.hovered.value) picture.point(place);
  });
}
