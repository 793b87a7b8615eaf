import { describe, expect, it } from "vitest";
import { EXACT, INTERPOLATED } from "../src/cell-state";
import { type Figure, figure } from "../src/figure";
import { DARK, LIGHT } from "../src/picture/theme";
import type { Layout, Trace } from "../src/plotly";
import type { Kind, Metric, Request } from "../src/protocol";
import type { Surface } from "../src/surface";
import { request } from "./fake-store";
import { accuracy, type Ground, landscape, loss, spread } from "./landscapes";

const ask = (changes: Partial<Request> = {}): Request => ({ ...request, ...changes });
const draw = (surface: Surface | null, changes: Partial<Request> = {}, previous = false): Figure =>
  figure(surface, ask(changes), LIGHT, previous);
const named = ({ data }: Figure, name: string): Trace[] =>
  data.filter((candidate) => candidate.name === name);
const trace = (drawn: Figure, name: string): Trace => {
  const [found] = named(drawn, name);
  if (!found) throw new Error(`no trace is called ${name}`);
  return found;
};
const markers = (drawn: Figure): Trace => trace(drawn, "marks");
const grid = (value: unknown): number[][] =>
  (value as ArrayLike<number>[]).map((row) => Array.from(row));
/** What a sheet says at the places of cells, which it has among many others. */
const at = (sheet: Trace, x: readonly number[], y: readonly number[]): number[][] => {
  const [columns, rows] = [list(sheet.x) as number[], list(sheet.y) as number[]];
  const index = (axis: readonly number[], place: number) =>
    axis.findIndex((value) => Math.abs(value - place) < 1e-9);
  return y.map((row) =>
    x.map((column) => grid(sheet.z)[index(rows, row)]?.[index(columns, column)] as number),
  );
};
const list = (value: unknown): unknown[] => Array.from(value as ArrayLike<unknown>);
const part = (layout: Layout, ...path: string[]): Layout =>
  path.reduce((inner, name) => inner[name] as Layout, layout);
const texts = (layout: Layout): unknown[] =>
  (layout.annotations as Layout[]).map(({ text }) => text);
/** All but the names of marks, which have tests of their own. */
const notes = (layout: Layout): unknown[] =>
  texts(layout).filter((text) => !/^(your network|minimum found)/.test(String(text)));

const tilted = landscape((x, y) => x + 10 * y);
const seenFromAbove: readonly Kind[] = ["contour", "heatmap"];

describe("a surface that is not square, a + 10 b", () => {
  const rows = [-1, -0.5, 0, 0.5, 1].map((y) => [-1, 0, 1].map((x) => x + 10 * y));

  it("stands in space untransposed, on its own axes", () => {
    const sheet = trace(draw(tilted), "surface");
    expect(sheet.type).toBe("surface");
    expect(at(sheet, [-1, 0, 1], [-1, -0.5, 0, 0.5, 1])).toEqual(rows);
  });

  it("is one tile a cell at its true edges as a heat map", () => {
    const tiles = trace(draw(tilted, { kind: "heatmap" }), "surface");
    expect(grid(tiles.z)).toEqual(rows);
    expect(list(tiles.x)).toEqual([-1, -0.5, 0.5, 1]);
    expect(list(tiles.y)).toEqual([-1, -0.75, -0.25, 0.25, 0.75, 1]);
  });

  it("keeps rows and order as contours, whose heights are numbers of levels", () => {
    const lines = trace(draw(tilted, { kind: "contour" }), "surface");
    const numbers = grid(lines.z);
    expect(numbers).toHaveLength(5);
    expect(numbers[0]).toHaveLength(3);
    const level = (row: number, column: number) => numbers[row]?.[column] ?? Number.NaN;
    // Levels stand every 2, so 1 along x is half a level and 10 along y five.
    expect(level(2, 2) - level(2, 1)).toBeCloseTo(0.5, 6);
    expect(level(4, 1) - level(2, 1)).toBeCloseTo(5, 6);
    const bar = lines.colorbar as Layout;
    const zero = (bar.ticktext as string[]).indexOf("0");
    expect(level(2, 1)).toBeCloseTo((bar.tickvals as number[])[zero] ?? Number.NaN, 6);
  });

  it("is a line along its only direction", () => {
    const surface = landscape((x) => 3 * x, { y: [], points: { origin: [0] } });
    const curve = trace(draw(surface), "loss");
    expect(draw(surface).kind).toBe("line");
    expect(list(curve.x)).toEqual([-1, 0, 1]);
    expect(list(curve.y)).toEqual([-3, 0, 3]);
  });
});

