import { describe, expect, it } from "vitest";
import type { Barrier } from "../src/protocol";
import { barrierText } from "../src/words/barrier";
import { draw, list, named } from "./figures";
import { landscape, spread } from "./landscapes";

const barrier: Barrier = {
  height: 0.42,
  at: 0.47,
  is_monotone: false,
  rise: 0.3,
  rise_at: 0.4,
  missing: 0,
  metric: "loss",
};

describe("in words", () => {
  it("how high, where, and whether the way is monotone", () => {
    expect(barrierText(barrier)).toBe("barrier 0.42 at 0.47; not monotone: rises by 0.3 at 0.4");
    expect(barrierText({ ...barrier, is_monotone: true })).toBe("barrier 0.42 at 0.47; monotone");
    expect(barrierText({ ...barrier, height: 0, is_monotone: true })).toBe("no barrier; monotone");
  });

  it("cells that were left out are counted", () => {
    expect(barrierText({ ...barrier, is_monotone: true, rise_at: null, missing: 2 })).toBe(
      "barrier 0.42 at 0.47; monotone, but for 2 cells not finite",
    );
  });

  it("what is infinite is said to be so", () => {
    expect(barrierText({ ...barrier, height: null, rise: null })).toBe(
      "barrier ∞ at 0.47; not monotone: rises by ∞ at 0.4",
    );
  });
});

describe("in the picture", () => {
  /** 1 at the origin, 3 at the other model, 4 in the middle: 2 above the chord. */
  const surface = landscape((x) => (x === 0 ? 1 : x === 1 ? 3 : 4), {
    x: spread(0, 1, 3),
    y: [],
    points: { origin: [0], "large batch": [1] },
  });
  const half = { ...barrier, height: 2, at: 0.5 };

  it("the chord runs dotted from model to model", () => {
    const { x, y, line } = named(draw(surface, {}, half), "chord");
    expect([list(x)[0], list(x).at(-1), list(y)[0], list(y).at(-1)]).toEqual([0, 1, 1, 3]);
    expect(list(y)[20]).toBeCloseTo(2, 12);
    expect(line).toMatchObject({ dash: "dot" });
  });

  it("the barrier stands on it, with its height", () => {
    const drawn = draw(surface, {}, half);
    expect(list(named(drawn, "barrier").x)).toEqual([0.5, 0.5]);
    expect(list(named(drawn, "barrier").y)).toEqual([2, 4]);
    expect(drawn.layout.annotations).toContainEqual(
      expect.objectContaining({ text: "barrier 2", x: 0.5, y: 3 }),
    );
  });

  it("on a logarithmic scale a chord is bent, since it is straight between values", () => {
    const { y } = named(draw(surface, { scale: "log" }, half), "chord");
    expect(list(y)[20]).toBeCloseTo(Math.log10(2), 12);
  });

  it("one that is infinite ends where the axis does", () => {
    const drawn = draw(surface, {}, { ...half, height: null });
    const [, top] = (drawn.layout.yaxis as { range: [number, number] }).range;
    expect(list(named(drawn, "barrier").y)[1]).toBe(top);
  });

  it("there is none without another model, and nothing is named where it is nothing", () => {
    const alone = landscape((x) => x, { y: [], points: { origin: [0] } });
    expect(draw(alone, {}, half).data.map(({ name }) => name)).not.toContain("chord");
    const { annotations } = draw(surface, {}, { ...half, height: 0 }).layout;
    expect(JSON.stringify(annotations)).not.toContain("barrier");
  });
});
