// Where does a piece of text lie on the picture, and does it touch another?

import type { Extent, Font } from "./text";
import type { Size } from "./view";

export interface Label extends Extent, Font {
  readonly lines: readonly string[];
  /** Its middle, in CSS pixels. */
  readonly x: number;
  readonly y: number;
  /** Clockwise, in radians. */
  readonly angle: number;
  readonly alpha: number;
  /** Behind it, with so much around it; null where there is none. */
  readonly plate: { readonly color: string; readonly padding: number } | null;
  /** From its plate to what it names. */
  readonly stem: {
    readonly x: number;
    readonly y: number;
    readonly color: string;
    readonly width: number;
  } | null;
}

export const PLAIN = { angle: 0, alpha: 1, plate: null, stem: null } as const;

/** Pixels that two labels keep between them. */
const APART = 3;

export function touches(one: Label, other: Label): boolean {
  const axes = [one.angle, one.angle + Math.PI / 2, other.angle, other.angle + Math.PI / 2];
  return axes.every((angle) => {
    const along = [Math.cos(angle), Math.sin(angle)] as const;
    const away = Math.abs((other.x - one.x) * along[0] + (other.y - one.y) * along[1]);
    return away < reach(one, angle) + reach(other, angle) + APART;
  });
}

/** The same label, moved so that all of it lies on a picture. */
export function movedOnto(size: Size, label: Label): Label {
  const [across, up] = [reach(label, 0), reach(label, Math.PI / 2)];
  const within = (value: number, margin: number, most: number) =>
    most < 2 * margin ? most / 2 : Math.max(margin, Math.min(value, most - margin));
  return { ...label, x: within(label.x, across, size.width), y: within(label.y, up, size.height) };
}

export function isOn(size: Size, label: Label): boolean {
  const moved = movedOnto(size, label);
  return Math.hypot(moved.x - label.x, moved.y - label.y) < 1;
}

/** Half of what it takes along a direction. */
export function reach(
  { width, height, angle }: Pick<Label, "width" | "height" | "angle">,
  towards: number,
): number {
  const turned = towards - angle;
  return (Math.abs(Math.cos(turned)) * width + Math.abs(Math.sin(turned)) * height) / 2;
}
