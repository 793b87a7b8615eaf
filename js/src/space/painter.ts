// In which order is a picture in space painted, so that what is nearer hides what is behind it?

import type { Rgba } from "../picture/css-color";
import { type Box, gridOf } from "./box";
import type { Gpu, Values } from "./gpu";
import { type Load, loadArea, loadLines, loadMarkers, loadSheet, type SheetLoad } from "./loads";
import type { AreaPart, LinePart, MarkerPart, Parts, SheetPart } from "./parts";
import type { AxisName, Room } from "./room";
import type { View } from "./view";

/** What stands around the parts. */
export interface Frame {
  readonly room: Room;
  readonly view: View;
  readonly box: Box;
  readonly wall: Rgba;
  readonly grid: Rgba;
  /** Where lines run over the walls, in the room. */
  readonly ticks: Readonly<Record<AxisName, readonly number[]>>;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
}

export interface Painter {
  /** Parts that are the same objects as before stay on the card. */
  load(parts: Parts): void;
  paint(frame: Frame): void;
  free(): void;
}

/** How much nearer than the ground they are drawn what lies on it, in depths from −1 to 1. */
const BIAS = { line: 0.0016, isoline: 0.001, marker: 0.004 } as const;

/** Pixels across a marker, of its size: as many as plotly's. */
const ACROSS = 1.35;

/** Of the steepness of light in the layout's words. */
const shininess = (roughness: number) => 2 / Math.max(0.05, roughness) ** 4;

