import { describe, expect, it } from "vitest";
import { drawsOf, type Surface } from "../src/surface";
import { draw, list, named } from "./figures";
import { accuracy, landscape, loss } from "./landscapes";

/** Three draws of loss and accuracy, the k-th of them (k + 1) x² and 10 (k + 1) x². */
const metrics = [0, 1, 2].flatMap((repeat) =>
  [loss, accuracy].map((metric) => ({
    ...metric,
    repeat,
    name: repeat === 0 ? metric.name : `${metric.name} #${repeat}`,
  })),
);
const base = landscape((x) => x * x, { y: [], points: { origin: [0] }, metrics });
const surface: Surface = {
  ...base,
  values: base.values.map((row, metric) =>
    row.map((value) => (1 + Math.floor(metric / 2)) * (metric % 2 ? 10 : 1) * value),
  ),
};

describe("several draws of a line", () => {
  const drawn = draw(surface);

  it("belong to the metric whose name they bear", () => {
    expect(drawsOf(surface, 0)).toEqual([0, 2, 4]);
    expect(drawsOf(surface, 1)).toEqual([1, 3, 5]);
    expect(drawsOf(base, 0)).toEqual([0, 2, 4]);
    expect(
      drawsOf(
        landscape((x) => x),
        0,
      ),
    ).toEqual([0]);
  });

  it("are thin, their mean thick", () => {
    const width = (name: string) => (named(drawn, name).line as { width: number }).width;
    expect(list(named(drawn, "loss").y)).toEqual([2, 0, 2]);
    expect(list(named(drawn, "draw 3").y)).toEqual([3, 0, 3]);
    expect(width("loss")).toBeGreaterThan(width("draw 1"));
  });

  it("span a band from the lowest to the highest, named in the legend once", () => {
    const bands = drawn.data.filter(({ fill }) => fill === "toself");
    expect(bands.map(({ name, showlegend }) => [name, showlegend])).toEqual([
      ["3 draws: mean, lowest to highest", true],
      ["3 draws: mean, lowest to highest", false],
    ]);
    expect(list<number | null>(bands[0]?.y)).toEqual([3, 0, 3, 1, 0, 1, null]);
    expect(drawn.layout.showlegend).toBe(true);
  });

  it("share the axes of their metrics, which hold the highest of all", () => {
    expect(named(drawn, "accuracy, %").yaxis).toBe("y2");
    const [low = 0, high = 0] = (drawn.layout.yaxis2 as { range: [number, number] }).range;
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(30);
  });

  it("have no mean where one of them isn't finite", () => {
    const values = surface.values.map((row) => row.slice());
    (values[4] as Float32Array)[2] = Number.NaN;
    expect(list(named(draw({ ...surface, values }), "loss").y)).toEqual([2, 0, null]);
  });

  it("of test data are dashed", () => {
    const tested = metrics.map((metric) => ({ ...metric, name: `test_${metric.name}` }));
    const { line } = named(draw({ ...surface, metrics: tested }), "test loss");
    expect(line).toMatchObject({ dash: "dash" });
  });
});
