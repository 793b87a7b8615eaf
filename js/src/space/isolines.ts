// Where does a sheet cross given heights? Straight through each of its triangles, so that the lines lie on it.

import { POINT, type Sheet } from "./sheet";

/** Six numbers a piece: from and to, in the room. */
export type Pieces = Float32Array;

/** `heights` ascend, in the room. */
export function isolines({ points, triangles }: Sheet, heights: readonly number[]): Pieces {
  let pieces = new Float32Array(6 * 1024);
  let count = 0;
  const height = (point: number) => points[POINT * point + 2] as number;
  function cut(from: number, to: number, level: number): void {
    const [start, end] = [height(from), height(to)];
    const share = (level - start) / (end - start);
    const [a, b] = [POINT * from, POINT * to];
    for (let axis = 0; axis < 2; axis++) {
      const place = points[a + axis] as number;
      pieces[count++] = place + share * ((points[b + axis] as number) - place);
    }
    pieces[count++] = level;
  }
  for (let corner = 0; corner < triangles.length; corner += 3) {
    const a = triangles[corner] as number;
    const b = triangles[corner + 1] as number;
    const c = triangles[corner + 2] as number;
    const [za, zb, zc] = [height(a), height(b), height(c)];
    const low = Math.min(za, zb, zc);
    const high = Math.max(za, zb, zc);
    for (let index = firstAbove(heights, low); index < heights.length; index++) {
      const level = heights[index] as number;
      if (level > high) break;
      // Above counts as much as on it: a corner on the line belongs to one side.
      const [isA, isB, isC] = [za >= level, zb >= level, zc >= level];
      if (isA === isB && isB === isC) continue;
      if (count + 6 > pieces.length) {
        const longer = new Float32Array(2 * pieces.length);
        longer.set(pieces);
        pieces = longer;
      }
      const alone = isA === isB ? c : isA === isC ? b : a;
      for (const other of [a, b, c]) if (other !== alone) cut(alone, other, level);
    }
  }
  return pieces.subarray(0, count);
}

/** The first height that isn't below; the heights ascend. */
function firstAbove(heights: readonly number[], low: number): number {
  let index = 0;
  while (index < heights.length && (heights[index] as number) < low) index++;
  return index;
}
