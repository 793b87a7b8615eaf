// What does a picture that is taken along say of itself? Pure.

import { metricTitle } from "../figure/titles";
import type { Request, Status } from "../protocol";
import { metricIndex, type Surface } from "../surface";
import { day } from "../words/clock";
import { statusPieces } from "../words/status-text";
import type { Words } from "./sheet";

export function wordsOf(surface: Surface, status: Status, request: Request): Words {
  const metric = Math.max(0, metricIndex(surface, request.metric));
  const facts = surface.metrics[metric];
  const measured = facts ? metricTitle(facts) : request.metric;
  const isDone = { ...status, remaining: null, where: "" };
  const pieces = statusPieces(isDone, surface, metric, request.limits);
  const asOf = surface.time ? `as of ${day(new Date(surface.time))}` : "";
  return {
    title: request.name ? `${request.name}: ${measured}` : measured,
    said: pieces.map(({ text }) => text),
    settings: [...status.settings, asOf].filter((part) => part !== ""),
  };
}
