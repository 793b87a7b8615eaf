// In which state is the widget, what does it say, what can be pressed, and how is the picture shown? Pure.

import { formatNumber } from "../numbers/format";
import { isFlat } from "../numbers/scale";
import { failedCells, knownCells, notFinite } from "../surface";
import { clock, day } from "./clock";
import { extent } from "./counts";
import { failedText } from "./failed";
import { isWhole, mapSentence, mapStatus, nameOf, statusOf } from "./maps";
import { previewText, progress, runButtons, stopButtons, taskSentence } from "./progress";
import type { Situation, State } from "./state";

/** What is most worth saying comes first; that it is a preview is always said. */
export function stateOf(situation: Situation): State {
  const outer = away(situation) ?? failed(situation) ?? older(situation) ?? toCome(situation);
  const seen = { ...situation, status: statusOf(situation.status, situation.surface) };
  const state = outer ?? telling(seen) ?? progress(seen);
  const preview = previewText(situation.surface, situation.metric);
  if (preview === null) return state;
  return { ...state, badge: outer?.badge ? `${outer.badge}, ${preview}` : preview };
}

function away({ connection, surface, heard, status }: Situation): State | null {
  switch (connection) {
    case "live":
      return null;
    case "busy":
      return state("busy", {
        sentence: heard
          ? `kernel busy, showing what was known at ${clock(heard)}`
          : "kernel busy; what is asked for comes when it answers",
        buttons: runButtons(status),
        badge: "kernel busy",
      });
    case "disconnected":
      return state("disconnected", {
        sentence: "disconnected: the kernel is gone. Run the cell again for a live view.",
        picture: "grey",
        badge: "disconnected",
      });
    case "saved":
      return state("saved", {
        sentence: surface
          ? `saved ${day(new Date(surface.time))}. Run the cell again for a live view.`
          : "saved before anything was computed. Run the cell again for a live view.",
        badge: "saved",
        picture: surface ? "plain" : "empty",
      });
    case "page":
      return state("page", {
        sentence: surface
          ? `saved ${day(new Date(surface.time))}`
          : "saved before anything was computed",
        picture: surface ? "plain" : "empty",
      });
  }
}

function failed({ error, status }: Situation): State | null {
  if (!error && status.phase !== "failed") return null;
  return state("failed", {
    sentence: error?.message.split("\n")[0] || "the run failed and gave no reason",
    buttons: error?.traceback ? ["copy", "try again"] : ["try again"],
  });
}

function older(situation: Situation): State | null {
  if (!situation.previous || !situation.surface) return null;
  const waiting = situation.status.phase === "paused" || situation.status.phase === "stopped";
  const now = progress({ ...situation, status: { ...situation.status, drawn: null } });
  const map = mapStatus(situation.status, situation.surface);
  const coming = map ? mapSentence(map, situation.status) : "computing the first level";
  const sentence = waiting ? now.sentence : (taskSentence(situation.status) ?? coming);
  return {
    ...now,
    name: "previous",
    buttons: stopButtons(situation.status),
    sentence: `${sentence}; the picture is the one before`,
    picture: "dimmed",
    badge: "previous",
  };
}

/** A map that is looked at before anything of it is known; more than this stands in the picture's place. */
function toCome(situation: Situation): State | null {
  const { status, surface } = situation;
  const map = mapStatus(status, surface);
  if (!map || !surface || surface.level >= 0) return null;
  const now = progress(situation).sentence;
  const soon = isWhole(status) ? `trying what the ${nameOf(map)} costs` : "the loss comes first";
  const next = map.phase === "waiting" ? soon : `measuring the ${nameOf(map)}`;
  const coming = status.phase === "computing" ? (taskSentence(status) ?? next) : now;
  const isLeftOut = map.phase === "skipped" || map.phase === "done";
  return state("map to come", {
    sentence: isLeftOut ? mapSentence(map, status) : coming,
    buttons: stopButtons(status),
    picture: "empty",
  });
}

/** What the values themselves give away. */
function telling({ surface, metric, status, problem }: Situation): State | null {
  const shown = problem
    ? state("no plot", { sentence: problem, buttons: runButtons(status) })
    : null;
  if (!surface || surface.level < 0 || metric < 0) return shown;
  const failed = failedCells(surface);
  const known = knownCells(surface);
  if (failed > 0 && failed >= known) {
    return state("not finite", {
      sentence: failedText("every cell failed", status.first_error),
      buttons: stopButtons(status),
      picture: "hatched",
    });
  }
  if (known > 0 && failed + notFinite(surface, metric) >= known) {
    if (surface.map !== null)
      return state("not finite", { ...NO_RATIO, buttons: stopButtons(status) });
    const infinite = surface.values[metric]?.some((value) => Math.abs(value) === Infinity);
    const what = infinite ? "NaN or infinite" : "NaN";
    return state("not finite", {
      sentence: `every cell is ${what}: the loss overflows; try a smaller range`,
      buttons: [...stopButtons(status), "auto range"],
      picture: "hatched",
    });
  }
  const [low, high] = extent(surface, metric) ?? [0, 1];
  if (!isFlat(low, high)) return shown;
  return state("flat", {
    sentence:
      low === high
        ? `flat: every cell is ${formatNumber(low)}`
        : `flat to within ${formatNumber(high - low, { significant: 1 })}`,
    buttons: [...stopButtons(status), "widen"],
  });
}

const NO_RATIO = {
  sentence: "every cell is NaN: there is no ratio where λ_max isn't above 0",
  picture: "hatched",
} as const;

function state(name: string, known: Partial<State> & Pick<State, "sentence">): State {
  return { name, buttons: [], picture: "plain", badge: null, ...known };
}
