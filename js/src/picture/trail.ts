// How much of the path is in sight? plotly draws all of it once, and what comes after the moment is hidden: a moment
// later nothing is drawn again, neither by plotly nor the ground below.

import { PATH_UIDS } from "../figure/path";
import type { Trace } from "../plotly";

/** Show the first checkpoints of a chart's path; `node` is what plotly has drawn into. */
export function showTrail(node: HTMLElement, shown: number): void {
  for (const uid of PATH_UIDS.points) {
    for (const { point, index } of pointsOf(node, uid)) {
      point.style.visibility = index < shown ? "" : "hidden";
    }
  }
  const way = wayThrough(pointsOf(node, PATH_UIDS.checkpoints), shown);
  for (const uid of PATH_UIDS.lines) {
    node.querySelector(`.trace${uid} .js-line`)?.setAttribute("d", way);
  }
}

/** The same in a trace that is drawn anew: later checkpoints have no place. */
export function untilMoment(trace: Trace, shown: number): Trace {
  const uids: readonly unknown[] = [...PATH_UIDS.points, ...PATH_UIDS.lines];
  const { uid, x } = trace;
  if (!uids.includes(uid) || !isList(x)) return trace;
  return { ...trace, x: Array.from(x, (place, index) => (index < shown ? place : null)) };
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

interface Point {
  readonly point: SVGElement;
  /** Among the checkpoints: those without a place have no point. */
  readonly index: number;
}

/** plotly binds to each node what it draws there, as d3 does. */
type Bound = SVGElement & { readonly __data__?: { readonly i?: number } };

function pointsOf(node: HTMLElement, uid: string): readonly Point[] {
  const points = [...node.querySelectorAll<Bound>(`.trace${uid} .point`)];
  return points.map((point, order) => ({ point, index: point.__data__?.i ?? order }));
}

/** Through the places of the points, which plotly has moved there. */
function wayThrough(points: readonly Point[], shown: number): string {
  const places = points.flatMap(({ point, index }) => {
    const place = /translate\(([^,)]+)[, ]([^)]+)\)/.exec(point.getAttribute("transform") ?? "");
    return place && index < shown ? [`${place[1]},${place[2]}`] : [];
  });
  // Without a place to go to, a line that ends where it begins.
  return `M${places.length > 0 ? places.join("L") : "0,0"}`;
}
