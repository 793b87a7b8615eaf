import { describe, expect, it } from "vitest";
import { pathInSpace } from "../src/figure";
import { directionTitle } from "../src/figure/axes";
import { DROP, FIRST, LAST } from "../src/figure/path";
import { LIGHT } from "../src/picture/theme";
import type { Layout, Trace } from "../src/plotly";
import type { Path } from "../src/protocol";
import { request } from "./fake-store";
import { draw, list, named, part } from "./figures";
import { landscape, spread } from "./landscapes";
import { path } from "./messages";

const axis = spread(-1, 1, 9);
const ground = landscape((x, y) => 1 + 2 * x + y, { x: axis, y: axis });
const walked = (changes: Partial<Path> = {}) => ({ ...ground, path: { ...path, ...changes } });
const marker = (trace: Trace) => trace.marker as Record<string, unknown>;

describe.each(["contour", "heatmap"] as const)("on a %s", (kind) => {
  it("a line goes from checkpoint to checkpoint, on top of all else", () => {
    const drawn = draw(walked(), { kind });
    expect(drawn.pathTraces).toBe(4);
    expect(drawn.data.slice(-4).map(({ name }) => name)).toEqual([
      "path outline",
      "path",
      "distance from the plane",
      "checkpoints",
    ]);
    expect(list(named(drawn, "path").x)).toEqual([-0.8, -0.2, 0]);
    expect(list(named(drawn, "path").y)).toEqual([0.6, 0.4, 0]);
  });

  it("checkpoints go from light to dark, red and larger where the learning rate dropped", () => {
    const checkpoints = named(draw(walked(), { kind }), "checkpoints");
    const { color, size } = marker(checkpoints) as { color: string[]; size: number[] };
    expect(color[0]).toBe(FIRST);
    expect(color[2]).toBe(DROP);
    expect(size[2]).toBeGreaterThan(size[0] as number);
    const even = walked({ learningRates: new Float64Array(3) });
    expect(marker(named(draw(even, { kind }), "checkpoints")).color).toContain(LAST);
  });

  it("each carries its number for who points at it", () => {
    expect(named(draw(walked(), { kind }), "checkpoints").customdata).toEqual([
      { checkpoint: 0 },
      { checkpoint: 1 },
      { checkpoint: 2 },
    ]);
  });

  it("a halo is wider the farther from the plane, and there is none in it", () => {
    const size = (changes: Partial<Path> = {}) =>
      marker(named(draw(walked(changes), { kind }), "distance from the plane")).size as number[];
    const [far = 0, near = 0, on = 0] = size();
    expect(far).toBeGreaterThan(near);
    expect(near).toBeGreaterThan(0);
    expect(on).toBe(0);
    expect(size({ distances: new Float64Array(3) })).toEqual([0, 0, 0]);
  });

  it("all are drawn at any moment, and the figure says how many are in sight", () => {
    const drawn = draw(walked(), { kind, moment: 2 });
    expect([drawn.pathTraces, drawn.shown]).toEqual([4, 2]);
    expect(list(named(drawn, "path").x)).toEqual([-0.8, -0.2, 0]);
    expect(draw(walked(), { kind }).shown).toBe(3);
    expect(draw(ground, { kind }).shown).toBe(0);
  });

  it("each trace has a name of its own in the page", () => {
    const uids = draw(walked(), { kind })
      .data.slice(-4)
      .map(({ uid }) => uid);
    expect(uids).toEqual(["path-outline", "path-line", "path-halos", "path-checkpoints"]);
  });
});

