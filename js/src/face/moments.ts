// How far along its path is training? Play, hold and scrub, and what the checkpoint shown last is.

import { computed } from "@preact/signals-core";
import { bind } from "../controls/binding";
import { type ButtonOptions, button } from "../controls/button";
import { element, explain, explainAll, set, watch } from "../controls/element";
import { icon } from "../controls/icons";
import { type Ground, slider } from "../controls/slider";
import { chosenMetric } from "../figure/scene";
import { formatCount } from "../numbers/format";
import { checkpoint, shownCount } from "../path";
import type { Path, Request } from "../protocol";
import type { Store } from "../store";
import type { Surface } from "../surface";
import { checkpointPieces, newerText, outsideText } from "../words/checkpoint";
import { defined } from "../words/definitions";
import type { Piece } from "../words/status-text";
import { fill } from "./pieces";
import { type Player, prefersStillness } from "./player";

const LEGEND =
  "Each point is a checkpoint, light to dark from the first to the last; red where the learning rate dropped. In a plane seen from above, the wider its halo, the farther it is from the plane.";

/** A bar under the picture; not there without a path. */
export function createMoments(
  store: Store,
  player: Player,
  signal: AbortSignal,
  words: readonly HTMLElement[] = [
    told(store, signal),
    ...strays(
      store,
      () => outsideIn(store.surface.value, store.request.value),
      () => (store.surface.value ? newerText(store.surface.value) : ""),
      signal,
    ),
  ],
): HTMLElement {
  const path = computed(() => store.surface.value?.path ?? null);
  const node = element(
    "div",
    { class: "lw-moments", role: "group", "aria-label": "training" },
    playButton(player, signal),
    scrubber(store, () => path.value, signal),
    element("div", { class: "lw-moment" }, ...words),
  );
  watch(signal, () => {
    node.hidden = path.value === null || path.value.size === 0;
  });
  return node;
}

function playButton(player: Player, signal: AbortSignal): HTMLElement {
  const node = button(
    { label: "play", icon: "resume", ...defined("play"), press: player.toggle },
    signal,
  );
  watch(signal, () => {
    const playing = player.playing.value;
    const words = playing ? "hold" : prefersStillness() ? "next checkpoint" : "play the training";
    node.replaceChildren(icon(playing ? "pause" : "resume"));
    set(node, "aria-label", words);
    explain(node, `${words.charAt(0).toUpperCase()}${words.slice(1)} (t).`);
  });
  return node;
}

/** Infinity stands for all of them, however many there will be. */
function scrubber(store: Store, path: () => Path | null, signal: AbortSignal): HTMLElement {
  const size = () => path()?.size ?? 0;
  const binding = bind<number>(
    store,
    ["moment"],
    ({ moment }) => Math.min(moment ?? size(), size()),
    (value) => ({ moment: value >= size() ? null : value }),
  );
  const ground = computed<Ground>(() => ({
    range: [1, Math.max(1, size())],
    step: 1,
    page: Math.max(1, Math.round(size() / 10)),
    forward: (value) => value,
    inverse: (place) => place,
    settle: Math.round,
  }));
  const text = (value: number) => `${formatCount(value)} of ${formatCount(size())}`;
  const { control, hint } = defined("moment");
  const node = slider(
    { label: "checkpoint", binding, ground, text, words: { all: Infinity }, characters: 9 },
    signal,
  );
  set(node, "data-control", control);
  explainAll(node, hint);
  return node;
}

/** The checkpoint shown last. */
function told(store: Store, signal: AbortSignal): HTMLElement {
  const node = element("span", { class: "lw-told" });
  const pieces = computed<readonly Piece[]>(() => {
    const [surface, { moment }] = [store.surface.value, store.request.value];
    if (!surface?.path) return [];
    const metric = chosenMetric(surface, store.request.value);
    const at = checkpoint(surface, metric, shownCount(surface.path, moment) - 1);
    const { name, unit } = surface.metrics[metric] ?? { name: "", unit: "" };
    if (!at) return [];
    const [when, ...rest] = checkpointPieces(at, surface, name, unit);
    return when ? [{ ...when, hint: LEGEND }, ...rest] : [];
  });
  watch(signal, () => {
    fill(node, "lw-fact", pieces.value);
  });
  return node;
}

/** How many lie outside, or came after the axes were drawn, and a way to them. */
export function strays(
  store: Pick<Store, "act">,
  outside: () => string,
  newer: () => string,
  signal: AbortSignal,
): readonly HTMLElement[] {
  const fit = {
    label: "fit the path",
    ...defined("fit_path"),
    press: () => store.act({ kind: "fit_path" }),
  };
  const refit = {
    label: "axes anew",
    ...defined("refit"),
    press: () => store.act({ kind: "refit" }),
  };
  return [...counted(outside, fit, signal), ...counted(newer, refit, signal)];
}

function outsideIn(surface: Surface | null, request: Request): string {
  return surface?.path ? outsideText(surface.path, request) : "";
}

/** Words and what can be done about it; neither while there is nothing to say. */
function counted(
  text: () => string,
  options: ButtonOptions,
  signal: AbortSignal,
): readonly HTMLElement[] {
  const words = element("span", { class: "lw-quiet" });
  const act = button(options, signal);
  watch(signal, () => {
    words.textContent = text();
    words.hidden = act.hidden = words.textContent === "";
  });
  return [words, act];
}