it("draws the finest finished level alone, on true and uneven axes", () => {
  const surface = landscape((x, y) => x * y, {
    x: [-1, -0.6, 0.1, 0.5, 1],
    xLevel: [0, 1, 0, 1, 0],
  });
  const sheet = trace(draw(surface), "surface");
  expect(at(sheet, [-1, 0.1, 1], [1])).toEqual([[-1, Math.fround(0.1), 1]]);
  expect(list(trace(draw(surface, { kind: "heatmap" }), "surface").x)).toEqual([
    -1, -0.45, 0.55, 1,
  ]);
});

it("hands plotly fresh rows and a revision at each draw", () => {
  const [first, second] = [draw(tilted), draw({ ...tilted, revision: 5 })];
  expect(trace(first, "surface").z).not.toBe(trace(second, "surface").z);
  expect(first.layout.datarevision).not.toBe(second.layout.datarevision);
  expect(first.layout.uirevision).toBe(second.layout.uirevision);
});

describe("ground that is interpolated", () => {
  const half = (changes: Partial<Ground> = {}) =>
    landscape((x, y) => 4 + x + y, {
      x: spread(-1, 1, 5),
      xLevel: [0, 1, 0, 1, 0],
      rest: INTERPOLATED,
      ...changes,
    });
  const scales = ({ data }: Figure, name: string) =>
    data.filter((one) => one.name === name).map(({ colorscale }) => colorscale);

  it("is drawn on a finer lattice, lighter as a whole, with dots where it is measured", () => {
    const drawn = draw(half());
    const sheet = trace(drawn, "interpolated");
    expect(at(sheet, [-1, -0.5, 0, 0.5, 1], [0])).toEqual([[3, 3.5, 4, 4.5, 5]]);
    expect(named(drawn, "surface")).toEqual([]);
    expect(scales(drawn, "interpolated")).not.toEqual(
      scales(draw(half({ rest: EXACT })), "surface"),
    );
    const dots = trace(drawn, "measured");
    expect(list(dots.x)).toEqual([-1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1]);
    expect(list(dots.customdata).slice(0, 4)).toEqual([0, 2, 4, 5]);
    expect(drawn.interpolated).toBe(true);
  });

  it("is gone once every drawn cell is measured", () => {
    const drawn = draw(half({ rest: EXACT }));
    expect(drawn.data.map(({ name }) => name)).toEqual(["surface", "marks"]);
    expect(drawn.interpolated).toBe(false);
  });

  it("is lighter tile by tile in a heat map", () => {
    const drawn = draw(half(), { kind: "heatmap" });
    const [solid, light] = ["surface", "interpolated"].map((name) => grid(trace(drawn, name).z)[0]);
    expect(solid).toEqual([2, Number.NaN, 3, Number.NaN, 4]);
    expect(light).toEqual([Number.NaN, 2.5, Number.NaN, 3.5, Number.NaN]);
    expect(
      drawn.data.filter(({ type, showscale }) => type === "heatmap" && showscale),
    ).toHaveLength(1);
  });

  it.each(["surface", "contour"] as const)(
    "gives way to solid ground in the middle of a %s",
    (kind) => {
      const growing = half({ y: spread(-1, 1, 5) });
      const near = [1, 3].flatMap((x) => [0, 1, 2].map((y) => 5 * y + x));
      for (const cell of near) growing.states[cell] = EXACT;
      const drawn = draw(growing, { kind });
      const places = spread(-1, 1, 5);
      const core = at(trace(drawn, "surface"), places, places).map((row) =>
        row.map(Number.isFinite),
      );
      expect(core.slice(0, 2)).toEqual([Array(5).fill(true), Array(5).fill(true)]);
      expect(core.slice(2).flat()).not.toContain(true);
      expect(grid(trace(drawn, "interpolated").z).flat().every(Number.isFinite)).toBe(true);
    },
  );

  it("moves neither axis nor colours: those are of the measured level", () => {
    const bumpy = landscape((x, y) => (Math.abs(x) === 0.5 ? 1000 : x + y), {
      x: spread(-1, 1, 5),
      xLevel: [0, 1, 0, 1, 0],
      rest: INTERPOLATED,
    });
    const sheet = trace(draw(bumpy), "interpolated");
    expect([sheet.cmin, sheet.cmax]).toEqual([-2, 2]);
    expect(Math.max(...grid(sheet.z).flat())).toBeCloseTo(2.16, 5);
    expect(texts(draw(bumpy).layout)).toEqual(["height: loss"]);
    bumpy.states.fill(EXACT);
    const measured = { ...bumpy, level: 0 };
    expect(trace(draw(measured), "surface").cmax).toBe(2);
  });

  it("doesn't count as known, nor as clipped or not finite", () => {
    const wild = half();
    wild.values[0]?.fill(Number.NaN, 1, 2);
    wild.values[0]?.fill(100, 3, 4);
    const drawn = draw(wild, { clip: 50 });
    expect([drawn.clipped, drawn.notFinite]).toEqual([0, 0]);
    expect(named(drawn, "not finite")).toEqual([]);
    expect(grid(trace(drawn, "interpolated").z)[0]?.[1]).toBeNaN();
  });

  it("is a lighter line with dots at the measured cells, solid between measured neighbours", () => {
    const surface = half({ y: [], points: { origin: [0] } });
    surface.states[1] = EXACT;
    const drawn = draw(surface);
    const [light, solid] = [trace(drawn, "loss, interpolated"), trace(drawn, "loss")];
    expect(list(light.y)).toEqual([3, 3.5, 4, 4.5, 5]);
    expect(list(solid.y)).toEqual([3, 3.5, 4, null, 5]);
    expect((light.line as Layout).color).not.toBe((solid.line as Layout).color);
    expect(list(trace(drawn, "measured").y)).toEqual([3, 3.5, 4, null, 5]);
    expect(light.showlegend).toBe(false);
  });

  it("has no dots once they would be a net", () => {
    const many = half({
      x: spread(-1, 1, 601),
      xLevel: Array.from({ length: 601 }, (_, i) => i % 2),
    });
    expect(named(draw(many), "measured")).toEqual([]);
    expect(named(draw(many), "interpolated")).toHaveLength(1);
  });
});

