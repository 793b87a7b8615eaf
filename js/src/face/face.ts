// How is the widget laid out? Toolbar, picture, panel, status; nothing here knows plotly or anywidget.

import { signal as cell, computed, type Signal } from "@preact/signals-core";
import { element, set, watch } from "../controls/element";
import { kindOf } from "../figure";
import type { Printer } from "../picture/picture";
import type { Store } from "../store";
import { alternativeText } from "../words/alternative";
import { situationOf } from "../words/situation";
import { stateOf } from "../words/states";
import { createAnnouncer } from "./announcer";
import { looker } from "./cameras";
import { createCopy } from "./copy";
import { createCuts } from "./cuts";
import { createHelp } from "./help";
import { createHints } from "./hints";
import { createKeyboard } from "./keyboard";
import { createMoments } from "./moments";
import { createPanel } from "./panel";
import { createPlayer } from "./player";
import { createReadout } from "./readout";
import { describe, toggleFullWindow, wearBigType } from "./root";
import { createSaving } from "./save";
import { createSaveHint } from "./save-hint";
import { createSide } from "./side";
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
      createSaveHint(true, signal),
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
    element("div", { class: "lw-body" }, stage, createSide(panel, signal), help.node),
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
  });
  watch(signal, () => {
    const [surface, request, isCovered] = [
      store.surface.value,
      store.request.value,
      store.covered.value,
    ];
    set(picture, "aria-label", isCovered ? COVERED : alternativeText(surface, request));
  });
  wearBigType(root, store, signal);
  describe(root, store, state, signal);
  return { root, picture, problem, printer };
}
