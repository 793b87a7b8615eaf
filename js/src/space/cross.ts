// How is a place on the ground shown? Both cuts through it, a dot where they meet, and a thread down to the floor.

import type { Layout, Trace } from "../plotly";
import type { LinePart, MarkerPart } from "./parts";
import { MARKER_NUMBERS, piecesOf, placesOf, rgba } from "./parts";
import type { Room } from "./room";

export interface Cross {
  readonly lines: readonly LinePart[];
  readonly markers: readonly MarkerPart[];
}

const DOT = { size: 7, outline: 1.5, thread: 1 } as const;

/** At the drawn point that is nearest; null where there is none, or a hole. `trace` is a surface. */
export function crossAt(trace: Trace, room: Room, [x, y]: readonly [number, number]): Cross | null {
  const { x: columns, y: rows, z: heights, contours } = trace as unknown as Sheet;
  const [column, row] = [nearest(columns, x), nearest(rows, y)];
  const height = heights[row]?.[column] ?? Number.NaN;
  const [across, up] = [columns[column] ?? Number.NaN, rows[row] ?? Number.NaN];
  const [place] = placesOf({ x: [across], y: [up], z: [height] }, room);
  if (!place || place.some((value, axis) => Math.abs(value) > (room.half[axis] ?? 0) * 1.0001))
    return null;
  const [color, paper] = [rgba(contours.x.highlightcolor), rgba(contours.x.highlightpaper)];
  const cut = (pieces: Float32Array): LinePart => ({
    pieces,
    color,
    width: contours.x.highlightwidth,
  });
  const markers = Float32Array.of(
    ...place,
    DOT.size,
    0,
    ...paper.slice(0, 3).map((c) => c / 255),
    paper[3],
  );
  return {
    lines: [
      cut(piecesOf({ x: columns, y: Array(columns.length).fill(up), z: heights[row] }, room)),
      cut(
        piecesOf(
          { x: Array(rows.length).fill(across), y: rows, z: heights.map((line) => line[column]) },
          room,
        ),
      ),
      {
        pieces: Float32Array.of(...place, place[0], place[1], -room.half[2]),
        color,
        width: DOT.thread,
      },
    ],
    markers: [
      {
        count: markers.length / MARKER_NUMBERS,
        markers,
        outline: { width: DOT.outline, color },
        shadow: null,
      },
    ],
  };
}

interface Sheet {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly z: readonly ArrayLike<number>[];
  readonly contours: {
    readonly x: Layout & {
      readonly highlightcolor: string;
      readonly highlightpaper: string;
      readonly highlightwidth: number;
    };
  };
}

function nearest(axis: ArrayLike<number>, place: number): number {
  let best = 0;
  for (let index = 1; index < axis.length; index++) {
    const away = (at: number) => Math.abs((axis[at] as number) - place);
    if (away(index) < away(best)) best = index;
  }
  return best;
}
