// How is the widget laid out? Toolbar, picture, panel, status; nothing here knows plotly or anywidget.

import { signal as cell, computed, type Signal } from "@preact/signals-core";
import { button } from "../controls/button";
import { element, scopeOf, set, watch } from "../controls/element";
import { kindOf } from "../figure";
import type { Store } from "../store";
import { finalCells } from "../surface";
import { alternativeText } from "../words/alternative";
import { situationOf } from "../words/situation";
import { stateOf } from "../words/states";
import { copyText } from "./clipboard";
import { createHelp } from "./help";
import { createHints } from "./hints";
import { createKeyboard } from "./keyboard";
import { createMoments } from "./moments";
import { createPanel } from "./panel";
import { createPlayer } from "./player";
import { createReadout } from "./readout";
import { createStatusLine } from "./status-line";
import { createToolbar } from "./toolbar";
import { createTooltip } from "./tooltip";
import { createWaiting } from "./waiting";

export interface Face {
  readonly root: HTMLElement;
  readonly picture: HTMLElement;
  /** Why the picture is not the one asked for; the picture's owner sets it. */
  readonly problem: Signal<string | null>;
}

/** Build one view; it lives until `signal` aborts. */
export function createFace(store: Store, signal: AbortSignal): Face {
  const problem = cell<string | null>(null);
  const situation = situationOf(store, problem);
  const state = computed(() => stateOf(situation.value));
  const root = element("div", { class: "landscape-widget" });
  const picture = element("div", {
    class: "lw-picture",
    tabindex: 0,
    role: "application",
  });
  const help = createHelp(store.choices.peek(), signal);
  const copy = createCopy(root);
  const fullWindow = () => toggleFullWindow(root);

  const player = createPlayer(store, signal);
  const badge = element("span", { class: "lw-badge" });
  const kind = () => kindOf(store.surface.value, store.request.value);
  const drawn = () => (store.surface.value?.level ?? -1) >= 0 && state.value.picture === "plain";
  const stage = element(
    "div",
    { class: "lw-stage" },
    element("div", { class: "lw-ground" }, picture, createWaiting(store, signal), badge),
    createMoments(store, player, signal),
    element(
      "div",
      { class: "lw-below" },
      createReadout(store, signal),
      createHints(kind, drawn, signal),
    ),
  );
  const panel = createPanel(store, signal);
  root.append(
    createToolbar(store, { fullWindow, help: help.toggle, copy: copy.text }, signal),
    element("div", { class: "lw-body" }, stage, folded(panel, signal), help.node),
    createStatusLine(store, situation, state, copy.text, signal),
    copy.said,
  );
  createTooltip(root, signal);
  const commands = { fullWindow, help: help.toggle, play: player.toggle };
  createKeyboard(root, picture, store, commands, signal);

  watch(signal, () => {
    badge.textContent = state.value.badge ?? "";
    badge.hidden = state.value.badge === null;
    set(root, "data-state", state.value.name);
    set(root, "data-picture", state.value.picture);
  });
  wearBigType(root, store, signal);
  watch(signal, () => {
    set(picture, "aria-label", alternativeText(store.surface.value, store.request.value));
  });
  watch(signal, () => {
    const surface = store.surface.value;
    set(root, "data-phase", store.status.value.phase);
    set(root, "data-connection", store.connection.value);
    set(root, "data-kind", kind());
    set(root, "data-generation", surface?.generation ?? -1);
    set(root, "data-level", surface?.level ?? -1);
    set(root, "data-known", surface ? finalCells(surface) : 0);
  });
  return { root, picture, problem };
}

/** For a projector: the style sheet measures in em, so one class is enough. */
export function wearBigType(
  root: HTMLElement,
  store: Pick<Store, "request">,
  signal: AbortSignal,
): void {
  watch(signal, () => {
    root.classList.toggle("lw-big", store.request.value.big_type);
  });
}

/** In a narrow cell the panel folds under this button; styles.css hides it where there is room. */
function folded(panel: HTMLElement, signal: AbortSignal): HTMLElement {
  const open = cell(false);
  const side = element("div", { class: "lw-side" });
  const toggle = button(
    {
      label: "what is computed",
      icon: "fold",
      words: true,
      press: () => (open.value = !open.value),
    },
    signal,
  );
  toggle.classList.add("lw-side-toggle");
  watch(signal, () => {
    set(toggle, "aria-expanded", String(open.value));
    side.classList.toggle("lw-open", open.value);
  });
  side.append(toggle, panel);
  return side;
}

/** Copy, and say so where a screen reader hears it. */
export function createCopy(root: HTMLElement) {
  const said = element("p", { class: "lw-said", role: "status", hidden: true });
  const text = async (content: string) => {
    const done = await copyText(content, root);
    said.textContent = done ? "copied" : "the browser does not allow copying here";
    said.hidden = false;
    setTimeout(() => {
      said.hidden = true;
    }, 2000);
  };
  return { said, text };
}

export function toggleFullWindow(root: HTMLElement): void {
  if (scopeOf(root).fullscreenElement) void document.exitFullscreen();
  else void root.requestFullscreen();
}
