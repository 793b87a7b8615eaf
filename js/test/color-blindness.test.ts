// Does more stay lighter than less for every eye? CIELAB lightness, as deuteranopes and protanopes see the colours.

import { expect, test } from "vitest";
import { colorAt } from "../src/figure/colors";
import type { Colors } from "../src/protocol";

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB. */
const EYES: Readonly<Record<string, Matrix>> = {
  ordinary: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanope: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranope: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

/** Relative luminance of linear sRGB. */
const LUMINANCE: Triple = [0.2126, 0.7152, 0.0722];

/** What an eye can tell apart on a screen without looking for it. */
const NOTICEABLE = 1;

function dot([a, b, c]: Triple, [x, y, z]: Triple): number {
  return a * x + b * y + c * z;
}

function linear(color: string): Triple {
  const channels = [1, 3, 5].map((start) => {
    const share = Number.parseInt(color.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return channels as unknown as Triple;
}

/** L* of CIELAB, 0 for black to 100 for white. */
function lightness(color: string, eye: string): number {
  const seen = (EYES[eye] as Matrix).map((row) => {
    return Math.min(1, Math.max(0, dot(row, linear(color))));
  }) as unknown as Triple;
  const y = dot(LUMINANCE, seen);
  return y > (6 / 29) ** 3 ? 116 * Math.cbrt(y) - 16 : (29 / 3) ** 3 * y;
}

test("black is 0, white 100 and middle grey between, for every eye", () => {
  for (const eye of Object.keys(EYES)) {
    expect(lightness("#000000", eye)).toBeCloseTo(0, 6);
    expect(lightness("#ffffff", eye)).toBeCloseTo(100, 2);
    expect(lightness("#777777", eye)).toBeCloseTo(50.03, 1);
  }
});

/** From one share of the range to another, in steps as fine as a colour bar shows. */
function steps(colors: Colors, from: number, to: number, eye: string): readonly number[] {
  return Array.from({ length: 17 }, (_, index) =>
    lightness(colorAt(colors, from + ((to - from) * index) / 16), eye),
  );
}

const cases = Object.keys(EYES).flatMap((eye) =>
  (
    [
      ["cividis", 0, 1],
      ["viridis", 0, 1],
      ["grey", 0, 1],
      ["diverging", 0, 0.5],
      ["diverging", 1, 0.5],
    ] as const
  ).map(([colors, from, to]) => [colors, from, to, eye] as const),
);

test.each(cases)("%s grows lighter from %d to %d for the %s", (colors, from, to, eye) => {
  const seen = steps(colors, from, to, eye);
  const rises = seen.slice(1).map((value, index) => value - (seen[index] as number));
  expect(Math.min(...rises)).toBeGreaterThan(NOTICEABLE);
});

test("a rainbow would be found out: it grows darker half-way", () => {
  const rainbow = ["#0000ff", "#00ffff", "#ffff00", "#ff0000"];
  for (const eye of Object.keys(EYES)) {
    const seen = rainbow.map((color) => lightness(color, eye));
    expect(seen).not.toEqual([...seen].sort((a, b) => a - b));
  }
});
