// How is the widget laid out? Toolbar, picture, panel, status; nothing here knows plotly or anywidget.

import { signal as cell, computed, type Signal } from "@preact/signals-core";
import { button } from "../controls/button";
import { element, scopeOf, set, watch } from "../controls/element";
import { kindOf } from "../figure";
import type { CameraCommand } from "../picture/camera";
import type { Printer } from "../picture/picture";
import type { Store } from "../store";
import { finalCells } from "../surface";
import { alternativeText } from "../words/alternative";
import { defined } from "../words/definitions";
import { situationOf } from "../words/situation";
import { stateOf } from "../words/states";
import { createAnnouncer } from "./announcer";
import { copyText } from "./clipboard";
import { createCuts } from "./cuts";
import { createHelp } from "./help";
import { createHints } from "./hints";
import { createKeyboard } from "./keyboard";
import { createMoments } from "./moments";
import { createPanel } from "./panel";
import { createPlayer } from "./player";
import { createReadout } from "./readout";
import { createSaving } from "./save";
import { createStatusLine } from "./status-line";
import { createTeaching } from "./teaching";
import { createToolbar } from "./toolbar";
import { createTooltip } from "./tooltip";
import { createTableView } from "./value-table";
import { createWaiting } from "./waiting";
import { createWhy } from "./why";

const COVERED = "Covered: say first what you expect, then reveal it.";

export interface Face {
  readonly root: HTMLElement;
  readonly picture: HTMLElement;
  /** Why the picture is not the one asked for; the picture's owner sets it. */
  readonly problem: Signal<string | null>;
  /** What gives the picture to who takes it along; the picture's owner sets it. */
  readonly printer: Signal<Printer | null>;
}

/** Build one view; it lives until `signal` aborts. */
export function createFace(store: Store, signal: AbortSignal): Face {
  const problem = cell<string | null>(null);
  const printer = cell<Printer | null>(null);
  const situation = situationOf(store, problem);
  const state = computed(() => stateOf(situation.value));
  const root = element("div", { class: "landscape-widget" });
  const picture = element("div", {
    class: "lw-picture",
    tabindex: 0,
    role: "application",
  });
  const help = createHelp(store.choices.peek(), signal);
  const table = createTableView(store, signal);
  const copy = createCopy(root);
  const fullWindow = () => toggleFullWindow(root);

  const player = createPlayer(store, signal);
  const badge = element("span", { class: "lw-badge" });
  const kind = () => kindOf(store.surface.value, store.request.value);
  const drawn = () => (store.surface.value?.level ?? -1) >= 0 && state.value.picture === "plain";
  const ground = element(
    "div",
    { class: "lw-ground" },
    picture,
    createWaiting(store, signal),
    badge,
    table.node,
  );
  const stage = element(
    "div",
    { class: "lw-stage" },
    ground,
    createCuts(store, signal),
    createMoments(store, player, signal),
    element(
      "div",
      { class: "lw-below" },
      createReadout(store, signal),
      createHints(kind, drawn, signal),
    ),
  );
  const teaching = createTeaching(store, { root, ground, picture }, signal);
  const panel = createPanel(store, signal);
  root.append(
    createToolbar(
      store,
      {
        ...{ fullWindow, help: help.toggle, copy: copy.text, look: looker(picture) },
        table: table.toggle,
        save: createSaving(store, printer, copy.say, signal),
        teaching,
      },
      signal,
    ),
    element("div", { class: "lw-body" }, stage, folded(panel, signal), help.node),
    createWhy(store, signal),
    createStatusLine(store, situation, state, copy.text, signal),
    copy.said,
    createAnnouncer(situation, state, signal),
  );
  createTooltip(root, signal);
  const commands = { fullWindow, help: help.toggle, play: player.toggle, ...teaching };
  createKeyboard(root, picture, store, commands, signal);

  watch(signal, () => {
    badge.textContent = state.value.badge ?? "";
    badge.hidden = state.value.badge === null;
    set(root, "data-state", state.value.name);
    set(root, "data-picture", state.value.picture);
  });
  wearBigType(root, store, signal);
  watch(signal, () => {
    const [surface, request, isCovered] = [
      store.surface.value,
      store.request.value,
      store.covered.value,
    ];
    set(picture, "aria-label", isCovered ? COVERED : alternativeText(surface, request));
    set(root, "data-covered", isCovered);
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
  return { root, picture, problem, printer };
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
      ...defined("panel"),
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
  const say = (sentence: string) => {
    said.textContent = sentence;
    said.hidden = false;
    setTimeout(() => {
      said.hidden = true;
    }, 2000);
  };
  const text = async (content: string) => {
    const done = await copyText(content, root);
    say(done ? "copied" : "the browser does not allow copying here");
  };
  return { said, say, text };
}

/** Tell a picture where to be looked at from. */
export function looker(picture: HTMLElement): (command: CameraCommand) => void {
  return (command) =>
    picture.dispatchEvent(new CustomEvent("landscape:camera", { detail: { command } }));
}

export function toggleFullWindow(root: HTMLElement): void {
  if (scopeOf(root).fullscreenElement) void document.exitFullscreen();
  else void root.requestFullscreen();
}
