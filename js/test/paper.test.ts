// Is what the presets draw what the code of Li et al. (2018) draws? Levels, transform, clip and axis text.

import { describe, expect, it } from "vitest";
import type { Layout } from "../src/plotly";
import type { Kind, Preset, Request } from "../src/protocol";
import type { Surface } from "../src/surface";
import { AS_IN_THE_PAPER, changesOf, PAPER } from "../src/words/presets";
import { request } from "./fake-store";
import { draw, list, named, part } from "./figures";
import { accuracy, landscape, loss, spread } from "./landscapes";
import { path } from "./messages";

const preset: Preset = { key: PAPER, label: "", hint: "", changes: {}, fits: false };
const asked = (kind: Kind): Partial<Request> => {
  const directions = request.directions.slice(0, kind === "line" ? 1 : 2);
  return { kind, directions, ...changesOf(preset, { ...request, kind, directions }) };
};

/** From 0.02 in the middle to beyond 10⁸ in the corners. */
const axis = spread(-1, 1, 21);
const steep = landscape((x, y) => 0.02 * Math.exp(12 * (x * x + y * y)), { x: axis, y: axis });

const contourLabels = (surface: Surface): string[] => {
  const bar = part(named(draw(surface, asked("contour")), "surface"), "colorbar");
  return list<string>(bar.ticktext);
};
const paperLevels = [
  ...[0.1, 0.6, 1.1, 1.6, 2.1, 2.6, 3.1, 3.6, 4.1, 4.6],
  ...[5.1, 5.6, 6.1, 6.6, 7.1, 7.6, 8.1, 8.6, 9.1, 9.6],
].map(String);

describe("contours", () => {
  it("run at 0.1, 0.6, … 9.6, and nothing above is lined", () => {
    expect(contourLabels(steep)).toEqual(paperLevels);
  });

  it("run also at 10, 100, … 10⁸ beside a trajectory", () => {
    expect(contourLabels({ ...steep, path })).toEqual([
      ...paperLevels,
      ...["10", "100", "1,000", "10,000", "100,000", "10⁶", "10⁷", "10⁸"],
    ]);
  });

  it("stand where they say: a cell of value 5.1 lies on the line of 5.1", () => {
    const at = landscape((x) => (x < 0 ? 0 : x > 0 ? 20 : 5.1));
    const { z, colorbar } = named(draw(at, asked("contour")), "surface");
    const level = list<string>(part({ colorbar }, "colorbar").ticktext).indexOf("5.1");
    const middle = (z as Float64Array[])[2]?.[1] ?? Number.NaN;
    expect(middle).toBeCloseTo(list(part({ colorbar }, "colorbar").tickvals)[level] ?? -1, 4);
  });

  it("are linear and not cut off", () => {
    const drawn = draw(steep, asked("contour"));
    expect(drawn.clipped).toBe(0);
    expect(part(named(drawn, "surface"), "colorbar", "title").text).toBe("loss");
  });

  it("tell bands apart that lie decades apart", () => {
    const { colorscale } = named(draw({ ...steep, path }, asked("contour")), "surface");
    const colors = new Set((colorscale as [number, string][]).map(([, color]) => color));
    expect(colors.size).toBe(29);
  });
});

describe("surfaces", () => {
  const drawn = draw(steep, asked("surface"));
  const sheet = named(drawn, "surface");

  it("are ln(loss + 0.1), cut off at 10", () => {
    const heights = (sheet.z as Float64Array[]).flatMap((row) => list(row));
    expect(Math.min(...heights)).toBeCloseTo(Math.log(0.12), 5);
    expect(Math.max(...heights)).toBeCloseTo(Math.log(10.1), 5);
    expect(drawn.clipped).toBeGreaterThan(0);
  });

  it("say so, and where they are cut off", () => {
    expect(drawn.layout.annotations).toMatchObject([{ text: "height: loss (ln(value + 0.1))" }]);
    expect(list<string>(part(sheet, "colorbar").ticktext).at(-1)).toBe("≥ 10");
  });

  it("have no height from −0.1 down: those cells are holes", () => {
    const negative = landscape((x) => (x < 0 ? -0.1 : x));
    const { z } = named(draw(negative, asked("surface")), "surface");
    const [first] = z as Float64Array[];
    expect([first?.[0], first?.at(-1)]).toEqual([Number.NaN, expect.closeTo(Math.log(1.1), 5)]);
  });
});

describe("lines", () => {
  const metrics = [
    loss,
    { ...accuracy },
    { ...loss, name: "test_loss" },
    { ...accuracy, name: "test_accuracy" },
  ];
  const surface = landscape((x) => 20 * x * x, { y: [], points: { origin: [0] }, metrics });
  const drawn = draw(surface, asked("line"));

  it("have the loss from 0 to 5 left and the accuracy from 0 to 100 right", () => {
    expect(part(drawn.layout, "yaxis").range).toEqual([0, 5]);
    expect(part(drawn.layout, "yaxis2").range).toEqual([0, 100]);
    expect(part(drawn.layout, "yaxis").ticktext).toEqual(["0", "1", "2", "3", "4", "5"]);
    expect(part(drawn.layout, "yaxis", "title").text).toBe("loss");
    expect(part(drawn.layout, "yaxis2", "title").text).toBe("accuracy, %");
  });

  it("are flat at the end of the axis beyond it", () => {
    expect(list(named(drawn, "loss").y)).toEqual([5, 0, 5]);
    expect(list(named(drawn, "accuracy, %").y)).toEqual([20, 0, 20]);
  });

  it("never stretch the accuracy, whatever the scale of the loss", () => {
    for (const scale of ["paper", "log"] as const) {
      const scaled = draw(surface, { ...asked("line"), limits: null, scale });
      expect(list(named(scaled, "accuracy, %").y)).toEqual([20, 0, 20]);
    }
  });

  it("are solid for training and dashed for the test data", () => {
    const dash = (name: string) => (named(drawn, name).line as Layout).dash;
    expect(["loss", "test loss", "accuracy, %", "test accuracy, %"].map(dash)).toEqual([
      "solid",
      "dash",
      "solid",
      "dash",
    ]);
  });
});

it("heat maps are linear, with all that was set before taken back", () => {
  expect(AS_IN_THE_PAPER.heatmap).toEqual({
    scale: "linear",
    levels: "auto",
    clip: null,
    limits: null,
  });
  expect(part(named(draw(steep, asked("heatmap")), "surface"), "colorbar", "title").text).toBe(
    "loss",
  );
});

it("the preset knows the kind of picture: one direction is a line", () => {
  const one = { ...request, directions: request.directions.slice(0, 1) };
  expect(changesOf(preset, one)).toEqual(AS_IN_THE_PAPER.line);
  expect(changesOf(preset, { ...request, kind: "line" })).toEqual(AS_IN_THE_PAPER.surface);
  expect(changesOf(preset, { ...request, kind: "contour" })).toEqual(AS_IN_THE_PAPER.contour);
});

it("other presets change what Python says", () => {
  const changes = { x: [-0.2, 1.2] as const };
  expect(changesOf({ ...preset, key: "start and random", changes }, request)).toBe(changes);
});
