// Does each landmark stand where it is, say what it is, and keep quiet where it is none?

import { describe, expect, it } from "vitest";
import { PREVIEW } from "../src/cell-state";
import { landmarksOf, type Mark, markNames } from "../src/figure/marks";
import { LIGHT, type Theme } from "../src/picture/theme";
import type { Layout } from "../src/plotly";
import type { Metric, Range, Request } from "../src/protocol";
import type { Surface } from "../src/surface";
import { draw, list, named, part } from "./figures";
import { accuracy, landscape, loss, spread } from "./landscapes";
import { path } from "./messages";

const axis = spread(-1, 1, 5);
const valley = (changes = {}) =>
  landscape((x, y) => (x - 0.5) ** 2 + (y + 0.5) ** 2 + 1, { x: axis, y: axis, ...changes });
const lowest = (surface: Surface) =>
  landmarksOf(surface, 0).find(({ kind }) => kind === "lowest") ?? null;
const written = (surface: Surface, changes: Partial<Request> = {}) => {
  const { layout } = draw(surface, { kind: "contour", ...changes });
  return (layout.annotations as Layout[]).map(({ text }) => text);
};

describe("the lowest cell", () => {
  it("is told with its value, its place, and that it is one of the grid", () => {
    expect(lowest(valley())).toMatchObject({ value: 1, coordinates: [0.5, -0.5], cell: 8 });
    expect(written(valley())).toEqual([
      "your network",
      "minimum found: 1<br>at (0.5, −0.5), on the grid",
    ]);
  });

  it("isn't told where it is the origin, or no lower than its error", () => {
    expect(lowest(landscape((x, y) => x * x + y * y, { x: axis, y: axis }))).toBeNull();
    const some: Metric = { ...loss, samples: 10, size: 1e9 };
    expect(lowest(valley({ metrics: [some], errors: 0.6 }))).toBeNull();
    expect(lowest(valley({ metrics: [some], errors: 0.4 }))).not.toBeNull();
  });

  it("isn't told of a share in percent, of which more is better, nor of a map", () => {
    expect(lowest(valley({ metrics: [accuracy] }))).toBeNull();
    expect(lowest({ ...valley(), map: "curvature" })).toBeNull();
  });

  it("isn't told of previews, whose values are still to come", () => {
    const surface = valley();
    const states = surface.states.map((state, cell) => (cell === 8 ? PREVIEW : state));
    expect(lowest({ ...surface, states })?.coordinates).not.toEqual([0.5, -0.5]);
  });

  it("isn't told where all differ by no more than float32 rounds away", () => {
    expect(lowest(landscape((x) => 1e6 + 1e-3 * x, { x: axis, y: axis }))).toBeNull();
  });

  it("is told along a line, by one coordinate", () => {
    const line = landscape((x) => (x - 0.5) ** 2, { x: axis, y: [], points: { origin: [0] } });
    expect(lowest(line)?.label).toBe("minimum found: 0\nat 0.5, on the grid");
  });
});

it("marks differ by shape: the network round, another model square on its tip, the lowest a triangle", () => {
  const points = { origin: [0, 0], other: [1, 0.5] };
  const marks = named(draw(valley({ points }), { kind: "heatmap" }), "marks");
  expect((marks.marker as Layout).symbol).toEqual(["circle", "diamond", "triangle-down"]);
  expect(list(marks.x)).toEqual([0, 1, 0.5]);
});

it("where there is little room, only other models are named", () => {
  const points = { origin: [0, 0], other: [1, 0.5] };
  const marks = landmarksOf(valley({ points }), 0);
  const window = [
    [-1, 1],
    [-1, 1],
  ] as const;
  const names = markNames(
    marks,
    { theme: { ...LIGHT, compact: true }, window, path: null, isFlat: true },
    () => ({}),
  );
  expect(names.map(({ text }) => text)).toEqual(["other"]);
});

it("what lies outside of the window has no name in it", () => {
  expect(written(valley(), { x: [-1, 0.2] })).toEqual(["your network"]);
});

it("names are text, never markup", () => {
  const points = { origin: [0, 0], "<b>": [1, 1] };
  expect(written(valley({ points }))).toContain("&lt;b&gt;");
});