describe("in space", () => {
  // One above the ground under it, one below, one on it.
  const values = [Float64Array.of(1.5, 0.5, 1)].map((row) => Float32Array.from(row));
  const drawn = draw(walked({ values }), { kind: "surface" });
  const lift = 0.01 * 6;

  it("each checkpoint stands at its own value", () => {
    const { x, y, z } = named(drawn, "checkpoints");
    expect([list(x), list(y)]).toEqual([
      [-0.8, -0.2, 0],
      [0.6, 0.4, 0],
    ]);
    expect(list(z)).toEqual([1.5, 0.5, 1].map((height) => expect.closeTo(height + lift, 5)));
  });

  it("on a stalk from the ground, along which the path runs", () => {
    const under = [0, 1, 1].map((height) => expect.closeTo(height + lift, 5));
    expect(list(named(drawn, "path").z)).toEqual(under);
    expect(list(named(drawn, "feet").z)).toEqual(under);
    const stalks = list<number | null>(named(drawn, "stalks").z);
    expect(stalks).toHaveLength(9);
    expect(stalks.slice(0, 3)).toEqual([under[0], expect.closeTo(1.5 + lift, 5), null]);
  });

  it("lies on the ground while it isn't measured, and at the top where it diverged", () => {
    const unknown = walked({ values: [Float32Array.of(Number.NaN, Infinity, 1)] });
    const [first, second] = list(named(draw(unknown, { kind: "surface" }), "checkpoints").z);
    expect(first).toBeCloseTo(0 + lift, 5);
    expect(second).toBeCloseTo(4 + lift, 5);
  });

  it("a moment shows so many of them, in as many traces", () => {
    const first = draw(walked({ values }), { kind: "surface", moment: 1 });
    expect([first.pathTraces, drawn.pathTraces]).toEqual([4, 4]);
    expect(list(named(first, "checkpoints").x)).toEqual([-0.8]);
    expect(list(named(first, "stalks").x)).toEqual([-0.8, -0.8, null]);
  });

  it("has no stalk outside of what is computed", () => {
    const away = walked({ coordinates: Float64Array.of(-8, 0, -0.2, 0.4, 0, 0) });
    expect(list(named(draw(away, { kind: "surface" }), "stalks").z).slice(0, 2)).toEqual([
      null,
      null,
    ]);
  });

  it("a sheet above it lets some of it through", () => {
    expect(named(drawn, "surface").opacity).toBeLessThan(1);
    expect(named(draw(ground, { kind: "surface" }), "surface").opacity).toBe(1);
  });
});

it("along a line each checkpoint stands at its own value, on the axis of the loss", () => {
  const line = landscape((x) => x * x, { y: [], points: { origin: [0] } });
  const coordinates = Float64Array.of(-0.8, -0.2, 0);
  const along = { ...path, coordinates, explained: [null], byChance: [null] };
  const drawn = draw({ ...line, path: along }, { directions: request.directions.slice(0, 1) });
  const { x, y, yaxis } = named(drawn, "checkpoints");
  expect([list(x), list(y), yaxis]).toEqual([[-0.8, -0.2, 0], [2.5, 1, 0.25], "y"]);
});

it("there is none without a trajectory, nor before the first level", () => {
  expect(draw(ground).pathTraces).toBe(0);
  const early = { ...landscape(() => 1, { level: -1 }), path };
  expect(draw(early).pathTraces).toBe(0);
});

it("a moment later in space, only the path's own traces are made anew", () => {
  const view = { request: { ...request, moment: 1 }, theme: LIGHT, previous: false, barrier: null };
  const traces = pathInSpace(walked(), view);
  expect(traces).toEqual(draw(walked(), { kind: "surface", moment: 1 }).data.slice(-4));
});

it("an axis turned towards another kind of direction is in steps", () => {
  const unit = (key: string, rotation: number) => {
    const third = { key, seed: 1, normalization: null };
    return directionTitle(null, { ...request, third, rotation }, 1).split("<br>")[1];
  };
  expect([0, 30, 90].map((rotation) => unit("gradient", rotation))).toEqual([
    "filter-normalized steps",
    "steps",
    "steps",
  ]);
  expect(unit("random", 30)).toBe("filter-normalized steps");
  expect([30, 90].map((rotation) => unit("random, layer", rotation))).toEqual([
    "steps",
    "layer-normalized steps",
  ]);
});

