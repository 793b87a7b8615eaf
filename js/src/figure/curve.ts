// How does one metric run along a line, where it is measured and in between?

import { isMeasured } from "../cell-state";
import { ground } from "../lattice";
import type { Trace } from "../plotly";
import type { Surface } from "../surface";
import { plain } from "./axes";
import { mix } from "./colors";
import { MOST_DOTS } from "./dots";
import type { View } from "./scene";
import { heightOn, type Side } from "./sides";
import { metricTitle } from "./titles";

/** How far an interpolated stretch, thin as it is, goes towards the paper. */
const LIGHTER_LINE = 0.55;

/** Solid between neighbours that are measured; elsewhere lighter, with a dot at each measured cell. */
export function curve(surface: Surface, metric: number, side: Side, view: View): Trace[] {
  const drawn = ground(surface, metric);
  const facts = surface.metrics[metric];
  const name = facts ? plain(metricTitle(facts)) : "";
  const cells = Array.from(drawn?.cells[0] ?? []);
  const all = Array.from(drawn?.rows[0] ?? [], (value) => heightOn(side, value));
  const isKnown = (index: number) => isMeasured(surface.states[cells[index] as number]);
  const known = all.map((height, index) => (isKnown(index) ? height : null));
  const dash = facts?.name.startsWith("test_") ? "dash" : "solid";
  const trace = (changes: Partial<Trace>): Trace => ({
    type: "scatter",
    mode: "lines",
    x: drawn?.x ?? [],
    yaxis: side.axis,
    opacity: view.previous ? 0.35 : 1,
    hoverinfo: "none",
    ...changes,
  });
  const solid = trace({ name, y: known, line: { color: side.color, width: 2, dash } });
  if (cells.every((_, index) => isKnown(index))) return [solid];
  const color = mix(side.color, view.theme.paper, LIGHTER_LINE);
  const lighter = trace({
    name: `${name}, interpolated`,
    y: all,
    line: { color, width: 2, dash },
    showlegend: false,
  });
  const dots = trace({
    name: "measured",
    mode: "markers",
    y: known,
    marker: { size: 6, color: side.color },
    cliponaxis: false,
    customdata: cells,
    showlegend: false,
  });
  return cells.length > MOST_DOTS ? [lighter, solid] : [lighter, solid, dots];
}
