// Which words lie on a picture in space: names of points, pins, and what is written on its corner?

import type { Layout } from "../plotly";
import { type Label, PLAIN } from "./label";
import type { Room } from "./room";
import { extentOf, type Font, linesOf, type Measure } from "./text";
import type { Size, View } from "./view";

/** What we use of plotly's annotations. */
interface Annotation extends Layout {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly z?: number;
  readonly font: Font;
  readonly xanchor?: "left" | "center" | "right";
  readonly yanchor?: "top" | "middle" | "bottom";
  readonly xshift?: number;
  readonly yshift?: number;
  readonly bgcolor?: string;
  readonly borderpad?: number;
  readonly opacity?: number;
  readonly showarrow?: boolean;
  readonly ax?: number;
  readonly ay?: number;
  readonly arrowcolor?: string;
  readonly arrowwidth?: number;
}

/** Those of the paper, whose coordinates are shares of the picture. */
export function paperNotes(annotations: unknown, size: Size, measure: Measure): readonly Label[] {
  return listOf(annotations).map((note) =>
    labelOf(note, { x: note.x * size.width, y: (1 - note.y) * size.height }, measure),
  );
}

/** Those that belong to a place in the room. */
export function roomNotes(
  annotations: unknown,
  room: Room,
  view: View,
  measure: Measure,
): readonly Label[] {
  return listOf(annotations).map((note) => {
    const place = [room.at(0, note.x), room.at(1, note.y), room.at(2, note.z ?? 0)] as const;
    return labelOf(note, view.spot(place), measure);
  });
}

function listOf(annotations: unknown): readonly Annotation[] {
  return Array.isArray(annotations) ? annotations : [];
}

function labelOf(
  note: Annotation,
  spot: { readonly x: number; readonly y: number },
  measure: Measure,
): Label {
  const lines = linesOf(note.text);
  const extent = extentOf(lines, note.font.size, measure);
  const isPointing = note.showarrow === true;
  const away = isPointing ? [note.ax ?? 0, note.ay ?? 0] : [0, 0];
  const padding = note.borderpad ?? 0;
  const from = { left: 0.5, center: 0, right: -0.5 }[note.xanchor ?? "center"];
  const down = { top: 0.5, middle: 0, bottom: -0.5 }[note.yanchor ?? "middle"];
  const stem = {
    ...{ x: spot.x, y: spot.y },
    color: note.arrowcolor ?? note.font.color,
    width: note.arrowwidth ?? 1,
  };
  return {
    ...PLAIN,
    ...extent,
    size: note.font.size,
    color: note.font.color,
    lines,
    x: spot.x + (note.xshift ?? 0) + (away[0] ?? 0) + from * (extent.width + 2 * padding),
    y: spot.y - (note.yshift ?? 0) + (away[1] ?? 0) + down * (extent.height + 2 * padding),
    alpha: note.opacity ?? 1,
    plate: note.bgcolor === undefined ? null : { color: note.bgcolor, padding },
    stem: isPointing ? stem : null,
  };
}