describe("cells that are not finite", () => {
  const holed = landscape((x, y) => (x > 0.5 && y > 0 ? Number.NaN : 1 + x * x + y * y), {
    x: spread(-1, 1, 5),
  });

  it("are holes over a hatched floor, and counted", () => {
    const drawn = draw(holed);
    const floor = (part(drawn.layout, "scene", "zaxis").range as number[])[0] ?? 0;
    const strokes = trace(drawn, "not finite");
    expect(drawn.notFinite).toBe(2);
    const sheet = at(trace(drawn, "surface"), spread(-1, 1, 5), spread(-1, 1, 5));
    expect(sheet.flat().filter(Number.isNaN)).toHaveLength(2);
    const heights = list(strokes.z).filter((height) => height !== null) as number[];
    expect(Math.max(...heights)).toBeLessThan(1);
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(floor);
  });

  it.each(seenFromAbove)("are hatched over their own tiles in a %s", (kind) => {
    const drawn = draw(holed, { kind });
    const strokes = trace(drawn, "not finite");
    const inside = (values: unknown, low: number, high: number) =>
      list(values).every(
        (value) => value === null || (Number(value) >= low && Number(value) <= high),
      );
    expect(list(strokes.x).length).toBeGreaterThan(10);
    expect(inside(strokes.x, 0.75, 1)).toBe(true);
    expect(inside(strokes.y, 0.25, 1)).toBe(true);
    expect(drawn.notFinite).toBe(2);
  });

  it("may be all there is: the whole floor is hatched and nothing is scaled", () => {
    const drawn = draw(landscape(() => Infinity));
    expect(drawn.notFinite).toBe(15);
    expect(trace(drawn, "surface").showscale).toBe(false);
    expect(part(drawn.layout, "scene", "zaxis").showticklabels).toBe(false);
    expect(list(trace(drawn, "not finite").x).length).toBeGreaterThan(100);
  });

  it("leave a gap in a line, and say so", () => {
    const surface = landscape((x) => (x > 0.5 ? Number.NaN : x), {
      x: spread(-1, 1, 5),
      y: [],
      points: { origin: [0] },
    });
    const drawn = draw(surface);
    expect(list(trace(drawn, "loss").y)).toEqual([-1, -0.5, 0, 0.5, null]);
    expect(notes(drawn.layout)).toEqual(["not finite"]);
    expect((drawn.layout.shapes as Layout[])[0]).toMatchObject({ x0: 0.75, x1: 1 });
  });
});

