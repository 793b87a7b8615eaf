// @vitest-environment happy-dom
// Do the small charts show how large the weights are, where there is anything to show?

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWeights } from "../src/face/weights";
import type { Facts } from "../src/protocol";
import { curveIn, outlineIn } from "../src/words/outlines";
import { type FakeStore, facts, fakeStore, surfaceMessage } from "./fake-store";
import { path } from "./messages";

const frame = { width: 100, height: 10 };

describe("the outline of a histogram", () => {
  it("steps from bin to bin, the highest count at the top", () => {
    expect(outlineIn(frame, [0, 5, 10, 0], 10)).toBe("M0 10V10H25V5H50V0H75V10H100V10");
  });

  it("of nothing lies on the ground", () => {
    expect(outlineIn(frame, [0, 0], 0)).toBe("M0 10V10H50V10H100V10");
  });
});

describe("a curve", () => {
  it("runs from the lowest to the highest, each where it is along the way", () => {
    expect(curveIn(frame, [0, 1, 4], [2, 4, 3])).toBe("M0 10L25 0L100 5");
  });

  it("is broken where a value isn't finite, and in the middle where all are the same", () => {
    expect(curveIn(frame, [0, 1, 2], [1, Number.NaN, 1])).toBe("M0 5M100 5");
  });
});

describe("the fold", () => {
  let store: FakeStore;
  let fold: HTMLElement;
  let life: AbortController;

  beforeEach(() => {
    life = new AbortController();
    store = fakeStore();
    fold = createWeights(store, life.signal);
  });

  afterEach(() => life.abort());

  const histogram = { label: "origin", edges: [-0.2, 0, 0.2], counts: [3, 4], norm: 17.21 };
  const arrive = (changes: Partial<Facts>, walked: typeof path | null = null) =>
    store.arrive(surfaceMessage(5, (x) => x, { facts: { ...facts, ...changes }, path: walked }));

  it("isn't there while nothing is known", () => {
    expect(fold.hidden).toBe(true);
    arrive({});
    expect(fold.hidden).toBe(true);
  });

  it("has an outline a model, named with its norm", () => {
    arrive({ histograms: [histogram, { ...histogram, label: "large batch", norm: 25.1 }] });
    expect(fold.hidden).toBe(false);
    expect(fold.querySelectorAll("path[class^=lw]")).toHaveLength(2);
    expect(fold.textContent).toContain("origin ‖θ‖ 17.2, large batch ‖θ‖ 25.1");
    expect(fold.textContent).toContain("−0.2");
  });

  it("has the norm along training, with the drops of the learning rate", () => {
    arrive({}, path);
    expect(fold.querySelectorAll("figure")).toHaveLength(1);
    expect(fold.querySelector("path.lw-drop")?.getAttribute("d")).toBe("M260.0 0V84");
    expect(fold.textContent).toContain("8 to 10");
    expect(fold.textContent).toContain("learning rate drops");
  });
});
