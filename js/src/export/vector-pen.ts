// What does a pen write that leaves elements instead of pixels? As much of a canvas as words in space need.

import type { Pen } from "../space/pen";
import { escaped, round } from "./svg";

interface Ink {
  readonly fillStyle: string | Gradient;
  readonly strokeStyle: string;
  readonly lineWidth: number;
  readonly font: string;
  readonly textAlign: CanvasTextAlign;
  readonly textBaseline: CanvasTextBaseline;
  readonly globalAlpha: number;
  /** Turns and moves, the outermost first. */
  readonly transform: string;
}

const START: Ink = {
  fillStyle: "#000000",
  strokeStyle: "#000000",
  lineWidth: 1,
  font: "10px sans-serif",
  textAlign: "start",
  textBaseline: "alphabetic",
  globalAlpha: 1,
  transform: "",
};
const ANCHORS: Partial<Record<CanvasTextAlign, string>> = {
  center: "middle",
  right: "end",
  end: "end",
};
/** In the type's size, below the middle: where a base line is. */
const MIDDLE = 0.35;

class Gradient {
  readonly stops: string[] = [];
  constructor(
    readonly id: string,
    readonly ends: readonly [number, number, number, number],
  ) {}
  addColorStop(share: number, color: string): void {
    this.stops.push(`<stop offset="${round(share)}" stop-color="${escaped(color)}"/>`);
  }
  get markup(): string {
    const [x1, y1, x2, y2] = this.ends.map(round);
    return `<linearGradient id="${this.id}" gradientUnits="userSpaceOnUse" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}">${this.stops.join("")}</linearGradient>`;
  }
}

/** `name` tells its gradients from those of other pictures on a page. */
export function createVectorPen(name: string): { readonly pen: Pen; markup(): string } {
  const elements: string[] = [];
  const gradients: Gradient[] = [];
  const kept: Ink[] = [];
  let path = "";
  const ink = { ...START } as { -readonly [Name in keyof Ink]: Ink[Name] };

  function put(
    tag: string,
    attributes: Readonly<Record<string, string | number>>,
    text = "",
  ): void {
    const shown = {
      ...attributes,
      ...(ink.globalAlpha < 1 && { opacity: round(ink.globalAlpha) }),
      ...(ink.transform && { transform: ink.transform.trim() }),
    };
    const written = Object.entries(shown).map(
      ([name, value]) => ` ${name}="${escaped(String(value))}"`,
    );
    elements.push(`<${tag}${written.join("")}>${escaped(text)}</${tag}>`);
  }
  const paint = () =>
    typeof ink.fillStyle === "string" ? ink.fillStyle : `url(#${ink.fillStyle.id})`;

  const pen = Object.assign(ink, {
    save: () => void kept.push({ ...START, ...pick(ink) }),
    restore: () => void Object.assign(ink, kept.pop()),
    translate(x: number, y: number) {
      ink.transform += ` translate(${round(x)} ${round(y)})`;
    },
    rotate(angle: number) {
      if (angle !== 0) ink.transform += ` rotate(${round((angle * 180) / Math.PI)})`;
    },
    fillRect(x: number, y: number, width: number, height: number) {
      const [left, top] = [round(x), round(y)];
      put("rect", { x: left, y: top, width: round(width), height: round(height), fill: paint() });
    },
    fillText(text: string, x: number, y: number) {
      const [, size = "10", family = ""] = /^([\d.]+)px (.*)$/.exec(ink.font) ?? [];
      const lowered = ink.textBaseline === "middle" ? MIDDLE * Number(size) : 0;
      const anchor = ANCHORS[ink.textAlign] ?? "start";
      const type = { "font-size": size, "font-family": family, "text-anchor": anchor };
      put("text", { x: round(x), y: round(y + lowered), ...type, fill: paint() }, text);
    },
    beginPath() {
      path = "";
    },
    moveTo(x: number, y: number) {
      path += `M${round(x)} ${round(y)}`;
    },
    lineTo(x: number, y: number) {
      path += `L${round(x)} ${round(y)}`;
    },
    stroke: () =>
      put("path", {
        d: path,
        fill: "none",
        stroke: ink.strokeStyle,
        "stroke-width": ink.lineWidth,
      }),
    createLinearGradient(...ends: readonly [number, number, number, number]) {
      const made = new Gradient(`${name}-${gradients.length}`, ends);
      gradients.push(made);
      return made;
    },
  });
  return {
    pen: pen as unknown as Pen,
    markup: () => [...gradients.map((gradient) => gradient.markup), ...elements].join("\n"),
  };
}

function pick(ink: Ink): Ink {
  const names = Object.keys(START) as (keyof Ink)[];
  return Object.fromEntries(names.map((name) => [name, ink[name]])) as unknown as Ink;
}
