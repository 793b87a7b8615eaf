// What does a sheet look like as triangles: cut to the window, fine enough to be smooth, with its slopes for the light?

import type { Range } from "../protocol";
import type { Room } from "./room";

/** Rows of heights on two axes, as a trace of a surface has them; NaN is a hole. */
export interface Ground {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly z: readonly ArrayLike<number>[];
  /** What the colour stands for, from `cmin` to `cmax`. */
  readonly surfacecolor: readonly ArrayLike<number>[];
  readonly cmin: number;
  readonly cmax: number;
  /** Heights before they were cut off at a ceiling; without both, nothing was. */
  readonly uncut?: readonly ArrayLike<number>[];
  readonly ceiling?: number;
}

export interface Sheet {
  readonly columns: number;
  readonly rows: number;
  /** Six numbers a point: its place in the room, its share of the colours, its slopes along x and y. */
  readonly points: Float32Array;
  readonly triangles: Uint32Array;
}

export const POINT = 6;

/** Coarser ones are bent along straight cells, so that light and outline have no corners. */
const FINE = 96;
/** The same where a ceiling cuts off, whose edge would be a row of teeth. */
const EDGED = 240;
/** Colours far beyond both ends are theirs; infinite ones couldn't be mixed. */
const BEYOND = 1e6;

export function sheetOf(ground: Ground, room: Room): Sheet {
  const { ceiling = Infinity, uncut = ground.z } = ground;
  const fine = ceiling < Infinity ? EDGED : FINE;
  const across = placesOn(ground.x, room.ranges.x, fine);
  const up = placesOn(ground.y, room.ranges.y, fine);
  const [columns, rows] = [across.at.length, up.at.length];
  const points = new Float32Array(POINT * columns * rows);
  const x = Float64Array.from(across.at, (value) => room.at(0, value));
  const y = Float64Array.from(up.at, (value) => room.at(1, value));
  for (let row = 0, point = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, point += POINT) {
      points[point] = x[column] as number;
      points[point + 1] = y[row] as number;
    }
  }
  const [floor, rise] = [room.ranges.z[0], 2 * room.half[2]];
  const perHeight = rise / (room.ranges.z[1] - floor);
  const slopes = slopesOf(ground, room, perHeight);
  spread(uncut, across, up, points, 2);
  spread(ground.surfacecolor, across, up, points, 3);
  spread(slopes.x, across, up, points, 4);
  spread(slopes.y, across, up, points, 5);
  const perTone = 1 / (ground.cmax - ground.cmin);
  for (let point = 0; point < points.length; point += POINT) {
    const height = points[point + 2] as number;
    points[point + 2] = ((height > ceiling ? ceiling : height) - floor) * perHeight - rise / 2;
    const share = ((points[point + 3] as number) - ground.cmin) * perTone;
    points[point + 3] = share > BEYOND ? BEYOND : share < -1 ? -1 : share;
  }
  return { columns, rows, points, triangles: trianglesOf(points, columns, rows) };
}

/** Places along an axis: each between two of its nodes, `share` of the way. */
interface Places {
  readonly at: Float64Array;
  readonly from: Int32Array;
  readonly share: Float64Array;
}

/** The nodes in the window, its ends where they lie between nodes, and what makes it fine. */
export function placesOn(axis: ArrayLike<number>, [low, high]: Range, fine = FINE): Places {
  const at: number[] = [];
  const from: number[] = [];
  const share: number[] = [];
  const push = (node: number, part: number) => {
    const [start, end] = [axis[node] as number, axis[node + 1] ?? 0];
    at.push(part === 0 ? start : start + part * (end - start));
    from.push(node);
    share.push(part);
  };
  for (let node = 0; node + 1 < axis.length; node++) {
    const [start, end] = [axis[node] as number, axis[node + 1] as number];
    const [left, right] = [Math.max(start, low), Math.min(end, high)];
    if (!(left < right)) continue;
    const pieces = Math.max(1, Math.round((fine * (right - left)) / (high - low)));
    for (let piece = 0; piece < pieces; piece++) {
      const place = left + ((right - left) * piece) / pieces;
      push(node, (place - start) / (end - start));
    }
    // The last of a window that ends between two nodes, or the last node there is.
    if (right < end) push(node, (right - start) / (end - start));
    else if (node + 2 === axis.length || !((axis[node + 1] as number) < high)) push(node + 1, 0);
  }
  return {
    at: Float64Array.from(at),
    from: Int32Array.from(from),
    share: Float64Array.from(share),
  };
}