export function createPainter(gpu: Gpu): Painter {
  const { gl } = gpu;
  const loads = new Map<object, Load>();
  let parts: Parts = { sheets: [], lines: [], markers: [], areas: [] };
  let life = gpu.life;

  function loaded<Part extends object, L extends Load>(
    part: Part,
    make: (gpu: Gpu, part: Part) => L,
  ): L {
    const found = (loads.get(part) as L | undefined) ?? make(gpu, part);
    loads.set(part, found);
    return found;
  }

  function keep(kept: ReadonlySet<object>): void {
    for (const [part, load] of loads) {
      if (kept.has(part)) continue;
      load.free();
      loads.delete(part);
    }
  }

  function once(load: Load): void {
    load.draw();
    load.free();
  }

  function walls({ box, room, view, wall, grid, ticks, ratio }: Frame, common: Values): void {
    gl.disable(gl.DEPTH_TEST);
    gpu.use("area", { ...common, ink: inkOf(wall), bias: 0 });
    for (const corners of box.walls) once(loadArea(gpu, { corners }));
    const pieces = gridOf(box, room, ticks);
    const line = { ...lineValues(view, ratio, 1, grid), ends: 0, bias: 0, isFlat: false };
    gpu.use("line", { ...common, ...line });
    once(loadLines(gpu, { pieces }));
    gl.enable(gl.DEPTH_TEST);
  }

  function area(part: AreaPart, common: Values): void {
    gpu.use("area", { ...common, ink: inkOf(part.color), bias: 0 });
    loaded(part, loadArea).draw();
  }

  function isolinesOf(
    { lines }: SheetPart,
    { view, ratio, room }: Frame,
    common: Values,
    isFlat: boolean,
  ): void {
    if (!lines || (isFlat && !lines.isOnFloor)) return;
    const look = lineValues(view, ratio, lines.width, lines.color);
    const place = { ends: 0, bias: BIAS.isoline, isFlat, lift: -room.half[2] };
    gpu.use("line", { ...common, ...look, ...place });
    loaded(lines, loadLines).draw();
  }

  function sheet(part: SheetPart, common: Values): void {
    const { light, opacity } = part;
    const load: SheetLoad = loaded(part, loadSheet);
    gl.bindTexture(gl.TEXTURE_2D, load.colors);
    const { ambient, diffuse, specular, roughness } = light;
    gpu.use("sheet", {
      ...common,
      light: [ambient, diffuse, specular, shininess(roughness)],
      opacity,
    });
    load.draw();
  }

  function line(part: LinePart, { view, ratio }: Frame, common: Values): void {
    const look = lineValues(view, ratio, part.width, part.color);
    gpu.use("line", { ...common, ...look, ends: 1, bias: BIAS.line, isFlat: false });
    loaded(part, loadLines).draw();
  }

  function markers(part: MarkerPart, { ratio }: Frame, common: Values): void {
    const { width, color } = part.outline;
    const look = { outline: width * ratio, ink: inkOf(color), opacity: 1, isFlat: false };
    gpu.use("marker", { ...common, ...look, scale: ACROSS * ratio, bias: BIAS.marker });
    loaded(part, loadMarkers).draw();
  }

  /** Below everything that stands, so that they needn't be sorted. */
  function shadows(part: MarkerPart, { ratio, room }: Frame, common: Values): void {
    if (!part.shadow) return;
    const { scale, opacity } = part.shadow;
    const look = {
      outline: part.outline.width * ratio * scale,
      ink: inkOf(part.outline.color),
      opacity,
    };
    const place = {
      isFlat: true,
      lift: -room.half[2],
      scale: ACROSS * scale * ratio,
      bias: BIAS.isoline,
    };
    gpu.use("marker", { ...common, ...look, ...place });
    loaded(part, loadMarkers).draw();
  }

  /** What may stand in front of the ground or behind it. */
  function standing(frame: Frame, common: Values): void {
    for (const part of parts.lines) line(part, frame, common);
    for (const part of parts.markers) markers(part, frame, common);
  }

  /** Where the ground lets one see through, only its nearest sheet does, and what is behind is there already. */
  function sheets(common: Values): void {
    const isClear = parts.sheets.some(({ opacity }) => opacity < 1);
    if (isClear) {
      gl.colorMask(false, false, false, false);
      for (const part of parts.sheets) sheet(part, common);
      gl.colorMask(true, true, true, true);
    }
    gl.depthFunc(gl.LEQUAL);
    for (const part of parts.sheets) sheet(part, common);
  }

  return {
    load(next) {
      parts = next;
      const isolines = next.sheets.flatMap(({ lines }) => lines ?? []);
      keep(new Set([...next.sheets, ...isolines, ...next.lines, ...next.markers, ...next.areas]));
    },
    paint(frame) {
      if (life !== gpu.life) loads.clear();
      life = gpu.life;
      const { room, view } = frame;
      const common: Values = {
        matrix: view.matrix,
        eye: view.eye,
        room: room.half,
        lift: 0,
        isCovering: false,
      };
      const isClear = parts.sheets.some(({ opacity }) => opacity < 1);
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      walls(frame, common);
      gl.depthFunc(gl.LEQUAL);
      for (const part of parts.areas) area(part, common);
      // From below, the floor is in front of everything.
      const isBelow = view.eye[2] < -room.half[2];
      const floorLines = () => {
        for (const part of parts.sheets) isolinesOf(part, frame, common, true);
      };
      if (!isBelow) floorLines();
      for (const part of parts.markers) shadows(part, frame, common);
      if (isClear) {
        // Without an order of their own: each edge covers a share of its pixel, whatever comes later.
        gl.enable(gl.SAMPLE_ALPHA_TO_COVERAGE);
        gl.blendFuncSeparate(gl.ONE, gl.ZERO, gl.ZERO, gl.ONE);
        standing(frame, { ...common, isCovering: true });
        gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
        gl.disable(gl.SAMPLE_ALPHA_TO_COVERAGE);
      }
      sheets(common);
      gl.depthMask(false);
      for (const part of parts.sheets) isolinesOf(part, frame, common, false);
      if (!isClear) standing(frame, common);
      if (isBelow) floorLines();
      gl.depthMask(true);
      gl.bindVertexArray(null);
    },
    free() {
      keep(new Set());
    },
  };
}

function lineValues({ size }: View, ratio: number, width: number, color: Rgba): Values {
  return {
    pixels: [size.width * ratio, size.height * ratio],
    width: width * ratio,
    ink: inkOf(color),
  };
}

function inkOf([red, green, blue, alpha]: Rgba): readonly number[] {
  return [red / 255, green / 255, blue / 255, alpha];
}
