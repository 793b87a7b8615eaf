// Which notes are pinned to the picture, and how does their list change? Pure.

import type { Pin, Request } from "../protocol";

/** Letters of a note. */
export const LONGEST = 200;

export interface Numbered extends Pin {
  /** From 1, among all that are pinned. */
  readonly number: number;
}

/** Those with a place in the window: a note of a line stands on lines, one of a plane on planes. */
export function pinsInSight({ pins, x, y, directions }: Request): readonly Numbered[] {
  const isWithin = (at: number, [low, high]: readonly [number, number]) => low <= at && at <= high;
  return pins
    .map((pin, index) => ({ ...pin, number: index + 1 }))
    .filter((pin) => {
      if ((pin.y === null) !== (directions.length === 1)) return false;
      return isWithin(pin.x, x) && (pin.y === null || isWithin(pin.y, y));
    });
}

/** One note more at a place of the picture. */
export function withPin(
  { pins }: Request,
  [x = 0, y]: readonly number[],
  text: string,
): Partial<Request> {
  return { pins: [...pins, { x, y: y ?? null, text }] };
}

/** The note says something else; without words it is gone. */
export function reworded({ pins }: Request, index: number, text: string): Partial<Request> {
  const words = text.trim();
  if (words === "") return { pins: pins.filter((_, at) => at !== index) };
  return { pins: pins.map((pin, at) => (at === index ? { ...pin, text: words } : pin)) };
}
