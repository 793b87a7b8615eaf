import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choose, isFlat } from "../src/numbers/scale";

describe("choosing", () => {
  it.each([
    ["auto", [1, 100], "linear"],
    ["auto", [1, 101], "log"],
    ["auto", [0, 0.001, 1], "log"],
    ["auto", [0, 1], "linear"],
    ["auto", [-1, 1000], "linear"],
    ["auto", [], "linear"],
    ["auto", [Number.NaN, Infinity], "linear"],
    ["linear", [1e-9, 1e9], "linear"],
    ["log", [1, 2], "log"],
    ["log", [-1, 2], "asinh"],
    ["log", [0, 0], "linear"],
    ["paper", [], "paper"],
    ["paper", [-3, 5], "paper"],
  ] as const)("%s of %j is %s", (scale, values, kind) => {
    expect(choose(scale, values).kind).toBe(kind);
  });

  it("says nothing about an ordinary scale, and what is unusual about the others", () => {
    expect(choose("linear", [1]).label).toBe("");
    expect(choose("log", [1, 2]).label).toBe("log");
    expect(choose("log", [0, 0.00234]).label).toBe("log of value + 0.001");
    expect(choose("log", [-3, 5]).label).toBe("asinh, as some are negative");
    expect(choose("paper", [1, 2]).label).toBe("ln(value + 0.1)");
  });
});

describe("scaling", () => {
  it("takes the logarithm, shifted only when there are zeros", () => {
    expect(choose("log", [0.01, 10]).forward(0.01)).toBeCloseTo(-2, 12);
    const shifted = choose("log", [0, 0.02]);
    expect(shifted.forward(0)).toBeCloseTo(-2, 12);
    expect(shifted.forward(0.02)).toBeCloseTo(Math.log10(0.03), 12);
  });

  it("is the paper's ln(value + 0.1), without a height from −0.1 down", () => {
    const { forward, inverse } = choose("paper", []);
    expect(forward(0.9)).toBe(0);
    expect(forward(10)).toBeCloseTo(Math.log(10.1), 12);
    expect(inverse(forward(3))).toBeCloseTo(3, 12);
    expect([forward(-0.1), forward(-2)]).toEqual([Number.NaN, Number.NaN]);
  });

  it("is odd and unbounded for signed values", () => {
    const { forward } = choose("log", [-50, 100]);
    expect(forward(-7)).toBeCloseTo(-forward(7), 12);
    expect(forward(0)).toBe(0);
    expect(forward(7)).toBeCloseTo(Math.asinh(70), 12);
  });

  it("keeps the order and comes back", () => {
    const value = fc.float({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 2 }), (values) => {
        const { forward, inverse } = choose("log", values);
        const [low, high] = [Math.min(...values), Math.max(...values)];
        expect(forward(low)).toBeLessThanOrEqual(forward(high));
        const close = 1e-9 * Math.max(Math.abs(low), Math.abs(high), 1);
        expect(Math.abs(inverse(forward(high)) - high)).toBeLessThanOrEqual(close);
      }),
    );
  });
});

describe("ticks", () => {
  const labels = (scale: ReturnType<typeof choose>, low: number, high: number, count?: number) =>
    scale.ticks(scale.forward(low), scale.forward(high), count).labels;

  it("are round raw values", () => {
    expect(labels(choose("linear", []), -1, 1)).toEqual(["−1", "−0.5", "0", "0.5", "1"]);
    expect(labels(choose("log", [1e-4, 1e3]), 1e-4, 1e3)).toEqual(["10⁻⁴", "0.01", "1", "100"]);
    expect(labels(choose("log", [0.05, 6]), 0.05, 6)).toEqual(["0.1", "0.3", "1", "3"]);
    expect(labels(choose("log", [2, 9]), 2, 9)).toEqual(["2", "4", "6", "8"]);
    expect(labels(choose("log", [-100, 20]), -100, 20)).toEqual(["−100", "−1", "0", "1"]);
    expect(labels(choose("log", [0, 0.001, 10]), 0, 10)).toEqual(["0", "0.01", "0.1", "1", "10"]);
  });

  it("stand where their values are drawn", () => {
    const scale = choose("log", [0.01, 100]);
    expect(scale.ticks(-2, 2).values).toEqual([-2, -1, 0, 1, 2]);
  });

  it("are one for a flat range", () => {
    expect(choose("linear", [2]).ticks(2, 2)).toEqual({ values: [2], labels: ["2"] });
  });

  it("are never more than asked for and always inside", () => {
    const positive = fc.double({ min: 1e-30, max: 1e30, noNaN: true });
    fc.assert(
      fc.property(positive, positive, fc.integer({ min: 2, max: 12 }), (a, b, count) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        for (const scale of [choose("linear", [a, b]), choose("log", [a, b])]) {
          const { values } = scale.ticks(scale.forward(low), scale.forward(high), count);
          const slack =
            1e-6 * Math.max(Math.abs(scale.forward(low)), Math.abs(scale.forward(high)), 1e-30);
          expect(values.length).toBeLessThanOrEqual(count + 1);
          for (const value of values) {
            expect(value).toBeGreaterThanOrEqual(scale.forward(low) - slack);
            expect(value).toBeLessThanOrEqual(scale.forward(high) + slack);
          }
        }
      }),
    );
  });
});

it("calls flat what float32 can't tell apart", () => {
  expect(isFlat(2.345678, 2.345679)).toBe(true);
  expect(isFlat(0, 0)).toBe(true);
  expect(isFlat(2.3, 2.31)).toBe(false);
  expect(isFlat(-1e-9, 1e-9)).toBe(false);
});