/** Straight between nodes, into every sixth number; NaN beside NaN. */
function spread(
  values: readonly ArrayLike<number>[],
  across: Places,
  up: Places,
  into: Float32Array,
  offset: number,
): void {
  const columns = across.at.length;
  for (let row = 0, point = offset; row < up.at.length; row++) {
    const rise = up.share[row] as number;
    const low = values[up.from[row] as number] as ArrayLike<number>;
    const high = rise === 0 ? low : (values[(up.from[row] as number) + 1] as ArrayLike<number>);
    for (let column = 0; column < columns; column++, point += POINT) {
      const [left, part] = [across.from[column] as number, across.share[column] as number];
      const right = part === 0 ? left : left + 1;
      const below = mixed(low[left] as number, low[right] as number, part);
      into[point] =
        rise === 0
          ? below
          : mixed(below, mixed(high[left] as number, high[right] as number, part), rise);
    }
  }
}

function mixed(low: number, high: number, share: number): number {
  return share === 0 ? low : low + (high - low) * share;
}

/** How steep the room's ground is at each node; flat beside holes. */
function slopesOf({ x, y, z }: Ground, room: Room, perHeight: number) {
  const [columns, rows] = [x.length, y.length];
  const inRoom = (axis: 0 | 1, values: ArrayLike<number>) =>
    Float64Array.from(values, (value) => room.at(axis, value));
  const [across, up] = [inRoom(0, x), inRoom(1, y)];
  const slopes = {
    x: Array.from({ length: rows }, () => new Float64Array(columns)),
    y: Array.from({ length: rows }, () => new Float64Array(columns)),
  };
  for (let row = 0; row < rows; row++) {
    const [below, here, above] = [z[row - 1], z[row] as ArrayLike<number>, z[row + 1]];
    const [alongX, alongY] = [slopes.x[row] as Float64Array, slopes.y[row] as Float64Array];
    for (let column = 0; column < columns; column++) {
      const height = here[column] as number;
      const [left, right] = [known(here[column - 1]), known(here[column + 1])];
      const wide =
        at(across, right === null ? column : column + 1) -
        at(across, left === null ? column : column - 1);
      if (wide > 0) alongX[column] = (((right ?? height) - (left ?? height)) * perHeight) / wide;
      const [low, high] = [known(below?.[column]), known(above?.[column])];
      const deep = at(up, high === null ? row : row + 1) - at(up, low === null ? row : row - 1);
      if (deep > 0) alongY[column] = (((high ?? height) - (low ?? height)) * perHeight) / deep;
    }
  }
  return slopes;
}

function at(values: Float64Array, index: number): number {
  return values[index] as number;
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

/** Two a cell whose four corners there are. */
function trianglesOf(points: Float32Array, columns: number, rows: number): Uint32Array {
  const triangles = new Uint32Array(6 * Math.max(0, columns - 1) * Math.max(0, rows - 1));
  const isHole = (point: number) => Number.isNaN(points[POINT * point + 2] as number);
  let count = 0;
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const corner = row * columns + column;
      const above = corner + columns;
      if (isHole(corner) || isHole(corner + 1) || isHole(above) || isHole(above + 1)) continue;
      triangles[count++] = corner;
      triangles[count++] = corner + 1;
      triangles[count++] = above;
      triangles[count++] = above;
      triangles[count++] = corner + 1;
      triangles[count++] = above + 1;
    }
  }
  return triangles.subarray(0, count);
}
