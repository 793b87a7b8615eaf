import { describe, expect, it } from "vitest";
import { draw, list, named, part } from "./figures";
import { landscape, spread } from "./landscapes";

const axis = spread(-1, 1, 5);
const tilted = landscape((x) => 10 * x, { x: axis, y: axis });

describe("limits", () => {
  it("are the ends of colours and height, whatever the values", () => {
    const flat = draw(
      landscape(() => 2, { x: axis, y: axis }),
      { limits: [0, 5] },
    );
    expect(named(flat, "surface")).toMatchObject({ cmin: 0, cmax: 5 });
    const heat = draw(tilted, { kind: "heatmap", limits: [-4, 5] });
    expect(named(heat, "surface")).toMatchObject({ zmin: -4, zmax: 5 });
  });

  it("draw at the end what lies beyond", () => {
    const { z } = named(draw(tilted, { kind: "heatmap", limits: [-4, 5] }), "surface");
    expect(list((z as Float64Array[])[0])).toEqual([-4, -4, 0, 5, 5]);
  });

  it("choose the scale by themselves, so that pictures of the same limits have the same", () => {
    const one = draw(
      landscape(() => 3),
      { kind: "heatmap", limits: [0.01, 50] },
    );
    const other = draw(
      landscape((x) => 0.02 + x * x),
      { kind: "heatmap", limits: [0.01, 50] },
    );
    for (const drawn of [one, other]) {
      const tiles = named(drawn, "surface");
      expect(tiles).toMatchObject({ zmin: -2, zmax: expect.closeTo(Math.log10(50), 12) });
      expect(part(tiles, "colorbar", "title").text).toBe("loss (log)");
    }
  });

  it("keep values at 0 and below on a logarithmic scale, at its low end", () => {
    const { z } = named(draw(tilted, { kind: "heatmap", limits: [0.01, 50] }), "surface");
    expect(list((z as Float64Array[])[0]).slice(0, 3)).toEqual([-2, -2, -2]);
  });

  it("share the tone of the clip even where nothing is cut off", () => {
    const low = draw(
      landscape(() => 1, { x: axis, y: axis }),
      {
        kind: "heatmap",
        limits: [0, 5],
        clip: 4,
      },
    );
    const high = draw(
      landscape((x) => 5 * x, { x: axis, y: axis }),
      {
        kind: "heatmap",
        limits: [0, 5],
        clip: 4,
      },
    );
    const scales = [low, high].map((drawn) => named(drawn, "surface"));
    expect(scales[0]?.colorscale).toEqual(scales[1]?.colorscale);
    expect(scales[0]?.zmax).toBe(scales[1]?.zmax);
    expect([low.clipped, high.clipped]).toEqual([0, 5]);
  });

  it("have no say where they have no height", () => {
    const drawn = draw(
      landscape((x) => 1 + x, { x: axis, y: axis }),
      {
        kind: "heatmap",
        scale: "paper",
        limits: [-3, 2],
      },
    );
    expect(named(drawn, "surface")).toMatchObject({
      zmin: expect.closeTo(Math.log(0.1), 5),
      zmax: expect.closeTo(Math.log(2.1), 5),
    });
  });
});

describe("levels", () => {
  const labels = (levels: readonly number[], scale: "linear" | "log" = "linear") => {
    const rising = landscape((x) => 5 + 4 * x, { x: axis, y: axis });
    const { colorbar, contours } = named(
      draw(rising, { kind: "contour", levels, scale }),
      "surface",
    );
    return [list<string>(part({ colorbar }, "colorbar").ticktext), contours];
  };

  it("are just those asked for, raw values on every scale", () => {
    expect(labels([2, 3.5, 7])[0]).toEqual(["2", "3.5", "7"]);
    expect(labels([2, 3.5, 7], "log")[0]).toEqual(["2", "3.5", "7"]);
  });

  it("beyond the values are no lines", () => {
    expect(labels([0.5, 2, 11])[0]).toEqual(["2"]);
    expect(labels([50])).toEqual([[], expect.objectContaining({ showlines: false })]);
  });

  it("are the lines on the surface, too, and a few of them are named", () => {
    const rising = landscape((x) => 5 + 4 * x, { x: axis, y: axis });
    const drawn = draw(rising, { levels: spread(1.5, 8.5, 15) });
    const { contours } = named(drawn, "surface");
    expect(list(part(contours, "z").levels)).toEqual(spread(1.5, 8.5, 15));
    const height = part(drawn.layout, "scene", "zaxis");
    expect(list(height.tickvals).length).toBeLessThanOrEqual(8);
    expect(list(height.tickvals)).toHaveLength(list(height.ticktext).length);
  });
});
