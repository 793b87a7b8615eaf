// What changes in a picture from one moment of training to the next?

import type { Layout, Plotly, Trace } from "../plotly";
import type { Camera } from "../protocol";

/** How much of the path is in sight; in space, the path's traces with other numbers. Everything else stays as it is. */
export interface Amendment {
  readonly shown: number;
  readonly inSpace: {
    readonly first: number;
    readonly traces: readonly Trace[];
    readonly camera: Camera;
  } | null;
}

/** On a chart nothing: its path is there already, as far as it is in sight. */
export async function amend(
  node: HTMLElement,
  plotly: Plotly,
  { inSpace }: Amendment,
): Promise<void> {
  if (inSpace === null) return;
  const { first, traces, camera } = inSpace;
  const indices = traces.map((_, index) => first + index);
  await plotly.update(node, numbersOf(traces), { "scene.camera": camera }, indices);
}

/** What differs from one moment to the next, a list a name; undefined leaves a trace as it is. */
function numbersOf(traces: readonly Trace[]): Readonly<Record<string, readonly unknown[]>> {
  const markers = traces.map(({ marker }) => marker as Layout | undefined);
  return {
    x: traces.map(({ x }) => x),
    y: traces.map(({ y }) => y),
    z: traces.map(({ z }) => z),
    customdata: traces.map(({ customdata }) => customdata),
    "marker.color": markers.map((marker) => marker?.color),
    "marker.size": markers.map((marker) => marker?.size),
  };
}
