import { expect, it } from "vitest";
import {
  formatAngle,
  formatCount,
  formatDuration,
  formatError,
  formatNumber,
  formatRange,
  formatTogether,
} from "../src/numbers/format";

it.each([
  [0, "0"],
  [-0, "0"],
  [1, "1"],
  [0.5, "0.5"],
  [-0.5, "−0.5"],
  [0.00123, "0.00123"],
  [0.001, "0.001"],
  [0.0004567, "4.57 × 10⁻⁴"],
  [4.2e-7, "4.2 × 10⁻⁷"],
  [-1e-12, "−10⁻¹²"],
  [0.9999, "1"],
  [0.09996, "0.1"],
  [1.2345, "1.23"],
  [89.62, "89.6"],
  [99.99, "100"],
  [1797, "1,797"],
  [-12345.6, "−12,346"],
  [999999.4, "999,999"],
  [1234567, "1.23 × 10⁶"],
  [1e20, "10²⁰"],
  [Math.fround(0.1), "0.1"],
  [3.4028234663852886e38, "3.4 × 10³⁸"],
  [Number.NaN, "NaN"],
  [Infinity, "∞"],
  [-Infinity, "−∞"],
])("writes %d as %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

it("writes as many digits as it is asked for", () => {
  expect(formatNumber(2.345678, { significant: 5 })).toBe("2.3457");
  expect(formatNumber(2.345678, { significant: 1 })).toBe("2");
});

it("lets values that differ look different, and writes the others short", () => {
  expect(formatTogether([0, 0.5, 1])).toEqual(["0", "0.5", "1"]);
  expect(formatTogether([2.345678, 2.345679])).toEqual(["2.345678", "2.345679"]);
  expect(formatTogether([1000000, 1000001])).toEqual(["10⁶", "1.000001 × 10⁶"]);
  expect(formatTogether([3, 3])).toEqual(["3", "3"]);
  expect(formatTogether([Number.NaN, Number.NaN, 1])).toEqual(["NaN", "NaN", "1"]);
});

it.each([
  [0.00412, "± 0.004"],
  [0.00123, "± 0.0012"],
  [0.29, "± 0.29"],
  [31, "± 31"],
  [0, "± 0"],
  [Number.NaN, "± ?"],
])("writes an error of %d as %s", (error, text) => {
  expect(formatError(error)).toBe(text);
});

it.each([
  [0.2, "under 1 s"],
  [2.2, "2 s"],
  [59.4, "59 s"],
  [59.6, "1 min"],
  [80, "1 min 20 s"],
  [3600, "1 h"],
  [7500, "2 h 5 min"],
  [360000, "100 h"],
])("writes %d seconds as %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

it("writes counts, angles and ranges", () => {
  expect(formatCount(2601)).toBe("2,601");
  expect(formatCount(1234567)).toBe("1,234,567");
  expect(formatAngle(89.62)).toBe("89.6°");
  expect(formatRange(-1, 0.5)).toBe("−1 to 0.5");
});