describe("names", () => {
  const mark = (kind: Mark["kind"], x: number, y: number): Mark => ({
    ...{ kind, label: kind, value: 0, cell: 0 },
    coordinates: [x, y],
  });
  const window = [
    [0, 1],
    [0, 1],
  ] as const;
  const sides = (marks: readonly Mark[], walked = null as Surface["path"]) =>
    markNames(marks, { theme: LIGHT, window, path: walked, isFlat: true }, () => ({})).map(
      ({ xanchor, yanchor }) => [xanchor, yanchor],
    );

  it("stand above their marks, aside to the right, and turn into the picture at its edges", () => {
    expect(sides([mark("centre", 0.5, 0.5)])).toEqual([["left", "bottom"]]);
    expect(sides([mark("model", 0.02, 0.95)])).toEqual([["left", "top"]]);
    expect(sides([mark("model", 0.98, 0.05)])).toEqual([["right", "bottom"]]);
    expect(sides([mark("lowest", 0.6, 0.5)])).toEqual([["right", "bottom"]]);
  });

  it("don't lie on each other: that of the lowest cell goes to the other side", () => {
    expect(sides([mark("centre", 0.5, 0.5), mark("lowest", 0.4, 0.3)])[1]?.[1]).toBe("top");
    expect(sides([mark("centre", 0.5, 0.5), mark("lowest", 0.4, 0.7)])[1]?.[1]).toBe("bottom");
    const both = sides([mark("centre", 0.5, 0.5), mark("lowest", 0.53, 0.5)]);
    expect(both).toEqual([
      ["left", "bottom"],
      ["right", "top"],
    ]);
  });

  it("stand above in space, where the axes' titles are below, and the lowest cell's to the left", () => {
    const marks = [mark("centre", 0.5, 0.5), mark("lowest", 0.45, 0.5)];
    const around = { theme: LIGHT, window, path: null, isFlat: false };
    const names = markNames(marks, around, () => ({}));
    expect(names.map(({ xanchor, yanchor }) => [xanchor, yanchor])).toEqual([
      ["left", "bottom"],
      ["right", "bottom"],
    ]);
  });

  it("give way to a path that comes from above", () => {
    const from = (y: number) => ({
      ...path,
      coordinates: Float64Array.of(0.45, y, 0.48, (y + 0.5) / 2, 0.5, 0.5),
    });
    expect(sides([mark("centre", 0.5, 0.5)], from(0.65))).toEqual([["left", "top"]]);
    expect(sides([mark("centre", 0.5, 0.5)], from(0.35))).toEqual([["left", "bottom"]]);
  });

  it("hang on threads, but for those of a line, and where there is little room", () => {
    const threads = (theme: Theme, axes: readonly Range[]) =>
      markNames(
        [mark("model", 0.5, 0.5)],
        { theme, window: axes, path: null, isFlat: true },
        () => ({}),
      ).map(({ showarrow }) => showarrow);
    expect(threads(LIGHT, window)).toEqual([true]);
    expect(threads({ ...LIGHT, compact: true }, window)).toEqual([false]);
    expect(threads(LIGHT, [[0, 1]])).toEqual([false]);
  });
});

describe("the ends of a path", () => {
  const walked = { ...valley(), path, pathBegan: path.size };

  it("are named, unless that is where the network is", () => {
    expect(written(walked)).toContain("start of training");
    expect(written(walked)).not.toContain("end of training");
    const elsewhere = { ...path, coordinates: Float64Array.of(-0.8, 0.6, -0.2, 0.4, 0.9, 0.9) };
    expect(written({ ...walked, path: elsewhere })).toContain("end of training");
  });

  it("stand in space at the loss that was measured there", () => {
    const scene = part(draw(walked, { kind: "surface" }).layout, "scene");
    const start = (scene.annotations as Layout[]).find(({ text }) => text === "start of training");
    expect(start?.z).toBeGreaterThan(2);
  });

  it("aren't named while the path grows", () => {
    expect(written({ ...walked, pathBegan: 1 })).not.toContain("start of training");
  });
});
