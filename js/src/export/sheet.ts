// What stands on a picture that is taken along: title, what is said of it, the picture, its settings in small print? Pure.

import type { Size } from "../space/view";

/** What is to be written around a picture. */
export interface Words {
  readonly title: string;
  /** How far it is to be trusted. */
  readonly said: readonly string[];
  /** What makes it again. */
  readonly settings: readonly string[];
}

/** One line of text, its base line at the place. */
export interface Line {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly isTitle: boolean;
}

export interface Sheet extends Size {
  /** Where the picture begins. */
  readonly top: number;
  readonly lines: readonly Line[];
}

const TITLE = 17;
const SAID = 11.5;
const SETTINGS = 9;
const LEADING = 1.4;
const MARGIN = 12;

/** Pixels of a text in a size. */
export type Measure = (text: string, size: number) => number;

export function sheetAround(picture: Size, words: Words, measure: Measure): Sheet {
  const room = picture.width - 2 * MARGIN;
  const wrapped = (parts: readonly string[], size: number) => wrap(parts, room, size, measure);
  const above = [
    ...wrapped([words.title], TITLE).map((text) => ({ text, size: TITLE, isTitle: true })),
    ...wrapped(words.said, SAID).map((text) => ({ text, size: SAID, isTitle: false })),
  ];
  const below = wrapped(words.settings, SETTINGS).map((text) => ({
    ...{ text, size: SETTINGS, isTitle: false },
  }));
  const lines: Line[] = [];
  let y = MARGIN / 2;
  const put = (line: Omit<Line, "x" | "y">) => {
    y += LEADING * line.size;
    lines.push({ ...line, x: MARGIN, y });
  };
  above.forEach(put);
  y += MARGIN;
  const top = y;
  y += picture.height;
  below.forEach(put);
  return { width: picture.width, height: Math.ceil(y + MARGIN), top, lines };
}

/** As many parts a line as fit, with dots between; a part that is too long is broken at its spaces. */
function wrap(
  parts: readonly string[],
  room: number,
  size: number,
  measure: Measure,
): readonly string[] {
  const lines: string[] = [];
  const add = (text: string, gap: string) => {
    const last = lines.at(-1);
    if (last !== undefined && measure(last + gap + text, size) <= room) {
      lines[lines.length - 1] = last + gap + text;
    } else lines.push(text);
  };
  for (const part of parts.filter((one) => one !== "")) {
    if (measure(part, size) <= room) add(part, " · ");
    else {
      const [first = "", ...others] = part.split(" ");
      lines.push(first);
      for (const word of others) add(word, " ");
    }
  }
  return lines;
}
