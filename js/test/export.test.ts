// @vitest-environment happy-dom

// Does what is taken along hold the picture, its words and its numbers?

import { expect, test } from "vitest";
import { csvOf } from "../src/export/csv";
import { fileName } from "../src/export/download";
import { sheetAround } from "../src/export/sheet";
import { svgOf } from "../src/export/svg";
import { createVectorPen } from "../src/export/vector-pen";
import { wordsOf } from "../src/export/words";
import { decode } from "../src/kernel/decode";
import { LIGHT } from "../src/picture/theme";
import type { SurfaceMessage } from "../src/protocol";
import { fromMessage } from "../src/store/tell";
import { fixture, tableFixture } from "./fixtures";
import { request, status } from "./messages";

const WORDS = {
  title: "bowl: loss",
  said: ["17×17", "289 cells", "1,797 samples ± 0.004"],
  settings: ["direction 1: random, seed 0", "normalization filter"],
};
const tenth = (text: string, size: number) => (text.length * size) / 10;

function surfaceOf(name: string) {
  const { content, buffers } = fixture(name);
  return fromMessage(decode(content, buffers) as SurfaceMessage);
}

/** Numbers as numbers, so that 1.0 is 1. */
function read(rows: readonly (readonly string[])[]): readonly (readonly (string | number)[])[] {
  const number = (field: string) =>
    field === "" || Number.isNaN(Number(field)) ? field : Number(field);
  return rows.map((fields) => fields.map(number));
}

test("a table has the columns and the numbers that Python writes", () => {
  const rows = csvOf(surfaceOf("surface"))
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  expect(rows).toHaveLength(37);
  expect(read(rows)).toEqual(read(tableFixture("surface")));
});

test("a number is as short as reads back as the same float32", () => {
  const surface = surfaceOf("line");
  surface.values[0]?.set([0.1, 1e-7, 1 / 3]);
  const rows = csvOf(surface).split("\n");
  expect(rows.slice(1, 4).map((line) => line.split(",")[3])).toEqual(["0.1", "1e-7", "0.33333334"]);
});

test("names that would break a row are quoted", () => {
  const surface = { ...surfaceOf("line"), points: ['a "b", c', "other"] };
  expect(csvOf(surface)).toContain('\n0,"a ""b"", c",exact,5,');
});

test("title and what is said stand above, settings below, and nothing on the picture", () => {
  const sheet = sheetAround({ width: 300, height: 200 }, WORDS, tenth);
  const [title, ...others] = sheet.lines;
  expect(title).toMatchObject({ text: "bowl: loss", isTitle: true });
  expect(others.map(({ text }) => text)).toEqual([
    "17×17 · 289 cells · 1,797 samples ± 0.004",
    "direction 1: random, seed 0 · normalization filter",
  ]);
  expect(others[0]?.y).toBeLessThan(sheet.top);
  expect(others[1]?.y).toBeGreaterThan(sheet.top + 200);
  expect(sheet.height).toBeGreaterThan(others[1]?.y ?? Infinity);
});

test("what doesn't fit goes on in the next line, and every line fits", () => {
  const long = {
    ...WORDS,
    said: Array.from({ length: 9 }, (_, index) => `this is part number ${index}`),
  };
  const { lines } = sheetAround({ width: 124, height: 50 }, long, tenth);
  expect(lines.length).toBeGreaterThan(4);
  for (const { text, size } of lines) expect(tenth(text, size)).toBeLessThanOrEqual(100);
  const words = lines.map(({ text }) => text).join(" ");
  for (const part of [...long.said, ...WORDS.settings]) expect(words).toContain(part);
});

test("words tell metric, samples and settings, when it was measured, and no time left", () => {
  const shown = surfaceOf("surface");
  const { title, said, settings } = wordsOf(
    shown,
    { ...status, remaining: 9, settings: ["normalization filter", "torch 2.4"] },
    { ...request, name: "digits", metric: "accuracy" },
  );
  expect(title).toBe("digits: accuracy, %");
  expect(said.join(" · ")).toContain("64 of 1,797 samples");
  expect(said.join(" · ")).not.toContain("left");
  expect(settings).toEqual(["normalization filter", "torch 2.4", "as of 2 Jan 2026, 03:04"]);
});

test("an SVG is well-formed, with text as text, whatever the names", () => {
  const hostile = { ...WORDS, title: "</svg><script>\"&' $x$" };
  const picture = { width: 300, height: 200, markup: '<rect id="inside" width="1" height="1"/>' };
  const found = new DOMParser().parseFromString(
    svgOf(picture, hostile, LIGHT, tenth),
    "image/svg+xml",
  );
  expect(found.querySelector("parsererror")).toBeNull();
  expect(found.querySelector("text")?.textContent).toBe(hostile.title);
  expect(found.querySelectorAll("script")).toHaveLength(0);
  expect(found.querySelector("#inside")).not.toBeNull();
});

test("a pen of elements writes where a canvas would", () => {
  const { pen, markup } = createVectorPen("bar");
  const colors = pen.createLinearGradient(0, 10, 0, 0);
  colors.addColorStop(0, "#000000");
  colors.addColorStop(1, "#ffffff");
  pen.fillStyle = colors as CanvasGradient;
  pen.fillRect(1, 2, 3, 4);
  pen.save();
  pen.translate(10, 20);
  pen.rotate(-Math.PI / 2);
  pen.font = "12px sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = "#123456";
  pen.globalAlpha = 0.5;
  pen.fillText("a < b", 0, 0);
  pen.restore();
  pen.strokeStyle = "#ff0000";
  pen.beginPath();
  pen.moveTo(0, 0);
  pen.lineTo(5, 5);
  pen.stroke();
  const found = new DOMParser().parseFromString(`<svg>${markup()}</svg>`, "image/svg+xml");
  expect(found.querySelectorAll("linearGradient stop")).toHaveLength(2);
  expect(found.querySelector("rect")?.getAttribute("fill")).toBe("url(#bar-0)");
  const text = found.querySelector("text");
  expect(text?.textContent).toBe("a < b");
  expect(text?.getAttribute("transform")).toBe("translate(10 20) rotate(-90)");
  expect(text?.getAttribute("text-anchor")).toBe("middle");
  expect(text?.getAttribute("y")).toBe("4.2");
  expect(text?.getAttribute("opacity")).toBe("0.5");
  const path = found.querySelector("path");
  expect(path?.getAttribute("d")).toBe("M0 0L5 5");
  expect(path?.getAttribute("transform")).toBeNull();
});

test.each([
  ["ResNet-20 on CIFAR", "ResNet-20-on-CIFAR.png"],
  ["../../etc", "etc.png"],
  ["größe / 2", "größe-2.png"],
  ["", "loss-landscape.png"],
  ["<>", "loss-landscape.png"],
])("a file of %j is called %j", (title, name) => {
  expect(fileName(title, "png")).toBe(name);
});
