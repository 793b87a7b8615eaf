// What stands in a title, and how much room does it take? Lines and entities are all the markup there is.

export interface Font {
  readonly size: number;
  readonly color: string;
}

/** Pixels of a line of text. */
export type Measure = (line: string, size: number) => number;

/** A line's height, in its font's size. */
export const LEADING = 1.3;

/** "a &lt; b<br>c" as two lines of plain text; empty ones at the ends are left out. */
export function linesOf(markup: string): readonly string[] {
  return markup
    .split(/<br\s*\/?>/)
    .map((line) =>
      line.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&").trim(),
    )
    .filter((line) => line !== "");
}

export interface Extent {
  readonly width: number;
  readonly height: number;
}

export function extentOf(lines: readonly string[], size: number, measure: Measure): Extent {
  const widths = lines.map((line) => measure(line, size));
  return { width: Math.max(0, ...widths), height: LEADING * size * lines.length };
}
