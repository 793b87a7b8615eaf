// Is a map drawn as its columns ask: on the paper's range and in its colours, hatched where it didn't converge?

import { describe, expect, it, test } from "vitest";
import { UNCONVERGED } from "../src/cell-state";
import { colorscale } from "../src/figure/colors";
import type { Kind } from "../src/protocol";
import { fromMessage } from "../src/store/tell";
import type { Surface } from "../src/surface";
import { mapMessage } from "./curvature";
import { surfaceMessage } from "./fake-store";
import { draw, list, named, part } from "./figures";
import { path } from "./messages";

/** The ratio runs from 0.1 to 0.9, λ_min from −9 to −1. */
const steep = fromMessage(mapMessage((x, y) => 2 * x - 2 * y - 5));

const ratio = { metric: "curvature", kind: "heatmap" } as const;

describe("the ratio", () => {
  it("is drawn from 0 to 0.5, whatever its values, in viridis", () => {
    const trace = named(draw(steep, ratio), "surface");
    expect([trace.zmin, trace.zmax]).toEqual([0, 0.5]);
    expect(trace.colorscale).toEqual(colorscale("viridis"));
    expect(Math.max(...list<number[]>(trace.z).flatMap((row) => list(row)))).toBe(0.5);
  });

  it("has its label on the colour bar", () => {
    const { colorbar } = named(draw(steep, ratio), "surface");
    expect(part(colorbar, "title").text).toBe("|λ_min/λ_max|");
  });

  it("obeys who asks for other limits and colours", () => {
    const trace = named(draw(steep, { ...ratio, limits: [0, 1], colors: "grey" }), "surface");
    expect([trace.zmin, trace.zmax]).toEqual([0, 1]);
    expect(trace.colorscale).toEqual(colorscale("grey"));
  });

  it("stands in space between the same limits", () => {
    const figure = draw(steep, { ...ratio, kind: "surface" });
    const [low, high] = part(figure.layout, "scene", "zaxis").range as [number, number];
    expect(low).toBeLessThan(0);
    expect(high).toBeCloseTo(0.52);
    expect(named(figure, "surface").cmax).toBe(0.5);
  });
});

it("draws the ends of the spectrum as any metric, in the picture's colours", () => {
  const trace = named(draw(steep, { ...ratio, metric: "curvature_min" }), "surface");
  expect([trace.zmin, trace.zmax]).toEqual([-9, -1]);
  expect(trace.colorscale).toEqual(colorscale("cividis"));
});

test.each<Kind>(["heatmap", "contour", "surface"])(
  "a %s is hatched where it didn't converge",
  (kind) => {
    const strokes = named(draw(steep, { ...ratio, kind }), "not converged");
    const x = list<number | null>(strokes.x).filter((value) => value !== null);
    const y = list<number | null>(strokes.y).filter((value) => value !== null);
    // Cell 3 is the fourth of the lowest row: halfway to its neighbours, and to the edge.
    expect([Math.min(...x), Math.max(...x)]).toEqual([0.25, 0.75]);
    expect([Math.min(...y), Math.max(...y)]).toEqual([-1, -0.75]);
  },
);

test("in space the strokes lie on the ground that they doubt", () => {
  const strokes = named(draw(steep, { ...ratio, kind: "surface" }), "not converged");
  const heights = list<number | null>(strokes.z).filter((value) => value !== null);
  expect(Math.min(...heights)).toBeGreaterThan(0.1);
});

test("a hole is a hole, though it didn't converge either", () => {
  const broken = fromMessage(mapMessage((x, y) => (x === 0.5 && y === -1 ? Number.NaN : -1)));
  const names = draw(broken, ratio).data.map(({ name }) => name);
  expect(names).toContain("not finite");
  expect(names).not.toContain("not converged");
});

test("what converged has no strokes", () => {
  const sure: Surface = { ...steep, states: new Uint8Array(26).fill(1) };
  expect(draw(sure, ratio).data.map(({ name }) => name)).not.toContain("not converged");
});

describe("along a line", () => {
  const message = surfaceMessage(5, (x) => x + 2, { dimensions: 1, map: "curvature" });
  const metrics = mapMessage(() => -1).metrics.slice(0, 2);
  const states = message.states.slice();
  states[2] = UNCONVERGED;
  const line = fromMessage({ ...message, metrics, states });

  it("keeps to the limits of the ratio and marks what didn't converge", () => {
    const { layout } = draw(line, { ...ratio, directions: [] });
    expect(part(layout, "yaxis").range).toEqual([0, 0.5]);
    expect(layout.shapes).toContainEqual(expect.objectContaining({ x0: -0.25, x1: 0.25 }));
    expect(layout.annotations).toContainEqual(expect.objectContaining({ text: "not converged" }));
  });

  it("draws λ_max alone, over its own values", () => {
    const { data, layout } = draw(line, { ...ratio, metric: "curvature_max", directions: [] });
    expect(part(layout, "yaxis", "title").text).toBe("λ_max");
    expect(data.filter(({ name }) => name === "λ_max")).toHaveLength(1);
  });
});

test("an eigenvector of the Hessian says its eigenvalue on a line of its own", () => {
  const labels = ["1st Hessian eigenvector: λ = 12.3", "random, seed 1"];
  const surface = { ...steep, facts: { ...steep.facts, labels } };
  const directions = [
    { key: "hessian 0", seed: 0, normalization: null },
    { key: "random", seed: 1, normalization: null },
  ];
  const { layout } = draw(surface, { ...ratio, directions });
  expect(part(layout, "xaxis", "title").text).toBe("1st Hessian eigenvector<br>λ = 12.3, steps");
  expect(part(layout, "yaxis", "title").text).toBe(
    "direction 2: random, seed 1<br>filter-normalized steps",
  );
});

test.each<Kind>(["heatmap", "contour", "surface"])("training goes over a %s of a map", (kind) => {
  const walked = { ...steep, path: { ...path, values: [] } };
  const figure = draw(walked, { ...ratio, kind });
  expect(list(named(figure, "checkpoints").x)).toEqual([-0.8, -0.2, 0]);
  expect(figure.shown).toBe(3);
});
