// Where is there no value to draw: outside of what is computed, and where a cell isn't finite?

import type { Range } from "../protocol";

export interface Rectangle {
  readonly x: Range;
  readonly y: Range;
}

export type Polyline = { readonly x: (number | null)[]; readonly y: (number | null)[] };

const STROKES = 48;

/** The parts of the window that lie outside the known rectangle, without overlap. */
export function unknownGround(window: Rectangle, known: Rectangle): Rectangle[] {
  const [left, right] = [Math.max(window.x[0], known.x[0]), Math.min(window.x[1], known.x[1])];
  const [bottom, top] = [Math.max(window.y[0], known.y[0]), Math.min(window.y[1], known.y[1])];
  if (left >= right || bottom >= top) return [window];
  const candidates: Rectangle[] = [
    { x: [window.x[0], left], y: window.y },
    { x: [right, window.x[1]], y: window.y },
    { x: [left, right], y: [window.y[0], bottom] },
    { x: [left, right], y: [top, window.y[1]] },
  ];
  return candidates.filter(({ x, y }) => wider(x, window.x) && wider(y, window.y));
}

/** The first and last of an axis. */
export function ends(coordinates: Float64Array): Range {
  return [coordinates[0] ?? 0, coordinates.at(-1) ?? 0];
}

/** Where one cell's ground ends and the next begins: halfway, and at the ends of the axis. */
export function cellEdges(coordinates: Float64Array): Float64Array {
  const last = coordinates.length - 1;
  return Float64Array.from({ length: last + 2 }, (_, index) => {
    const before = coordinates[Math.max(0, index - 1)] ?? 0;
    return (before + (coordinates[Math.min(last, index)] ?? 0)) / 2;
  });
}

/** Diagonal strokes over the cells that aren't finite, as one line with gaps. */
export function hatch(x: Float64Array, y: Float64Array, rows: readonly Float64Array[]): Polyline {
  const line: Polyline = { x: [], y: [] };
  if (!rows.some((row) => row.some(Number.isNaN))) return line;
  const [columns, lines] = [cellEdges(x), cellEdges(y)];
  const [[left, right], [bottom, top]] = [ends(columns), ends(lines)];
  const [width, height] = [right - left, top - bottom];
  const share = (edges: Float64Array, start: number, size: number) =>
    Array.from(edges, (edge) => (edge - start) / size);
  const [across, up] = [share(columns, left, width), share(lines, bottom, height)];
  for (let stroke = 1; stroke < 2 * STROKES; stroke++) {
    // A diagonal is x + y = sum, in shares of the window; between two cuts it stays in one cell.
    const sum = stroke / STROKES;
    const cuts = [...across, ...up.map((share) => sum - share)]
      .filter((cut) => cut >= Math.max(0, sum - 1) && cut <= Math.min(1, sum))
      .sort((a, b) => a - b);
    let open = false;
    for (let index = 1; index < cuts.length; index++) {
      const [start = 0, end = 0] = [cuts[index - 1], cuts[index]];
      const middle = (start + end) / 2;
      const hole = Number.isNaN(rows[cellAt(up, sum - middle)]?.[cellAt(across, middle)] ?? 0);
      if (hole && !open) push(line, left + start * width, bottom + (sum - start) * height);
      if (hole) push(line, left + end * width, bottom + (sum - end) * height);
      if (!hole && open) push(line, null, null);
      open = hole;
    }
    if (open) push(line, null, null);
  }
  return line;
}

function cellAt(edges: readonly number[], share: number): number {
  let [low, high] = [0, edges.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? 0) <= share) low = middle;
    else high = middle;
  }
  return low;
}

function push(line: Polyline, x: number | null, y: number | null): void {
  line.x.push(x);
  line.y.push(y);
}

function wider(range: Range, window: Range): boolean {
  return range[1] - range[0] > 1e-6 * (window[1] - window[0]);
}
