// How do loss and accuracy run along one direction?

import { drawable } from "../lattice";
import type { Trace } from "../plotly";
import { drawsOf, type Surface, standardError } from "../surface";
import { barrierTraces } from "./barrier";
import { lineCross } from "./cross";
import { curve } from "./curve";
import { landmarksOf, markTrace } from "./marks";
import { band, repeats } from "./repeats";
import type { View } from "./scene";
import { heightOn, type Side } from "./sides";

/** Train solid, test dashed, each with a band: its standard error, or what several draws span; markers on top. */
export function line(surface: Surface, sides: readonly Side[], view: View): Trace[] {
  const each = (traces: (side: Side, metric: number) => readonly Trace[]) =>
    sides.flatMap((side) => side.metrics.flatMap((metric) => traces(side, metric)));
  const isDrawnOnce = (metric: number) => drawsOf(surface, metric).length === 1;
  return [
    ...each((side, metric) => (isDrawnOnce(metric) ? [errorBand(surface, metric, side)] : [])),
    ...each((side, metric) =>
      isDrawnOnce(metric)
        ? curve(surface, metric, side, view)
        : repeats(surface, metric, side, view),
    ),
    ...barrierTraces(surface, sides, view),
    ...sides.flatMap((side) => lineCross(surface, side, view.request.marked)),
    ...sides.map((side) => markers(surface, side)),
  ];
}

/** Where the error is known. */
function errorBand(surface: Surface, metric: number, side: Side): Trace {
  const drawn = drawable(surface, metric);
  const away = (sign: 1 | -1) =>
    Array.from(drawn?.rows[0] ?? [], (value, index) => {
      const error = standardError(surface, metric, drawn?.cells[0]?.[index] ?? -1);
      return error > 0 ? heightOn(side, value + sign * error) : null;
    });
  return {
    type: "scatter",
    name: "standard error",
    mode: "lines",
    ...band(drawn?.x ?? [], away(-1), away(1)),
    yaxis: side.axis,
    fill: "toself",
    fillcolor: side.color,
    opacity: 0.18,
    line: { width: 0 },
    hoverinfo: "skip",
    showlegend: false,
  };
}

function markers(surface: Surface, side: Side): Trace {
  const marks = landmarksOf(surface, side.metrics[0] ?? 0);
  return markTrace(marks, {
    type: "scatter",
    x: marks.map((mark) => mark.coordinates[0]),
    y: marks.map((mark) => heightOn(side, mark.value)),
    yaxis: side.axis,
  });
}
