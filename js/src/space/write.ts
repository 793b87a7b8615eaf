// How do words get onto a picture in space?

import type { Label } from "./label";
import type { Pen } from "./pen";
import { LEADING } from "./text";

/** With a pen whose unit is a CSS pixel. */
export function write(pen: Pen, label: Label, family: string): void {
  const { lines, size, plate, stem, width, height } = label;
  pen.save();
  pen.globalAlpha = label.alpha;
  if (stem) {
    pen.strokeStyle = stem.color;
    pen.lineWidth = stem.width;
    pen.beginPath();
    pen.moveTo(label.x, label.y);
    pen.lineTo(stem.x, stem.y);
    pen.stroke();
  }
  pen.translate(label.x, label.y);
  pen.rotate(label.angle);
  if (plate) {
    const { padding } = plate;
    pen.fillStyle = plate.color;
    pen.fillRect(
      -width / 2 - padding,
      -height / 2 - padding,
      width + 2 * padding,
      height + 2 * padding,
    );
  }
  pen.fillStyle = label.color;
  pen.font = `${size}px ${family}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  lines.forEach((line, index) => {
    pen.fillText(line, 0, (index - (lines.length - 1) / 2) * LEADING * size);
  });
  pen.restore();
}
