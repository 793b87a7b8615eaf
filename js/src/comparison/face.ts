// How is a comparison laid out? The toolbar, the pictures, the table, what is computed, and the status.

import { signal as cell, computed } from "@preact/signals-core";
import { disclosure } from "../controls/disclosure";
import { element, set, watch } from "../controls/element";
import { createAnnouncer } from "../face/announcer";
import { looker } from "../face/cameras";
import { createCopy } from "../face/copy";
import { createHelp } from "../face/help";
import { createKeyboard } from "../face/keyboard";
import { createLesson } from "../face/lesson";
import { createMeasure, measureSummary } from "../face/measure";
import { behind } from "../face/panel";
import { createPlayer } from "../face/player";
import { toggleFullWindow, wearBigType } from "../face/root";
import { createSaveHint } from "../face/save-hint";
import { createStatusLine } from "../face/status-line";
import { createTeaching } from "../face/teaching";
import { createToolbar } from "../face/toolbar";
import { createTooltip } from "../face/tooltip";
import { createValues } from "../face/values";
import { createWhere } from "../face/where";
import { formatNumber } from "../numbers/format";
import type { Renderers } from "../picture/renderer";
import type { Store } from "../store";
import { situationOf } from "../words/situation";
import { stateOf } from "../words/states";
import { comparedCode } from "./code";
import { createFacts } from "./facts";
import { type Links, linkMembers } from "./links";
import { createMatrix, type Standing } from "./matrix";
import type { Member } from "./members";
import { createCommonMoments, longest } from "./moments";
import { createRefusal, type Sharing } from "./refusal";
import { createTable } from "./table";
import type { TableRow } from "./traits";

export interface Compared extends Standing, Sharing {
  readonly whole: Store;
  readonly members: readonly Member[];
  readonly table: () => readonly TableRow[];
}

export function createComparisonFace(
  compared: Compared,
  load: () => Promise<Renderers>,
  signal: AbortSignal,
): HTMLElement {
  const { whole, members, isShared, table } = compared;
  const links = linkMembers(whole, members, isShared);
  const store = standingFor(whole, links, signal);
  const travelling = longest(whole, links.all);
  const player = createPlayer(travelling, signal);
  const root = element("div", { class: "landscape-widget lw-comparison" });
  const matrix = createMatrix(links, load, compared, signal);
  const problem = cell<string | null>(null);
  const situation = situationOf({ ...whole, surface: cell(null) }, problem);
  const state = computed(() => stateOf(situation.value));
  const help = createHelp(whole.choices.peek(), signal);
  const copy = createCopy(root);
  const copyCode = (text: string) =>
    copy.text(comparedCode(text, members, compared.matrix, whole.request.peek()));
  const fullWindow = () => toggleFullWindow(root);
  const pictures = element("div", { class: "lw-pictures" }, matrix.node);
  const stage = element("div", { class: "lw-stage" }, pictures);
  const parts = { root, ground: pictures, picture: matrix.node };
  const teaching = createTeaching(store, parts, signal);
  root.append(
    createToolbar(
      store,
      { fullWindow, help: help.toggle, copy: copyCode, look: looker(matrix.node), teaching },
      signal,
    ),
    createRefusal(compared, signal),
    stage,
    createCommonMoments(travelling, links.all, player, signal),
    element(
      "div",
      { class: "lw-below" },
      createCross(links, signal),
      createSaveHint(false, signal),
    ),
    createTable(() => (whole.covered.value ? [] : table()), signal),
    createPanel(store, links, signal),
    help.node,
    createStatusLine(whole, situation, state, copy.text, signal),
    copy.said,
    createAnnouncer(situation, state, signal),
  );
  createTooltip(root, signal);
  wearBigType(root, whole, signal);
  const commands = { fullWindow, help: help.toggle, play: player.toggle, ...teaching };
  createKeyboard(root, matrix.node, store, commands, signal);
  forwardKeys(matrix.node, matrix.tiles, signal);

  watch(signal, () => {
    problem.value = matrix.tiles.map(({ picture }) => picture.failed.value).find(Boolean) ?? null;
  });
  watch(signal, () => {
    set(root, "data-state", state.value.name);
    set(root, "data-phase", whole.status.value.phase);
    set(root, "data-connection", whole.connection.value);
    set(root, "data-shared", String(isShared.value));
    set(root, "data-covered", whole.covered.value);
    set(root, "data-known", whole.status.value.known);
  });
  return root;
}

/** Controls ask what the surface is like: the first member's stands for all; the cell read is the one pointed at. */
function standingFor(whole: Store, links: Links, signal: AbortSignal): Store {
  const reading = cell(whole.reading.peek());
  watch(signal, () => {
    reading.value = (links.pointed.value ?? links.all[0])?.reading.value ?? null;
  });
  const surface = computed(() => {
    const surfaces = links.all.map(({ store }) => store.surface.value);
    return surfaces.find((one) => one !== null && one.level >= 0) ?? null;
  });
  return { ...whole, surface, reading };
}

function createCross(links: Links, signal: AbortSignal): HTMLElement {
  const node = element("output", { class: "lw-readout", "aria-live": "polite" });
  watch(signal, () => {
    const at = links.place.value;
    node.textContent = at
      ? `at ${at.map((coordinate) => formatNumber(coordinate)).join(", ")} in every picture`
      : "point at a picture to read the same place in all";
    node.classList.toggle("lw-quiet", at === null);
  });
  return node;
}

function createPanel(store: Store, links: Links, signal: AbortSignal): HTMLElement {
  const summary = () => measureSummary(store.request.value, store.choices.value);
  return element(
    "aside",
    { class: "lw-panel", "aria-label": "what is computed" },
    disclosure(
      { title: "where do we look", ...behind("where") },
      createWhere(store, signal),
      signal,
    ),
    disclosure(
      { title: "how is it measured", ...behind("measured"), summary },
      createMeasure(store, signal),
      signal,
    ),
    disclosure(
      { title: "how is it drawn", ...behind("drawn") },
      createValues(store, signal, false),
      signal,
    ),
    createLesson(store, signal),
    disclosure(
      {
        title: "why do they look so?",
        hint: "What is true of these pictures and what is not, one after the other.",
      },
      createFacts(links.all, signal),
      signal,
    ),
  );
}

/** What a key asks of the pictures, the one with the focus does, else the first; the camera is everybody's. */
function forwardKeys(
  node: HTMLElement,
  tiles: readonly { readonly stage: HTMLElement }[],
  signal: AbortSignal,
): void {
  const forward = (event: Event) => {
    if (event.target !== node || !(event instanceof CustomEvent)) return;
    const focused = tiles.find(({ stage }) => stage.matches(":focus-within, :focus")) ?? tiles[0];
    focused?.stage.dispatchEvent(new CustomEvent(event.type, { detail: event.detail }));
  };
  node.addEventListener("landscape:camera", forward, { signal });
}
