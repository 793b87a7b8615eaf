// How is a metric drawn while nobody has said otherwise: between which limits, in which colours?

import type { Colors, Request } from "../protocol";
import type { Surface } from "../surface";
import { chosenMetric } from "./scene";

/** Whoever asks for these has chosen none. */
const DEFAULT_COLORS: Colors = "cividis";

/** The request with the limits and colours of the metric it names, where it has none of its own. */
export function asDrawn(surface: Surface | null, request: Request): Request {
  const metric = surface?.metrics[chosenMetric(surface, request)];
  if (!metric) return request;
  const isColored = metric.colors !== "" && request.colors === DEFAULT_COLORS;
  return {
    ...request,
    limits: request.limits ?? metric.limits,
    colors: isColored ? metric.colors : request.colors,
  };
}
