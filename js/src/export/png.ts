// How does a picture with its words become a PNG?

import type { Theme } from "../picture/theme";
import { type Sheet, sheetAround, type Words } from "./sheet";

/** `picture` is `scale` times as large as on the screen, and so is the result. */
export async function pngOf(
  picture: HTMLCanvasElement,
  words: Words,
  theme: Theme,
  scale: number,
): Promise<Blob> {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("This browser draws no canvas, so there is no PNG; save the numbers.");
  const size = { width: picture.width / scale, height: picture.height / scale };
  const sheet = sheetAround(size, words, (text, points) => {
    pen.font = `${points}px ${theme.font}`;
    return pen.measureText(text).width;
  });
  canvas.width = Math.round(sheet.width * scale);
  canvas.height = Math.round(sheet.height * scale);
  pen.scale(scale, scale);
  pen.fillStyle = theme.paper;
  pen.fillRect(0, 0, sheet.width, sheet.height);
  pen.drawImage(picture, 0, sheet.top, size.width, size.height);
  write(pen, sheet, theme);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else
        reject(new Error("This browser made no PNG of it, it may be too large; take the smaller."));
    }, "image/png");
  });
}

function write(pen: CanvasRenderingContext2D, { lines }: Sheet, theme: Theme): void {
  for (const { text, x, y, size, isTitle } of lines) {
    pen.font = `${size}px ${theme.font}`;
    pen.fillStyle = isTitle ? theme.text : theme.muted;
    pen.fillText(text, x, y);
  }
}
