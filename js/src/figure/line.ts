// How do loss and accuracy run along one direction?

import { drawable } from "../lattice";
import type { Trace } from "../plotly";
import { type Surface, standardError } from "../surface";
import { curve } from "./curve";
import { marksOf, markTrace } from "./marks";
import type { View } from "./scene";
import { heightOn, type Side } from "./sides";

/** Train solid, test dashed, each with the band of its standard error; markers on top. */
export function line(surface: Surface, sides: readonly Side[], view: View): Trace[] {
  const each = (trace: (side: Side, metric: number) => Trace) =>
    sides.flatMap((side) => side.metrics.map((metric) => trace(side, metric)));
  return [
    ...each((side, metric) => band(surface, metric, side)),
    ...sides.flatMap((side) =>
      side.metrics.flatMap((metric) => curve(surface, metric, side, view)),
    ),
    ...sides.map((side) => markers(surface, side)),
  ];
}

/** One closed outline for each stretch whose error is known. */
function band(surface: Surface, metric: number, side: Side): Trace {
  const drawn = drawable(surface, metric);
  const outline: { x: (number | null)[]; y: (number | null)[] } = { x: [], y: [] };
  let stretch: { x: number; low: number; high: number }[] = [];
  const close = () => {
    const back = [...stretch].reverse();
    if (stretch.length === 0) return;
    outline.x.push(...stretch.map((at) => at.x), ...back.map((at) => at.x), null);
    outline.y.push(...stretch.map((at) => at.high), ...back.map((at) => at.low), null);
    stretch = [];
  };
  drawn?.x.forEach((x, index) => {
    const value = drawn.rows[0]?.[index] ?? Number.NaN;
    const error = standardError(surface, metric, drawn.cells[0]?.[index] ?? -1);
    const [low, high] = [heightOn(side, value - error), heightOn(side, value + error)];
    if (low !== null && high !== null && error > 0) stretch.push({ x, low, high });
    else close();
  });
  close();
  return {
    type: "scatter",
    name: "standard error",
    mode: "lines",
    ...outline,
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
  const marks = marksOf(surface, side.metrics[0] ?? 0);
  return markTrace(marks, {
    type: "scatter",
    x: marks.map((mark) => mark.coordinates[0]),
    y: marks.map((mark) => heightOn(side, mark.value)),
    yaxis: side.axis,
  });
}
