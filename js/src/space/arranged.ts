// How is a picture in space divided: the room, and beside it the colour bar?

import type { Layout, Trace } from "../plotly";
import type { Camera } from "../protocol";
import { type Box, boxOf } from "./box";
import { type ColorBar, colorBarOf } from "./color-bar";
import type { Parts } from "./parts";
import type { Room } from "./room";
import type { Measure } from "./text";
import { type Size, type View, viewOf } from "./view";
import { insideOf } from "./words";

/** What a picture on screen is made of. */
export interface Standing {
  readonly data: readonly Trace[];
  readonly layout: Layout;
  readonly room: Room;
  readonly parts: Parts;
  readonly camera: Camera;
  /** Data of the cross. */
  readonly cross: readonly [number, number] | null;
}

export interface Arranged {
  readonly left: number;
  readonly top: number;
  readonly bar: ColorBar | null;
  readonly view: View;
  readonly box: Box;
}

export const FINEST = 2;

/** Device pixels a CSS pixel. */
export function finest(): number {
  return Math.min(FINEST, globalThis.devicePixelRatio || 1);
}

/** `pen` measures words. */
export function arranged(
  { data, layout, room, camera }: Standing,
  size: Size,
  pen: CanvasRenderingContext2D,
): Arranged {
  const bar = colorBarOf(data, size, measureWith(pen, familyOf(layout)));
  const inside = insideOf(layout, size, bar?.width ?? 0);
  const view = viewOf(camera, inside.size);
  return { ...inside, bar, view, box: boxOf(room, view) };
}

/** With the camera where a hand has left it, and the part of the picture that the room has. */
export function layoutOf(standing: Standing, all: Size, pen: CanvasRenderingContext2D): Layout {
  const { left, top, view } = arranged(standing, all, pen);
  const { width, height } = view.size;
  const domain = {
    x: [left / all.width, (left + width) / all.width],
    y: [1 - (top + height) / all.height, 1 - top / all.height],
  };
  const { layout, camera } = standing;
  return { ...layout, scene: { ...(layout.scene as Layout), camera, domain } };
}

export function familyOf({ font }: Layout): string {
  return (font as { readonly family: string }).family;
}

export function measureWith(pen: CanvasRenderingContext2D, family: string): Measure {
  return (line, size) => {
    pen.font = `${size}px ${family}`;
    return pen.measureText(line).width;
  };
}