describe("a clip", () => {
  const clipped = draw(tilted, { clip: 4 });

  it("flattens what is above, in another tone, and counts it", () => {
    const sheet = trace(clipped, "surface");
    expect(clipped.clipped).toBe(5);
    expect(Math.max(...grid(sheet.z).flat())).toBe(4);
    expect((sheet.colorscale as [number, string][]).at(-1)).toEqual([1, LIGHT.clipped]);
    expect(sheet.cmax).toBeGreaterThan(4);
    expect((sheet.colorbar as Layout).ticktext).toContain("≥ 4");
  });

  it("counts over all that is known, not over the level that is drawn", () => {
    const surface = landscape((x) => x, {
      x: spread(-1, 1, 5),
      xLevel: [0, 1, 0, 1, 0],
      rest: EXACT,
    });
    expect(draw(surface, { clip: 0.25 }).clipped).toBe(10);
    const unknown = { ...surface, states: new Uint8Array(surface.states.length) };
    expect(draw(unknown, { clip: 0.25 }).clipped).toBe(0);
  });

  it("changes no colour while nothing is above it", () => {
    const drawn = draw(tilted, { clip: 1000 });
    expect(drawn.clipped).toBe(0);
    expect(trace(drawn, "surface").colorscale).toEqual(trace(draw(tilted), "surface").colorscale);
  });

  it("leaves infinite cells holes", () => {
    const surface = landscape((x) => (x > 0 ? Infinity : x));
    const drawn = draw(surface, { clip: -0.5 });
    expect([drawn.clipped, drawn.notFinite]).toEqual([5, 5]);
    expect(at(trace(drawn, "surface"), [-1, 0, 1], [-1])).toEqual([[-1, -0.5, Number.NaN]]);
  });

  it("is a line of its own among the contours", () => {
    const bar = trace(draw(tilted, { clip: 4, kind: "contour" }), "surface").colorbar as Layout;
    expect((bar.ticktext as string[]).at(-1)).toBe("≥ 4");
  });
});

describe("scales", () => {
  const steep = landscape((x, y) => 10 ** (2 * x + y));

  it("is logarithmic by itself past two decades, with raw values at the ticks", () => {
    const drawn = draw(steep);
    const bar = trace(drawn, "surface").colorbar as Layout;
    expect(grid(trace(drawn, "surface").z)[0]?.[0]).toBeCloseTo(-3, 5);
    expect(part(bar, "title").text).toBe("loss (log)");
    expect(texts(drawn.layout)).toEqual(["height: loss (log)"]);
    expect(bar.tickvals).toEqual([-2, -1, 0, 1, 2, 3]);
    expect(bar.ticktext).toEqual(["0.01", "0.1", "1", "10", "100", "1,000"]);
  });

  it("writes raw values at the contours", () => {
    const bar = trace(draw(steep, { kind: "contour" }), "surface").colorbar as Layout;
    expect(bar.ticktext).toContain("0.1");
    expect(bar.ticktext).toContain("10");
    expect(bar.tickvals).toEqual([...(bar.ticktext as string[]).keys()]);
  });

  it("gives way to asinh where some are negative, and says so", () => {
    const drawn = draw(tilted, { scale: "log" });
    expect(texts(drawn.layout)).toEqual(["height: loss (asinh, as some are negative)"]);
    expect(at(trace(drawn, "surface"), [0], [0])).toEqual([[0]]);
  });

  it("never stretches a share in percent by itself", () => {
    const surface = landscape((x) => 50.1 + 49.9 * x, { metrics: [accuracy] });
    expect(texts(draw(surface).layout)).toEqual(["height: accuracy, %"]);
    expect(texts(draw(surface, { scale: "log" }).layout)).toEqual(["height: accuracy, % (log)"]);
  });

  it("puts the zero of signed values in the middle of a diverging map", () => {
    const sheet = trace(draw(tilted, { colors: "diverging" }), "surface");
    expect([sheet.cmin, sheet.cmax]).toEqual([-11, 11]);
  });

  it("gives a flat surface room instead of drawing its noise", () => {
    const flat = landscape((x) => 2 + 1e-7 * x);
    const [low = 0, high = 0] = part(draw(flat).layout, "scene", "zaxis").range as number[];
    expect(high - low).toBeGreaterThan(0.3);
    expect(() => draw(flat, { kind: "contour" })).not.toThrow();
  });
});

