// How do places in a room become places on a picture? Matrices, column by column as WebGL takes them.

import type { Vector } from "../protocol";

export type Matrix = Float64Array;
export type Triple = readonly [number, number, number];

/** From a camera's eye towards its centre, as plotly means it. */
export function lookAt(eye: Vector, center: Vector, up: Vector): Matrix {
  const back = unit([eye.x - center.x, eye.y - center.y, eye.z - center.z]);
  const right = rightOf(back, up);
  const above = cross(back, right);
  const from: Triple = [eye.x, eye.y, eye.z];
  return Float64Array.of(
    ...[right[0], above[0], back[0], 0],
    ...[right[1], above[1], back[1], 0],
    ...[right[2], above[2], back[2], 0],
    ...[-dot(right, from), -dot(above, from), -dot(back, from), 1],
  );
}

/** To the right of who looks against `back`; straight from above, what is up is behind. */
export function rightOf(back: Triple, up: Vector): Triple {
  const right = cross([up.x, up.y, up.z], back);
  return unit(Math.hypot(...right) < 1e-9 ? cross([0, Math.sign(back[2]) || 1, 0], back) : right);
}

/** `opening` is the angle from the lower edge to the upper, in radians. */
export function perspective(opening: number, shape: number, near: number, far: number): Matrix {
  const scale = 1 / Math.tan(opening / 2);
  return Float64Array.of(
    ...[scale / shape, 0, 0, 0],
    ...[0, scale, 0, 0],
    ...[0, 0, (far + near) / (near - far), -1],
    ...[0, 0, (2 * far * near) / (near - far), 0],
  );
}

/** The second, then the first. */
export function product(first: Matrix, second: Matrix): Matrix {
  return Float64Array.from({ length: 16 }, (_, index) => {
    const [column, row] = [index >> 2, index & 3];
    let sum = 0;
    for (let k = 0; k < 4; k++) sum += at(first, 4 * k + row) * at(second, 4 * column + k);
    return sum;
  });
}

/** Homogeneous: the last of the four is the distance in front of the eye. */
export function applied(matrix: Matrix, [x, y, z]: Triple): readonly [...Triple, number] {
  const row = (index: number) =>
    at(matrix, index) * x +
    at(matrix, 4 + index) * y +
    at(matrix, 8 + index) * z +
    at(matrix, 12 + index);
  return [row(0), row(1), row(2), row(3)];
}

export function cross(a: Triple, b: Triple): Triple {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function dot(a: Triple, b: Triple): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function unit(vector: Triple): Triple {
  const length = Math.hypot(...vector) || 1;
  return [vector[0] / length, vector[1] / length, vector[2] / length];
}

function at(matrix: Matrix, index: number): number {
  return matrix[index] as number;
}
