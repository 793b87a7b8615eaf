// What do words on a picture in space need of a pen? A canvas has it, and so has a picture made of elements.

export type Pen = Pick<
  CanvasRenderingContext2D,
  | "save"
  | "restore"
  | "translate"
  | "rotate"
  | "fillRect"
  | "fillText"
  | "beginPath"
  | "moveTo"
  | "lineTo"
  | "stroke"
  | "fillStyle"
  | "strokeStyle"
  | "lineWidth"
  | "font"
  | "textAlign"
  | "textBaseline"
  | "globalAlpha"
> & {
  createLinearGradient(
    ...ends: readonly [number, number, number, number]
  ): Pick<CanvasGradient, "addColorStop">;
};