describe("the window", () => {
  it.each(seenFromAbove)("moves at once in a %s: unknown ground is shaded and named", (kind) => {
    const drawn = draw(tilted, { kind, x: [-2, 1], y: [-1, 1] });
    expect(part(drawn.layout, "xaxis").range).toEqual([-2, 1]);
    expect(list(trace(drawn, "surface").x).at(0)).toBe(-1);
    expect(drawn.layout.shapes).toMatchObject([{ x0: -2, x1: -1, y0: -1, y1: 1 }]);
    expect(notes(drawn.layout)).toEqual(["not computed"]);
  });

  it("shades the unknown part of the floor in space", () => {
    const drawn = draw(tilted, { x: [-1, 1], y: [-1, 3] });
    expect(part(drawn.layout, "scene", "yaxis").range).toEqual([-1, 3]);
    expect(trace(drawn, "not computed").y).toEqual([1, 1, 3, 3]);
    expect(named(draw(tilted), "not computed")).toEqual([]);
  });

  it("shades everything once it has left all that is known", () => {
    const drawn = draw(tilted, { kind: "contour", x: [5, 6], y: [5, 6] });
    expect(drawn.layout.shapes).toMatchObject([{ x0: 5, x1: 6, y0: 5, y1: 6 }]);
  });

  it("keeps both directions on one scale", () => {
    const scene = part(draw(tilted, { x: [-1, 1], y: [-0.5, 0.5] }).layout, "scene");
    expect(part(scene, "aspectratio")).toMatchObject({ x: 1, y: 0.5 });
    expect(part(draw(tilted, { kind: "heatmap" }).layout, "yaxis").scaleanchor).toBe("x");
  });
});

describe("what is written", () => {
  it("names directions and their unit on the axes", () => {
    const title = (changes: Partial<Request>) =>
      part(draw(tilted, { kind: "contour", ...changes }).layout, "xaxis", "title").text;
    expect(title({})).toBe("direction 1: random, seed 0<br>filter-normalized steps");
    expect(title({ normalization: "none" })).toBe("direction 1: random, seed 0<br>steps");
    expect(title({ directions: [{ key: "gradient", seed: 0, normalization: null }] })).toContain(
      "<br>steps",
    );
  });

  it("takes names as text, never as markup", () => {
    const surface = landscape((x) => x, { points: { origin: [0, 0], "<b>&": [1, 0] } });
    const drawn = draw(surface, { kind: "heatmap" });
    expect(notes(drawn.layout)).toEqual(["&lt;b&gt;&amp;"]);
  });

  it("keeps the camera that it is given", () => {
    const vector = { x: 1, y: 2, z: 3 };
    const camera = { eye: vector, center: vector, up: vector };
    expect(part(draw(tilted, { camera }).layout, "scene").camera).toEqual(camera);
    expect(part(draw(tilted).layout, "scene", "camera").up).toEqual({ x: 0, y: 0, z: 1 });
  });
});

it("marks labelled points on top of every kind, each with its cell", () => {
  const surface = landscape((x, y) => x * x + y, {
    y: [0, 0.5, 1],
    points: { origin: [0, 0], other: [1, 0.5] },
  });
  for (const kind of ["surface", "contour", "heatmap"] as const) {
    const marks = markers(draw(surface, { kind }));
    expect(marks.x).toEqual([0, 1]);
    expect(marks.y).toEqual([0, 0.5]);
    expect((marks.marker as Layout).symbol).toEqual(["circle", "diamond"]);
    expect(marks.customdata).toEqual([9, 10]);
  }
  expect(markers(draw(surface)).z).toEqual([expect.closeTo(0, 1), expect.closeTo(1.5, 1)]);
});

