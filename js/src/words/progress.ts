// How far is it, in a sentence, and what can be pressed meanwhile? Pure.

import { formatCount } from "../numbers/format";
import type { Status } from "../protocol";
import { same } from "../store/same";
import { hasPreview, type Surface } from "../surface";
import { sizeText } from "./counts";
import { comingMap, nameOf } from "./maps";
import type { Press, Situation, State } from "./state";

export function progress({ status, surface, metric }: Situation): State {
  const { phase, drawn } = status;
  const where = drawn ? `at ${sizeText(drawn)}` : "before the first level";
  const ordinary = (name: string, sentence: string, badge: string | null = null): State => ({
    name,
    sentence: taskSentence(status) ?? sentence,
    // A map's grid is its own, which no control refines.
    buttons: surface?.map ? stopButtons(status) : runButtons(status),
    picture: surface ? "plain" : "empty",
    badge: badge ?? subset(surface, metric),
  });
  switch (phase) {
    case "preparing":
      return ordinary("preparing", readingSentence(status));
    case "computing":
      return drawn
        ? ordinary("coarse", refining(status, surface), subset(surface, metric) ?? soFar(status))
        : ordinary("first level", "computing the first level");
    case "paused":
      return ordinary("paused", `paused ${where}`);
    case "stopped":
      return ordinary("stopped", `stopped ${where}`);
    case "done":
    case "failed":
      return status.settled
        ? ordinary("settled", "settled: close enough to leave out finer cells")
        : ordinary("done", status.task === "table" ? TABLE : "complete");
  }
}

const TABLE = "pictures complete, filling the table";

/** What of the data the picture rests on for now; null once no cell is a preview. */
export function previewText(surface: Surface | null, metric: number): string | null {
  const facts = surface?.metrics[metric];
  if (!surface || !facts || !hasPreview(surface)) return null;
  return ofSamples("preview", Math.min(surface.preview, facts.size), facts.samples);
}

export function taskSentence({ phase, task }: Status): string | null {
  if (phase !== "computing" && phase !== "preparing") return null;
  if (task === "directions") return "drawing the directions";
  if (task === "range") return "probing how far the loss rises";
  if (task === "path") return "looking where the trajectory runs";
  if (task === "sharpness") return "measuring the sharpness at the origin";
  return null;
}

export function runButtons({ phase }: Status): readonly Press[] {
  switch (phase) {
    case "preparing":
      return ["stop"];
    case "computing":
      return ["pause", "stop"];
    case "paused":
    case "stopped":
      return ["resume"];
    case "done":
      return ["refine further"];
    case "failed":
      return [];
  }
}

/** Where there is nothing to see, finer cells show no more of it. */
export function stopButtons(status: Status): readonly Press[] {
  return runButtons(status).filter((press) => press !== "refine further");
}

function readingSentence({ samples }: Status): string {
  return samples > 0 ? `reading data: ${formatCount(samples)} samples so far` : "reading data";
}

function refining(status: Status, surface: Surface | null): string {
  if (surface && hasPreview(surface)) return "preview, measuring on all the samples asked for";
  const map = comingMap(status);
  return map?.phase === "measuring" ? `measuring the ${nameOf(map)}` : "refining";
}

/** Nothing once all of it is there, though a map may be under way. */
function soFar({ drawn, resolution }: Status): string | null {
  return drawn === null || same(drawn, resolution) ? null : `${sizeText(drawn)} so far`;
}

/** What a person chose to look at stays, so it is no preview. */
function subset(surface: Surface | null, metric: number): string | null {
  const facts = surface?.metrics[metric];
  if (!facts || facts.samples >= facts.size) return null;
  return ofSamples("subset", facts.samples, facts.size);
}

function ofSamples(what: string, some: number, all: number): string {
  return `${what}: ${formatCount(some)} of ${formatCount(all)} samples`;
}
