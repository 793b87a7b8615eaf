// How do all pictures of a page share one WebGL context? Each is drawn on a canvas that nobody sees, and copied.

import type { Matrix } from "./matrix";
import { AREA, LINE, MARKER, SHEET } from "./shaders";

export interface Program {
  readonly handle: WebGLProgram;
  /** Null for what the driver found unused. */
  readonly places: ReadonlyMap<string, WebGLUniformLocation>;
}

export type ProgramName = "sheet" | "line" | "marker" | "area";

export interface Gpu {
  readonly gl: WebGL2RenderingContext;
  /** Counts how often the context came back: what was uploaded before is gone. */
  readonly life: number;
  readonly isLost: boolean;
  use(name: ProgramName, values: Values): void;
  /** Draw so many device pixels, and copy them to a picture's canvas. */
  paint(onto: CanvasRenderingContext2D, at: Box, draw: () => void): void;
  /** Whatever size it takes, only for this once. */
  once(work: () => void): void;
  /** Told when the context is back. */
  onReturn(listener: () => void, stop: AbortSignal): void;
}

/** In device pixels from the upper left. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

type Value = number | boolean | readonly number[] | Matrix;
export type Values = Readonly<Record<string, Value>>;

const SOURCES = { sheet: SHEET, line: LINE, marker: MARKER, area: AREA } as const;

/** Null where there is no WebGL 2. */
export function openGpu(): Gpu | null {
  const canvas = document.createElement("canvas");
  const gl = canvas.getContext("webgl2", { antialias: true, powerPreference: "low-power" });
  if (!gl) return null;
  const returned = new EventTarget();
  let programs = new Map<ProgramName, Program>();
  let life = 0;
  let isLost = false;
  canvas.addEventListener("webglcontextlost", (event) => {
    event.preventDefault();
    isLost = true;
  });
  canvas.addEventListener("webglcontextrestored", () => {
    programs = new Map();
    isLost = false;
    life++;
    returned.dispatchEvent(new Event("return"));
  });

  function programOf(name: ProgramName): Program {
    const found = programs.get(name) ?? build(gl as WebGL2RenderingContext, SOURCES[name]);
    programs.set(name, found);
    return found;
  }

  return {
    gl,
    get life() {
      return life;
    },
    get isLost() {
      return isLost || gl.isContextLost();
    },
    use(name, values) {
      const { handle, places } = programOf(name);
      gl.useProgram(handle);
      for (const [key, value] of Object.entries(values)) set(gl, places.get(key), value);
    },
    paint(onto, { left, top, width, height }, draw) {
      // It only grows, for each new size is a new drawing buffer.
      if (canvas.width < width) canvas.width = width;
      if (canvas.height < height) canvas.height = height;
      gl.viewport(0, 0, width, height);
      gl.enable(gl.SCISSOR_TEST);
      gl.scissor(0, 0, width, height);
      gl.depthMask(true);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
      draw();
      onto.drawImage(canvas, 0, canvas.height - height, width, height, left, top, width, height);
    },
    once(work) {
      const { width, height } = canvas;
      work();
      Object.assign(canvas, { width, height });
    },
    onReturn(listener, stop) {
      returned.addEventListener("return", listener, { signal: stop });
    },
  };
}

function set(
  gl: WebGL2RenderingContext,
  place: WebGLUniformLocation | undefined,
  value: Value,
): void {
  if (place === undefined) return;
  if (typeof value === "boolean") gl.uniform1i(place, Number(value));
  else if (typeof value === "number") gl.uniform1f(place, value);
  else if (value.length === 2) gl.uniform2fv(place, value as number[]);
  else if (value.length === 3) gl.uniform3fv(place, value as number[]);
  else if (value.length === 4) gl.uniform4fv(place, value as number[]);
  else gl.uniformMatrix4fv(place, false, Float32Array.from(value));
}

function build(
  gl: WebGL2RenderingContext,
  { vertex, fragment }: (typeof SOURCES)[ProgramName],
): Program {
  const handle = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) continue;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(handle, shader);
  }
  gl.linkProgram(handle);
  if (!gl.getProgramParameter(handle, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`the graphics driver refuses a shader: ${gl.getProgramInfoLog(handle)}`);
  }
  const count: number = gl.getProgramParameter(handle, gl.ACTIVE_UNIFORMS) ?? 0;
  const names = Array.from(
    { length: count },
    (_, index) => gl.getActiveUniform(handle, index)?.name,
  );
  const places = new Map<string, WebGLUniformLocation>();
  for (const name of names) {
    const place = name === undefined ? null : gl.getUniformLocation(handle, name);
    if (name !== undefined && place) places.set(name, place);
  }
  return { handle, places };
}
