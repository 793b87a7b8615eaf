// How does a picture with its words become an SVG, its text still text? Pure.

import type { Theme } from "../picture/theme";
import type { Size } from "../space/view";
import { type Measure, sheetAround, type Words } from "./sheet";

/** What a renderer draws, as the inside of an SVG of its size. */
export interface Vector extends Size {
  readonly markup: string;
}

export function svgOf(picture: Vector, words: Words, theme: Theme, measure: Measure): string {
  const { width, height, top, lines } = sheetAround(picture, words, measure);
  const texts = lines.map(
    ({ text, x, y, size, isTitle }) =>
      `<text x="${x}" y="${round(y)}" font-size="${size}" fill="${escaped(isTitle ? theme.text : theme.muted)}">${escaped(text)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escaped(theme.font)}">`,
    `<rect width="${width}" height="${height}" fill="${escaped(theme.paper)}"/>`,
    `<g transform="translate(0 ${round(top)})">${picture.markup}</g>`,
    ...texts,
    "</svg>\n",
  ].join("\n");
}

export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
