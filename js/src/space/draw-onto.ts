// How do the room, its words and its colour bar get onto a canvas?

import type { Layout } from "../plotly";
import { arranged, familyOf, measureWith, type Standing } from "./arranged";
import { writeColorBar } from "./color-bar";
import type { Gpu } from "./gpu";
import type { Painter } from "./painter";
import { rgba } from "./parts";
import type { Pen } from "./pen";
import type { Size } from "./view";
import { axisOf, labelsOf, tickPlaces } from "./words";
import { write } from "./write";

/** `ratio` device pixels a CSS pixel; `words` takes those instead, where it is another pen. */
export async function drawOnto(
  onto: CanvasRenderingContext2D,
  standing: Standing,
  size: Size,
  ratio: number,
  { gpu, painter }: { readonly gpu: Gpu; readonly painter: Painter },
  words: Pen = onto,
): Promise<void> {
  const { layout, room } = standing;
  const { left, top, bar, view, box } = arranged(standing, size, onto);
  const family = familyOf(layout);
  const scaled = (value: number) => Math.round(value * ratio);
  const pixels = { width: scaled(view.size.width), height: scaled(view.size.height) };
  const { backgroundcolor, gridcolor } = axisOf(layout.scene as Layout, "x");
  const frame = {
    ...{ room, view, box, ratio },
    wall: rgba(backgroundcolor),
    grid: rgba(gridcolor),
    ticks: tickPlaces(layout, room),
  };
  await gpu.paint(
    pixels,
    () => painter.paint(frame),
    (from, below) => {
      const { width, height } = pixels;
      clear(onto, { width: scaled(size.width), height: scaled(size.height) });
      onto.drawImage(from, 0, below, width, height, scaled(left), scaled(top), width, height);
      onto.setTransform(ratio, 0, 0, ratio, 0, 0);
      if (bar) writeColorBar(words, bar, size, family);
      words.translate(left, top);
      for (const label of labelsOf(layout, { room, view, box }, measureWith(onto, family))) {
        write(words, label, family);
      }
    },
  );
}

/** Of that size, empty, and with a pen for device pixels. */
function clear(pen: CanvasRenderingContext2D, { width, height }: Size): void {
  const { canvas } = pen;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, width, height);
}
