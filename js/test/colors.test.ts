import { expect, it } from "vitest";
import { colorAt, colorscale, faded, mix } from "../src/figure/colors";
import type { Colors } from "../src/protocol";

const maps: readonly Colors[] = ["cividis", "viridis", "diverging", "grey"];

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) =>
    Number.parseInt(color.slice(start, start + 2), 16),
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

it.each(["cividis", "viridis", "grey"] as const)("%s grows lighter all the way", (colors) => {
  const steps = Array.from({ length: 51 }, (_, index) => luminance(colorAt(colors, index / 50)));
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
});

it("meets the ends of each map, and stays there beyond them", () => {
  expect(colorAt("cividis", 0)).toBe("#00204c");
  expect(colorAt("cividis", 1)).toBe("#ffe945");
  expect(colorAt("viridis", -3)).toBe("#440154");
  expect(colorAt("viridis", 7)).toBe("#fde725");
  expect(colorAt("diverging", 0.5)).toBe("#f7f7f7");
});

it.each(maps)("hands plotly %s from 0 to 1 in order", (colors) => {
  const shares = colorscale(colors).map(([share]) => share);
  expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
});

it("gives what is clipped a colour of its own, above a sharp edge", () => {
  const scale = colorscale("cividis", 0.9, "#aabbcc");
  expect(scale.slice(-3)).toEqual([
    [0.9, "#ffe945"],
    [0.9, "#aabbcc"],
    [1, "#aabbcc"],
  ]);
});

it("mixes and fades", () => {
  expect(mix("#000000", "#ffffff", 0.5)).toBe("#808080");
  expect(faded([[0, "#000000"]], { color: "#646464", share: 0.5 })).toEqual([[0, "#323232"]]);
});
