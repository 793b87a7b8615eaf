// What plotly leaves in the page of a path on a chart: a group a trace, a node a point.

import { PATH_UIDS } from "../src/figure/path";

const NAMESPACE = "http://www.w3.org/2000/svg";

/** The points of the checkpoints, one every ten pixels; `gaps` are those that plotly didn't draw. */
export function plotted(node: HTMLElement, size: number, gaps: readonly number[] = []) {
  const groups = [...PATH_UIDS.lines, ...PATH_UIDS.points].map((uid) => {
    const group = svg("g", `trace scatter trace${uid}`);
    const isLine = uid === PATH_UIDS.lines[0] || uid === PATH_UIDS.lines[1];
    if (isLine) group.append(svg("path", "js-line"));
    else group.append(...points(size, gaps));
    return group;
  });
  const layer = svg("svg", "scatterlayer");
  layer.append(...groups);
  node.append(layer);
  return [...(groups.at(-1)?.children ?? [])] as SVGElement[];
}

function points(size: number, gaps: readonly number[]): readonly SVGElement[] {
  const drawn = [...Array(size).keys()].filter((index) => !gaps.includes(index));
  return drawn.map((i) => {
    const point = svg("path", "point");
    point.setAttribute("transform", `translate(${10 * i},${5 * i})`);
    return Object.assign(point, { __data__: { i } });
  });
}

function svg(tag: string, classes: string): SVGElement {
  const node = document.createElementNS(NAMESPACE, tag) as SVGElement;
  node.setAttribute("class", classes);
  return node;
}
