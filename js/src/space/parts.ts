// What has to be drawn of a figure in space? Its traces, as triangles, pieces of line and markers in the room.

import { parseColor, type Rgba } from "../picture/css-color";
import type { Layout, Trace } from "../plotly";
import { isolines, type Pieces } from "./isolines";
import type { Room } from "./room";
import { type Ground, type Sheet, sheetOf } from "./sheet";

export interface SheetPart {
  readonly sheet: Sheet;
  /** Four bytes a colour, from the lowest share to the highest. */
  readonly colors: Uint8Array;
  readonly light: Readonly<Record<"ambient" | "diffuse" | "specular" | "roughness", number>>;
  readonly opacity: number;
  readonly lines: IsolinePart | null;
}

export interface IsolinePart extends LinePart {
  /** Whether they lie on the floor, too. */
  readonly isOnFloor: boolean;
}

export interface LinePart {
  readonly pieces: Pieces;
  readonly width: number;
  readonly color: Rgba;
}

export interface MarkerPart {
  readonly count: number;
  /** Nine numbers a marker: its place, its size, the number of its shape, its colour from 0 to 1. */
  readonly markers: Float32Array;
  readonly outline: { readonly width: number; readonly color: Rgba };
  /** On the floor; null where there is none. */
  readonly shadow: { readonly scale: number; readonly opacity: number } | null;
}

export interface AreaPart {
  /** Corner after corner of a convex area. */
  readonly corners: Float32Array;
  readonly color: Rgba;
}

export interface Parts {
  readonly sheets: readonly SheetPart[];
  readonly lines: readonly LinePart[];
  readonly markers: readonly MarkerPart[];
  readonly areas: readonly AreaPart[];
}

export const MARKER_NUMBERS = 9;
/** In the order of the shader. */
const SHAPES = ["circle", "diamond", "triangle-down"];
const SHADES = 1024;
const INVISIBLE: Rgba = [0, 0, 0, 0];

export function partsOf(data: readonly Trace[], room: Room): Parts {
  const seen = data.filter(({ opacity }) => opacity !== 0);
  const inSpace = seen.filter(({ type }) => type === "scatter3d");
  const bearing = (mode: string) => inSpace.filter((trace) => String(trace.mode).includes(mode));
  const isArea = ({ surfaceaxis }: Trace) => surfaceaxis !== undefined;
  return {
    sheets: seen.filter(({ type }) => type === "surface").map((trace) => sheetPart(trace, room)),
    lines: bearing("lines")
      .filter((trace) => !isArea(trace))
      .map((trace) => linePart(trace, room)),
    markers: bearing("markers").map((trace) => markerPart(trace, room)),
    areas: inSpace.filter(isArea).map((trace) => areaPart(trace, room)),
  };
}

function sheetPart(trace: Trace, room: Room): SheetPart {
  const sheet = sheetOf(trace as unknown as Ground, room);
  const { z } = trace.contours as { readonly z: Contours };
  const heights = z.levels.map((level) => room.at(2, level));
  const isDrawn = z.show && heights.length > 0;
  return {
    sheet,
    colors: shades(trace.colorscale as readonly (readonly [number, string])[]),
    light: trace.lighting as SheetPart["light"],
    opacity: (trace.opacity as number | undefined) ?? 1,
    lines: isDrawn
      ? {
          pieces: isolines(sheet, heights),
          width: z.width,
          color: rgba(z.color),
          isOnFloor: z.project.z,
        }
      : null,
  };
}

interface Contours {
  readonly show: boolean;
  readonly levels: readonly number[];
  readonly color: string;
  readonly width: number;
  readonly project: { readonly z: boolean };
}

/** Straight from one stop of a colour scale to the next; of two at the same place, the second from there. */
export function shades(stops: readonly (readonly [number, string])[]): Uint8Array {
  const colors = new Uint8Array(4 * SHADES);
  let next = 0;
  for (let shade = 0; shade < SHADES; shade++) {
    const share = shade / (SHADES - 1);
    while (next < stops.length - 1 && (stops[next]?.[0] ?? 1) <= share) next++;
    const [high = 1, to = "#000000"] = stops[next] ?? [];
    const [low = 0, from = to] = stops[next - 1] ?? [];
    const part = high > low ? Math.min(1, (share - low) / (high - low)) : 1;
    const [a, b] = [rgba(from), rgba(to)];
    for (let channel = 0; channel < 3; channel++) {
      const start = a[channel] as number;
      colors[4 * shade + channel] = Math.round(start + part * ((b[channel] as number) - start));
    }
    colors[4 * shade + 3] = 255;
  }
  return colors;
}

function linePart(trace: Trace, room: Room): LinePart {
  const { color, width } = trace.line as { readonly color: string; readonly width: number };
  return { pieces: piecesOf(trace, room), color: rgba(color), width };
}

/** With x, y and z, three lists of one length. */
type Course = Readonly<Record<string, unknown>>;

/** From each point to the next; a gap is a point without a height. */
export function piecesOf(trace: Course, room: Room): Pieces {
  const places = placesOf(trace, room);
  const pieces: number[] = [];
  for (let index = 1; index < places.length; index++) {
    const [from, to] = [places[index - 1], places[index]];
    if (from && to) pieces.push(...from, ...to);
  }
  return Float32Array.from(pieces);
}

function markerPart(trace: Trace, room: Room): MarkerPart {
  const marker = trace.marker as Layout;
  const line = marker.line as { readonly width: number; readonly color?: string };
  const places = placesOf(trace, room);
  const of = <T>(value: unknown, index: number) =>
    (Array.isArray(value) ? value[index] : value) as T;
  const numbers = places.flatMap((place, index) => {
    if (!place) return [];
    const [red, green, blue, alpha] = rgba(of<string>(marker.color, index));
    const shape = SHAPES.indexOf(of<string | undefined>(marker.symbol, index) ?? "circle");
    const fill = [red / 255, green / 255, blue / 255, alpha];
    return [...place, of<number>(marker.size, index), Math.max(0, shape), ...fill];
  });
  const { z } = (trace.projection ?? {}) as {
    readonly z?: { readonly scale: number; opacity: number };
  };
  return {
    count: numbers.length / MARKER_NUMBERS,
    markers: Float32Array.from(numbers),
    outline: { width: line.width, color: line.color === undefined ? INVISIBLE : rgba(line.color) },
    shadow: z ?? null,
  };
}

function areaPart(trace: Trace, room: Room): AreaPart {
  const corners = placesOf(trace, room).flatMap((place) => place ?? []);
  return { corners: Float32Array.from(corners), color: rgba(trace.surfacecolor as string) };
}

type Place = readonly [number, number, number];

/** Null where a coordinate is missing. */
export function placesOf({ x, y, z }: Course, room: Room): (Place | null)[] {
  const list = (values: unknown) => values as ArrayLike<number | null | undefined>;
  const [across, up, heights] = [list(x), list(y), list(z)];
  return Array.from({ length: heights.length }, (_, index) => {
    const [a, b, c] = [
      across[index] ?? Number.NaN,
      up[index] ?? Number.NaN,
      heights[index] ?? Number.NaN,
    ];
    const place: Place = [room.at(0, a), room.at(1, b), room.at(2, c)];
    return place.every(Number.isFinite) ? place : null;
  });
}

/** A colour that can't be read is drawn as none. */
export function rgba(color: string): Rgba {
  return parseColor(color) ?? INVISIBLE;
}
