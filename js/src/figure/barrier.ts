// How high is it between two models, above the chord from one to the other?

import type { Layout, Trace } from "../plotly";
import type { Barrier } from "../protocol";
import { metricIndex, type Surface } from "../surface";
import { barrierHeight } from "../words/barrier";
import { marksOf } from "./marks";
import type { View } from "./scene";
import { heightOn, type Side } from "./sides";

/** A chord is straight between values, and bent on an axis that isn't linear. */
const POINTS = 41;

interface Chord {
  readonly barrier: Barrier;
  readonly side: Side;
  /** The value of the chord at a place between the models. */
  at(place: number): number;
}

/** The dotted chord, and on it the barrier's height where it is largest. */
export function barrierTraces(surface: Surface, sides: readonly Side[], view: View): Trace[] {
  const chord = chordOf(surface, sides, view);
  if (!chord) return [];
  const { barrier, side, at } = chord;
  const places = Array.from({ length: POINTS }, (_, index) => index / (POINTS - 1));
  const top = at(barrier.at) + (barrier.height ?? Infinity);
  const line = {
    type: "scatter",
    mode: "lines",
    yaxis: side.axis,
    hoverinfo: "skip",
    showlegend: false,
  } as const;
  const color = view.theme.muted;
  return [
    {
      ...line,
      name: "chord",
      x: places,
      y: places.map((place) => heightOn(side, at(place))),
      line: { color, width: 1.5, dash: "dot" },
    },
    {
      ...line,
      name: "barrier",
      x: [barrier.at, barrier.at],
      y: [heightOn(side, at(barrier.at)), endOn(side, top)],
      line: { color: view.theme.text, width: 1.5 },
    },
  ];
}

/** The height in words, beside its line. */
export function barrierName(surface: Surface, sides: readonly Side[], view: View): Layout[] {
  const chord = chordOf(surface, sides, view);
  if (!chord || chord.barrier.height === 0) return [];
  const { barrier, side, at } = chord;
  const { theme } = view;
  const [low, high] = [at(barrier.at), at(barrier.at) + (barrier.height ?? Infinity)];
  return [
    {
      text: `barrier ${barrierHeight(barrier)}`,
      x: barrier.at,
      y: ((heightOn(side, low) ?? side.range[0]) + endOn(side, high)) / 2,
      xanchor: "left",
      xshift: 6,
      showarrow: false,
      bgcolor: theme.paper,
      opacity: 0.85,
      borderpad: 2,
      font: { color: theme.text, size: theme.fontSize - 1 },
    },
  ];
}

/** Between the origin at 0 and the model at 1, on the side whose metric it is. */
function chordOf(surface: Surface, sides: readonly Side[], { barrier }: View): Chord | null {
  const metric = barrier ? metricIndex(surface, barrier.metric) : -1;
  const side = sides.find(({ metrics }) => metrics.includes(metric));
  const marks = marksOf(surface, metric);
  const [from, to] = [0, 1].map(
    (place) => marks.find(({ coordinates: [x] }) => x === place)?.value ?? Number.NaN,
  );
  if (!barrier || !side || !Number.isFinite(from) || !Number.isFinite(to)) return null;
  return { barrier, side, at: (place) => (1 - place) * (from ?? 0) + place * (to ?? 0) };
}

/** An infinite barrier ends where the axis does. */
function endOn(side: Side, value: number): number {
  return heightOn(side, value) ?? side.range[1];
}
