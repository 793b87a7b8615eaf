// How do the notes that are pinned to a picture stand in it? Twin: landscape_widget/export/pins.py.

import { nearestCell } from "../lattice";
import { type Numbered, pinsInSight } from "../lesson/pins";
import type { Theme } from "../picture/theme";
import type { Layout } from "../plotly";
import type { Range } from "../protocol";
import { read, type Surface } from "../surface";
import { plain } from "./axes";
import type { Scene, View } from "./scene";
import { heightOn, type Side } from "./sides";

/** Letters a line. */
const LETTERS = 28;
/** Pixels from a place to its note. */
const AWAY = 30;
/** Shares of the window, so close to an edge that a note turns away from it. */
const NEAR = 0.25;

/** Seen from above. */
export function planePins({ request, theme }: View): Layout[] {
  return pinsInSight(request).map((pin) => ({
    ...note(pin, theme),
    ...turned(shareOf(pin.x, request.x), shareOf(pin.y ?? 0, request.y)),
    x: pin.x,
    y: pin.y,
  }));
}

/** On the ground, as high as it is there. */
export function spacePins(
  { surface, request, theme, metric }: Scene,
  standing: (value: number) => number,
): Layout[] {
  return pinsInSight(request).map((pin) => ({
    ...note(pin, theme),
    ax: 0,
    ay: -AWAY,
    x: pin.x,
    y: pin.y,
    z: standing(valueAt(surface, metric, pin)),
  }));
}

/** On the line of the left axis. */
export function chartPins(surface: Surface, side: Side, { request, theme }: View): Layout[] {
  return pinsInSight(request).map((pin) => {
    const y = heightOn(side, valueAt(surface, side.metrics[0] ?? 0, pin)) ?? side.range[0];
    const place = turned(shareOf(pin.x, request.x), shareOf(y, side.range));
    return { ...note(pin, theme), ...place, x: pin.x, y };
  });
}

/** As plotly writes it: numbered, broken into lines, and nothing in it is markup. */
export function noteOf({ number, text }: Pick<Numbered, "number" | "text">): string {
  return `${number}  ${linesOf(text).map(plain).join("<br>")}`;
}

/** Greedy, between words; what is longer than a line is broken within. */
function linesOf(text: string): readonly string[] {
  const pieces = text
    .split(/\s+/)
    .flatMap((word) =>
      [...word.matchAll(new RegExp(`.{1,${LETTERS}}`, "gu"))].map(([part]) => part),
    );
  const lines: string[] = [];
  for (const piece of pieces) {
    const longer = `${lines.at(-1) ?? ""} ${piece}`;
    if (lines.length > 0 && [...longer].length <= LETTERS) lines[lines.length - 1] = longer;
    else lines.push(piece);
  }
  return lines;
}

/** Where there is no room for words, the number says which of the list it is. */
function note(pin: Numbered, theme: Theme): Layout {
  return {
    name: "pin",
    text: theme.compact ? String(pin.number) : noteOf(pin),
    align: "left",
    showarrow: true,
    arrowhead: 6,
    arrowsize: 0.8,
    arrowwidth: 1.2,
    arrowcolor: theme.text,
    bgcolor: theme.paper,
    bordercolor: theme.grid,
    borderwidth: 1,
    borderpad: 3,
    opacity: 0.92,
    font: { color: theme.text, size: theme.fontSize - 1 },
  };
}

/** Away from the edges, so that nothing is cut off. */
function turned(across: number, up: number): Layout {
  const xanchor = across < NEAR ? "left" : across > 1 - NEAR ? "right" : "center";
  return { ax: 0, ay: up > 1 - NEAR ? AWAY : -AWAY, xanchor };
}

function shareOf(at: number, [low, high]: Range): number {
  return (at - low) / (high - low);
}

function valueAt(surface: Surface, metric: number, { x, y }: Numbered): number {
  return read(surface, metric, nearestCell(surface, x, y ?? 0)).value;
}
