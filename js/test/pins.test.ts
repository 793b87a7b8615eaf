// Do notes stand where they were pinned, in every kind of picture, as text?

import { expect, test } from "vitest";
import notes from "../../tests/fixtures/lesson/notes.json";
import { figure } from "../src/figure";
import { noteOf } from "../src/figure/pins";
import { DARK, LIGHT } from "../src/picture/theme";
import type { Layout } from "../src/plotly";
import type { Kind, Pin, Request } from "../src/protocol";
import { alternativeText } from "../src/words/alternative";
import { fakeStore, request, surfaceMessage } from "./fake-store";

const FLAT: Pin = { x: 0.5, y: -0.5, text: "flat" };

function pinsOf(changes: Partial<Request>, theme = LIGHT, loss = (x: number, y: number) => x + y) {
  const asked = { ...request, scale: "linear", pins: [FLAT], ...changes } as const;
  const store = fakeStore({ request: asked });
  store.arrive(surfaceMessage(5, loss, { dimensions: asked.directions.length === 1 ? 1 : 2 }));
  const { layout } = figure(store.surface.value, asked, theme, false);
  const inSpace = (layout.scene as Layout | undefined)?.annotations ?? [];
  const all = [...(layout.annotations as Layout[]), ...(inSpace as Layout[])];
  return all.filter(({ name }) => name === "pin");
}

const line = { directions: request.directions.slice(0, 1), kind: "line" } as const;

test("a note is broken into lines as in Python, and never markup", () => {
  for (const { number, text, written } of notes) expect(noteOf({ number, text })).toBe(written);
});

test.each<Kind>(["contour", "heatmap"])("seen from above it stands at its place: %s", (kind) => {
  expect(pinsOf({ kind })).toMatchObject([{ x: 0.5, y: -0.5, text: "1  flat" }]);
});

test("in space it stands on the ground, or on the floor where there is none", () => {
  const [pin] = pinsOf({ kind: "surface" }, LIGHT, (x, y) => 3 + x + 2 * y);
  // On 5 × 5 cells the loss runs from 0 to 6; what lies on it is lifted by a hundredth of that.
  expect(pin).toMatchObject({ x: 0.5, y: -0.5, z: 3 + 0.5 - 1 + 0.06 });
  const [over] = pinsOf({ kind: "surface" }, LIGHT, (x, y) => (x > 0 && y < 0 ? Number.NaN : x));
  expect(over?.z).toBeLessThan(-1);
});

test("on a line it stands on the curve", () => {
  const pins = [{ x: 0.5, y: null, text: "a bump" }];
  expect(pinsOf({ ...line, pins }, LIGHT, (x) => 2 * x)).toMatchObject([{ x: 0.5, y: 1 }]);
  expect(pinsOf(line)).toEqual([]);
});

test("close to an edge it turns inwards", () => {
  const placed = (x: number, y: number) =>
    pinsOf({ kind: "contour", pins: [{ x, y, text: "a" }] })[0];
  expect(placed(-0.9, 0)).toMatchObject({ xanchor: "left", ay: -30 });
  expect(placed(0.9, 0)).toMatchObject({ xanchor: "right", ay: -30 });
  expect(placed(0, 0.9)).toMatchObject({ xanchor: "center", ay: 30 });
});

test("where there is little room the number stands for the words", () => {
  expect(pinsOf({ kind: "contour" }, { ...LIGHT, compact: true })[0]?.text).toBe("1");
});

test("whoever can't see the picture is told what stands in it", () => {
  const pins = [FLAT, { ...FLAT, x: 9, text: "elsewhere" }, { ...FLAT, text: "<b>" }];
  const told = alternativeText(null, { ...request, pins });
  expect(told).toContain("Note 1: flat. Note 3: <b>. ");
});

test("a note can be read on any ground", () => {
  const [note] = pinsOf({ kind: "contour" }, DARK);
  expect(note).toMatchObject({ bgcolor: DARK.paper, font: { color: DARK.text } });
});