describe("a line", () => {
  const metrics = [
    loss,
    { ...loss, name: "test_loss" },
    { ...accuracy, samples: 25 },
    { ...accuracy, name: "test_accuracy" },
  ];
  const surface = landscape((x) => 1 + x * x, {
    y: [],
    points: { origin: [0] },
    metrics,
    errors: 0.2,
  });
  const drawn = draw(surface);

  it("has loss left and accuracy right, train solid and test dashed", () => {
    const style = (name: string) => {
      const { yaxis, line } = trace(drawn, name) as Trace & { line: Layout };
      return [yaxis, line.dash, line.color];
    };
    expect(style("loss")).toEqual(["y", "solid", LIGHT.lines[0]]);
    expect(style("test loss")).toEqual(["y", "dash", LIGHT.lines[0]]);
    expect(style("accuracy, %")).toEqual(["y2", "solid", LIGHT.lines[1]]);
    expect(style("test accuracy, %")).toEqual(["y2", "dash", LIGHT.lines[1]]);
  });

  it("colours each axis title as its lines", () => {
    const color = (axis: string) => part(drawn.layout, axis, "title", "font").color;
    expect([color("yaxis"), color("yaxis2")]).toEqual(LIGHT.lines);
    expect(part(drawn.layout, "yaxis2")).toMatchObject({ side: "right", overlaying: "y" });
  });

  it("has a band of the standard error, where there is one", () => {
    const bands = named(drawn, "standard error");
    // A quarter of the samples: 0.2 √(1 − 1/4) about 2, 1 and 2.
    const error = 0.2 * Math.sqrt(0.75);
    const heights = [2 + error, 1 + error, 2 + error, 2 - error, 1 - error, 2 - error];
    expect(bands.map(({ x }) => (x as unknown[]).length)).toEqual([0, 0, 7, 0]);
    expect(list(bands[2]?.y).slice(0, 6)).toEqual(heights.map((y) => expect.closeTo(y, 5)));
  });

  it("is drawn for one direction whatever kind is asked for, and never for two", () => {
    expect(draw(surface, { kind: "heatmap" }).kind).toBe("line");
    expect(draw(tilted, { kind: "line" }).kind).toBe("surface");
  });
});

describe("before there is anything", () => {
  it.each([null, landscape(() => 1, { level: -1 })])("shows the empty window (%#)", (surface) => {
    for (const kind of ["contour", "heatmap"] as const) {
      const drawn = draw(surface, { kind });
      expect(drawn).toMatchObject({ data: [], clipped: 0, kind });
      expect(part(drawn.layout, "xaxis").range).toEqual([-1, 1]);
    }
    expect(part(draw(surface).layout, "scene", "xaxis").range).toEqual([-1, 1]);
  });

  it("shows the axes of a line for one direction", () => {
    const drawn = draw(null, { directions: [{ key: "random", seed: 0, normalization: null }] });
    expect(drawn).toMatchObject({ kind: "line", data: [] });
  });
});

it("fades the picture of an older request", () => {
  const scale = (previous: boolean) =>
    trace(draw(tilted, {}, previous), "surface").colorscale as [number, string][];
  expect(scale(true)).not.toEqual(scale(false));
  expect(scale(true)).toHaveLength(scale(false).length);
});

it("takes its colours from the theme and nothing else changes with it", () => {
  const dark = figure(tilted, ask(), DARK, false);
  expect(part(dark.layout, "scene", "xaxis").backgroundcolor).toBe(DARK.wall);
  expect(dark.layout.paper_bgcolor).toBe("rgba(0,0,0,0)");
  expect(trace(dark, "surface").z).toEqual(trace(draw(tilted), "surface").z);
});

it("draws the first metric while the one asked for isn't there", () => {
  expect(texts(draw(tilted, { metric: "f1" }).layout)).toEqual(["height: loss"]);
});

describe("contour lines of a subset", () => {
  const some: Metric = { ...loss, samples: 100, size: 1e9 };
  const measured = (errors: number) =>
    landscape((x, y) => x * x + y * y, {
      x: spread(-1, 1, 9),
      y: spread(-1, 1, 9),
      metrics: [some],
      errors,
    });
  const lines = (errors: number) =>
    draw(measured(errors), { kind: "contour", levels: [0.2, 0.3, 1, 1.5] }).data.filter(
      ({ name }) => String(name).endsWith("lines"),
    );
  const span = ({ contours }: Trace) => [
    part(contours as Layout).start,
    part(contours as Layout).end,
  ];

  it("are dotted where they lie closer than twice the standard error", () => {
    expect(lines(0.06).map((line) => [line.name, ...span(line)])).toEqual([
      ["doubted lines", 0, 1],
      ["lines", 2, 3],
    ]);
    const dash = (line: Trace) => (line.line as Layout).dash;
    expect(lines(0.06).map(dash)).toEqual(["2px 3px", "solid"]);
    expect(lines(9).map(span)).toEqual([[0, 3]]);
  });

  it("are the bands' own where none is doubted", () => {
    expect(lines(0.01)).toEqual([]);
    const [fill] = draw(measured(0.01), { kind: "contour" }).data;
    expect(part(fill?.contours as Layout).showlines).toBe(true);
  });

  it("bear the values that the colour bar has, though it is drawn once", () => {
    const bar = (line: Trace) => part(line.colorbar as Layout).ticktext;
    expect(lines(0.06).map(bar)).toEqual(Array(2).fill(["0.2", "0.3", "1", "1.5"]));
  });
});
