// How do all pictures of a page share one WebGL context? Each is drawn on a canvas that nobody sees, and copied.

import type { Matrix } from "./matrix";
import { AREA, LINE, MARKER, SHEET } from "./shaders";
import type { Size } from "./view";

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
  /** Draw so many device pixels; once they are there, `copy` is given where. One at a time. */
  paint(
    size: Size,
    draw: () => void,
    copy: (from: HTMLCanvasElement, top: number) => void,
  ): Promise<void>;
  /** Whatever size it takes, only for this once. */
  once(work: () => Promise<void>): Promise<void>;
  /** Told when the context is back. */
  onReturn(listener: () => void, stop: AbortSignal): void;
}

/** Milliseconds to copy a picture: where even the fastest of some takes longer, the page waits for a card that is none. */
const SLOW = 4;
const SOME = 3;
/** Milliseconds between two looks whether it is drawn. */
const LOOK = 3;

type Value = number | boolean | readonly number[] | Matrix;
export type Values = Readonly<Record<string, Value>>;

const SOURCES = { sheet: SHEET, line: LINE, marker: MARKER, area: AREA } as const;

/** Null where there is no WebGL 2. */
export function openGpu(): Gpu | null {
  const canvas = document.createElement("canvas");
  const gl = canvas.getContext("webgl2", {
    antialias: true,
    preserveDrawingBuffer: true,
    powerPreference: "low-power",
  });
  if (!gl) return null;
  const returned = new EventTarget();
  let programs = new Map<ProgramName, Program>();
  let life = 0;
  let isLost = false;
  const copies: number[] = [];
  const isSlow = () => copies.length >= SOME && Math.min(...copies) > SLOW;
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
    async paint({ width, height }, draw, copy) {
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
      if (isSlow()) await drawn(gl);
      const start = performance.now();
      copy(canvas, canvas.height - height);
      if (copies.length < SOME) copies.push(performance.now() - start);
    },
    async once(work) {
      const { width, height } = canvas;
      await work();
      Object.assign(canvas, { width, height });
    },
    onReturn(listener, stop) {
      returned.addEventListener("return", listener, { signal: stop });
    },
  };
}

/** Resolves when the card has done what it was told; or lost it. */
async function drawn(gl: WebGL2RenderingContext): Promise<void> {
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  if (!fence) return;
  while (gl.clientWaitSync(fence, 0, 0) === gl.TIMEOUT_EXPIRED) {
    await new Promise((done) => setTimeout(done, LOOK));
  }
  gl.deleteSync(fence);
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
