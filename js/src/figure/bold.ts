// How does a picture look from the last row? Its letters larger, its lines and marks thicker.

import type { Theme } from "../picture/theme";
import type { Trace } from "../plotly";
import type { Request } from "../protocol";

/** As styles/root.css has it for all that isn't in the picture. */
export const LARGER = 1.5;

export function themeFor(theme: Theme, { big_type }: Request): Theme {
  return big_type ? { ...theme, fontSize: LARGER * theme.fontSize } : theme;
}

/** The same traces, for those in the last row with every stroke and mark larger. */
export function strokesFor(traces: readonly Trace[], { big_type }: Request): readonly Trace[] {
  return big_type ? traces.map(thicker) : traces;
}

type Part = Readonly<Record<string, unknown>>;

/** Sizes stand in few places; `size` of a contour plot's levels is none. */
function thicker(trace: Trace): Trace {
  return {
    ...trace,
    ...within(trace, "line", larger("width")),
    ...within(trace, "marker", (marker) => ({
      ...larger("size")(marker),
      ...within(marker, "line", larger("width")),
    })),
    ...within(trace, "contours", (contours) => ({
      ...contours,
      ...within(contours, "x", larger("highlightwidth")),
      ...within(contours, "y", larger("highlightwidth")),
      ...within(contours, "z", larger("width", "highlightwidth")),
    })),
  };
}

/** What `change` makes of one part, where there is such a part. */
function within(whole: Part, name: string, change: (part: Part) => Part): Part {
  const part = whole[name];
  return typeof part === "object" && part !== null ? { [name]: change(part as Part) } : {};
}

function larger(...names: readonly string[]): (part: Part) => Part {
  return (part) => ({
    ...part,
    ...Object.fromEntries(
      names.filter((name) => name in part).map((name) => [name, times(part[name])]),
    ),
  });
}

/** A size, or one for each mark. */
function times(value: unknown): unknown {
  if (typeof value === "number") return LARGER * value;
  return Array.isArray(value) ? value.map(times) : value;
}
