// What of a picture lies on the graphics card, and how is it drawn from there?

import type { Gpu } from "./gpu";
import type { AreaPart, LinePart, MarkerPart, SheetPart } from "./parts";
import { MARKER_NUMBERS } from "./parts";
import { POINT } from "./sheet";

/** Something on the card; `free` forgets it. */
export interface Load {
  draw(): void;
  free(): void;
}

export interface SheetLoad extends Load {
  /** To be bound before its colours are read. */
  readonly colors: WebGLTexture;
}

const BYTES = 4;

export function loadSheet({ gl }: Gpu, { sheet, colors }: SheetPart): SheetLoad {
  const { array, free } = arrays(gl, [
    { target: gl.ARRAY_BUFFER, data: sheet.points },
    { target: gl.ELEMENT_ARRAY_BUFFER, data: sheet.triangles },
  ]);
  attribute(gl, 0, 3, POINT, 0);
  attribute(gl, 1, 3, POINT, 3);
  gl.bindVertexArray(null);
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  const width = colors.length / 4;
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, width, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, colors);
  for (const [name, value] of [
    [gl.TEXTURE_MIN_FILTER, gl.LINEAR],
    [gl.TEXTURE_MAG_FILTER, gl.LINEAR],
    [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE],
    [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
  ] as const) {
    gl.texParameteri(gl.TEXTURE_2D, name, value);
  }
  return {
    colors: texture,
    draw() {
      gl.bindVertexArray(array);
      gl.drawElements(gl.TRIANGLES, sheet.triangles.length, gl.UNSIGNED_INT, 0);
    },
    free() {
      free();
      gl.deleteTexture(texture);
    },
  };
}

/** Four corners a piece, made by the card itself. */
export function loadLines({ gl }: Gpu, { pieces }: Pick<LinePart, "pieces">): Load {
  const { array, free } = arrays(gl, [{ target: gl.ARRAY_BUFFER, data: pieces }]);
  attribute(gl, 0, 3, 6, 0, 1);
  attribute(gl, 1, 3, 6, 3, 1);
  gl.bindVertexArray(null);
  return {
    draw() {
      gl.bindVertexArray(array);
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, pieces.length / 6);
    },
    free,
  };
}

export function loadMarkers({ gl }: Gpu, { markers, count }: MarkerPart): Load {
  const { array, free } = arrays(gl, [{ target: gl.ARRAY_BUFFER, data: markers }]);
  attribute(gl, 0, 3, MARKER_NUMBERS, 0);
  attribute(gl, 1, 2, MARKER_NUMBERS, 3);
  attribute(gl, 2, 4, MARKER_NUMBERS, 5);
  gl.bindVertexArray(null);
  return {
    draw() {
      gl.bindVertexArray(array);
      gl.drawArrays(gl.POINTS, 0, count);
    },
    free,
  };
}

export function loadArea({ gl }: Gpu, { corners }: Pick<AreaPart, "corners">): Load {
  const { array, free } = arrays(gl, [{ target: gl.ARRAY_BUFFER, data: corners }]);
  attribute(gl, 0, 3, 3, 0);
  gl.bindVertexArray(null);
  return {
    draw() {
      gl.bindVertexArray(array);
      gl.drawArrays(gl.TRIANGLE_FAN, 0, corners.length / 3);
    },
    free,
  };
}

interface Content {
  readonly target: GLenum;
  readonly data: Float32Array | Uint32Array;
}

/** A vertex array with its buffers, still bound. */
function arrays(gl: WebGL2RenderingContext, contents: readonly Content[]) {
  const array = gl.createVertexArray();
  gl.bindVertexArray(array);
  const buffers = contents.map(({ target, data }) => {
    const buffer = gl.createBuffer();
    gl.bindBuffer(target, buffer);
    gl.bufferData(target, data, gl.STATIC_DRAW);
    return buffer;
  });
  return {
    array,
    free() {
      gl.deleteVertexArray(array);
      for (const buffer of buffers) gl.deleteBuffer(buffer);
    },
  };
}

/** `stride` and `offset` in numbers; `divisor` 1 where it holds for a whole piece. */
function attribute(
  gl: WebGL2RenderingContext,
  place: number,
  size: number,
  stride: number,
  offset: number,
  divisor = 0,
): void {
  gl.enableVertexAttribArray(place);
  gl.vertexAttribPointer(place, size, gl.FLOAT, false, BYTES * stride, BYTES * offset);
  gl.vertexAttribDivisor(place, divisor);
}