describe("an axis that is a principal component", () => {
  const title = (changes: Partial<Path>, levels: "auto" | "paper" = "auto") => {
    const drawn = draw(walked(changes), { kind: "contour", levels });
    const texts = ["xaxis", "yaxis"].map((name) => part(drawn.layout, name, "title").text);
    return texts.map((text) => String(text).split("<br>")[0]);
  };

  it("says what it explains, beside what a random walk would", () => {
    expect(title({ explained: [0.612, 0.2], byChance: [0.608, 0.152] })).toEqual([
      "1st PC: 61.2 % (random walk: 60.8 %)",
      "2nd PC: 20 % (random walk: 15.2 %)",
    ]);
  });

  it("goes on below in a small picture, where its unit has no room", () => {
    const surface = walked({ explained: [0.612, 0.2], byChance: [0.608, null] });
    const titles = ([0, 1] as const).map((axis) => directionTitle(surface, request, axis, true));
    expect(titles).toEqual(["1st PC: 61.2 %<br>(random walk: 60.8 %)", "2nd PC: 20 %"]);
  });

  it("has two decimals beside the paper's levels, as there", () => {
    expect(title({ explained: [0.612, 0.2], byChance: [0.608, null] }, "paper")).toEqual([
      "1st PC: 61.20 % (random walk: 60.80 %)",
      "2nd PC: 20.00 %",
    ]);
  });

  it("keeps its rank on whichever axis it is", () => {
    const facts = { ...ground.facts, labels: ["random, seed 0", "1st PC: 61.2 %"] };
    const drawn = draw(
      { ...walked({ explained: [null, 0.612], byChance: [null, 0.608] }), facts },
      { kind: "contour" },
    );
    expect(part(drawn.layout, "xaxis", "title").text).toContain("direction 1: random, seed 0");
    expect(part(drawn.layout, "yaxis", "title").text).toContain("1st PC: 61.2 %");
  });
});

describe("one unit of weight length on both axes", () => {
  const facts = {
    ...ground.facts,
    gram: [
      [4, 0],
      [0, 36],
    ],
  };

  it("is as long where the plane is to scale", () => {
    const drawn = (is_to_scale: boolean) =>
      draw({ ...ground, facts: { ...facts, is_to_scale } }, { kind: "contour" }).layout;
    expect(part(drawn(true), "yaxis").scaleratio).toBe(3);
    expect(part(drawn(false), "yaxis").scaleratio).toBe(1);
  });

  it("is so in space, too", () => {
    const { layout } = draw({ ...ground, facts: { ...facts, is_to_scale: true } });
    const { x, y } = part(layout, "scene", "aspectratio") as Layout & { x: number; y: number };
    expect(y / x).toBeCloseTo(3, 12);
  });
});

describe("a window much wider than high", () => {
  const shape = (y: readonly [number, number], is_to_scale = false) => {
    const facts = {
      ...ground.facts,
      gram: [
        [1, 0],
        [0, 1],
      ],
      is_to_scale,
    };
    const { layout } = draw({ ...ground, facts }, { kind: "contour", y });
    const ratio = part(layout, "yaxis").scaleratio as number;
    return 2 / (ratio * (y[1] - y[0]));
  };

  it("is drawn with equal steps as long as one can read it", () => {
    expect(shape([-0.5, 0.5])).toBeCloseTo(2, 12);
    expect(shape([-4, 4])).toBeCloseTo(1 / 3, 12);
    expect(shape([-0.01, 0.01])).toBeCloseTo(3, 12);
  });

  it("keeps to its scale longer where it has one", () => {
    expect(shape([-0.2, 0.2], true)).toBeCloseTo(5, 12);
    expect(shape([-0.01, 0.01], true)).toBeCloseTo(8, 12);
  });
});

describe("a plane of three models", () => {
  const facts = { ...ground.facts, is_triangle: true };
  const points = { origin: [0, 0], "model B": [1, 0], "model C": [0.4, 1] };
  const plane = { ...landscape((x, y) => x + y, { x: axis, y: axis, points }), facts };

  it("has a line from corner to corner and back", () => {
    const { x, y } = named(draw(plane, { kind: "contour" }), "triangle");
    expect([list(x), list(y)]).toEqual([
      [0, 1, 0.4, 0],
      [0, 0, 1, 0],
    ]);
  });

  it("in space along the ground", () => {
    const { x, y, z } = named(draw(plane), "triangle");
    const [across, up, heights] = [list(x), list(y), list(z)];
    across.forEach((place, index) => {
      expect(heights[index]).toBeCloseTo(place + (up[index] as number) + 0.01 * 4, 5);
    });
  });

  it("is none where another point is marked", () => {
    const two = { ...plane, facts: ground.facts };
    expect(draw(two, { kind: "contour" }).data.map(({ name }) => name)).not.toContain("triangle");
  });
});
