// Does each reason speak up where it holds, and keep still where it doesn't?

import { describe, expect, it } from "vitest";
import { INTERPOLATED, PREVIEW, UNCONVERGED } from "../src/cell-state";
import type { Path, Request } from "../src/protocol";
import { fromMessage } from "../src/store/tell";
import type { Surface } from "../src/surface";
import { extent } from "../src/words/counts";
import { findings, LEVELS, summaryOf, worstOf } from "../src/words/why";
import type { Evidence, Finding } from "../src/words/why/finding";
import { noisyLevels } from "../src/words/why/noise";
import { cellOf, lostAt } from "../src/words/why/rounding";
import { mapMessage, mapStatus, sharpness } from "./curvature";
import { choices, facts, request, status, surfaceMessage } from "./fake-store";
import { path } from "./messages";

const bowl = (x: number, y: number) => x * x + y * y + 1;
const quiet = { ...facts, share: 1, zeros: 0, notes: [], spread: null };
const plane = fromMessage(surfaceMessage(5, bowl));

function evidence(changes: Partial<Evidence> = {}): Evidence {
  const surface = changes.surface === undefined ? plane : changes.surface;
  return {
    status: { ...status, facts: quiet, phase: "done" },
    facts: quiet,
    request,
    choices,
    sharpness: null,
    surface,
    metric: 0,
    levels: [],
    extent: surface && extent(surface, 0),
    isLinear: false,
    ...changes,
  };
}

const said = (changes: Partial<Evidence>, pattern: RegExp): Finding | undefined =>
  findings(evidence(changes)).find(({ seen }) => pattern.test(seen));

const asked = (changes: Partial<Request>) => ({ request: { ...request, ...changes } });
const told = (changes: Partial<Evidence["status"]>) => ({
  status: { ...status, facts: quiet, phase: "done" as const, ...changes },
});
const of = (changes: Partial<Evidence["facts"]>) => ({ facts: { ...quiet, ...changes } });

/** The first cells in another state; of a subset, with an error of its own. */
const some = (state: number, cells: number): Surface => ({
  ...plane,
  states: plane.states.map((known, cell) => (cell < cells ? state : known)),
});
const subset = (error: number): Surface => ({
  ...plane,
  metrics: plane.metrics.map((metric) => ({ ...metric, samples: 100, size: 1e6 })),
  errors: plane.errors.map((row) => row.map(() => error)),
});
const walked = (changes: Partial<Path>): Surface => ({ ...plane, path: { ...path, ...changes } });
const reestimate = { key: "reestimate", label: "re-estimated", hint: "" } as const;
const sensitivity = (worst: number | null) => ({
  worst,
  losses: { frozen: 17.1, reestimate: 1.47 },
  at: [0.5, 0],
  samples: 64,
});
const rounding = {
  dtype: "bfloat16",
  steps: [0.001, 0.01, 0.1, 1],
  lost: [0.8, 0.17, 0.017, 0.002],
};
const three = (spread: number): Surface => {
  const metrics = [0, 1, 2].map((repeat) => ({
    ...(plane.metrics[0] as Surface["metrics"][number]),
    repeat,
    name: repeat ? `loss #${repeat}` : "loss",
  }));
  const first = plane.values[0] as Float32Array;
  return { ...plane, metrics, values: [0, 1, 2].map((k) => first.map((v) => v + k * spread)) };
};

interface Case {
  readonly about: string;
  readonly pattern: RegExp;
  readonly level: Finding["level"];
  readonly holds: Partial<Evidence>;
  readonly doesNot: Partial<Evidence>;
  readonly button?: string;
}

const CASES: readonly Case[] = [
  {
    about: "contour lines closer than twice the standard error",
    pattern: /^2 of 4 contour lines are no surer than the samples/,
    level: "doubtful",
    holds: { surface: subset(0.06), levels: [1.2, 1.3, 2, 2.5] },
    doesNot: { surface: subset(0.04), levels: [1.2, 1.3, 2, 2.5] },
    button: "use all samples",
  },
  {
    about: "most lines closer than that",
    pattern: /^4 of 4 contour lines are/,
    level: "wrong",
    holds: { surface: subset(9), levels: [1.2, 1.3, 2, 2.5] },
    doesNot: { levels: [1.2, 1.3, 2, 2.5] },
    button: "use all samples",
  },
  {
    about: "a subset that is large enough",
    pattern: /^Each cell is measured on 100 of 1,000,000 samples, ± 0.04/,
    level: "plain",
    holds: { surface: subset(0.04) },
    doesNot: {},
    button: "use all samples",
  },
  {
    about: "BatchNorm that decides the picture",
    pattern: /^BatchNorm matters here: frozen 17.1/,
    level: "wrong",
    holds: {
      ...told({ sensitivity: sensitivity(11.6) }),
      ...asked({ batch_norm: "frozen" }),
      choices: { ...choices, batch_norms: [reestimate] },
    },
    doesNot: told({ sensitivity: sensitivity(1.2) }),
    button: "re-estimate BatchNorm",
  },
  {
    about: "BatchNorm that is re-estimated already",
    pattern: /^BatchNorm matters here/,
    level: "doubtful",
    holds: {
      ...told({ sensitivity: sensitivity(1.5) }),
      ...asked({ batch_norm: "reestimate" }),
      choices: { ...choices, batch_norms: [reestimate] },
    },
    doesNot: {},
  },
  {
    about: "cells that aren't finite",
    pattern: /^5 of 25 measured cells are NaN or infinite/,
    level: "doubtful",
    holds: { surface: fromMessage(surfaceMessage(5, (x) => (x > 0.9 ? Number.NaN : x))) },
    doesNot: {},
    button: "auto range",
  },
  {
    about: "cells that mostly aren't",
    pattern: /^20 of 25 measured cells/,
    level: "wrong",
    holds: { surface: fromMessage(surfaceMessage(5, (x) => (x > -0.9 ? Infinity : x))) },
    doesNot: {},
    button: "auto range",
  },
  {
    about: "clipped cells",
    pattern: /^4 cells lie above 2.5 and are drawn flat/,
    level: "plain",
    holds: asked({ clip: 2.5 }),
    doesNot: asked({ clip: 3 }),
    button: "no clip",
  },
  {
    about: "a network of which only a part moves",
    pattern: /^20 % of the network's squared norm moves/,
    level: "doubtful",
    holds: of({ share: 0.2 }),
    doesNot: of({ share: null }),
  },
  {
    about: "a network of which all moves",
    pattern: /^All of the network's squared norm moves/,
    level: "plain",
    holds: of({ share: 1 }),
    doesNot: of({ share: 0.9 }),
  },
  {
    about: "directions as upright as chance has them",
    pattern: /stand at 89.6°; chance gives 90 ± 0.41°/,
    level: "plain",
    holds: of({ spread: 0.41 }),
    doesNot: of({ angle: null }),
  },
  {
    about: "directions further from upright than chance comes",
    pattern: /stand at 88.5°/,
    level: "doubtful",
    holds: of({ angle: 88.5, spread: 0.41 }),
    doesNot: of({ angle: 88.5, spread: null }),
  },
  {
    about: "directions that shear the picture",
    pattern: /stand at 60°\.$/,
    level: "doubtful",
    holds: of({ angle: 60 }),
    doesNot: of({ angle: 80 }),
  },
  {
    about: "directions that are nearly one",
    pattern: /stand at 20°/,
    level: "wrong",
    holds: of({ angle: 20 }),
    doesNot: of({ angle: 90 }),
  },
  {
    about: "a cell that is mostly rounding",
    pattern: /^Of a step from one cell to the next \(0.002\), 5\d % is rounding/,
    level: "wrong",
    holds: { ...of({ rounding }), ...asked({ x: [0, 0.1] }) },
    doesNot: asked({ x: [0, 0.1] }),
  },
  {
    about: "a cell of which rounding takes a little",
    pattern: /\(0.04\), 4.\d % is rounding/,
    level: "doubtful",
    holds: of({ rounding }),
    doesNot: {},
  },
  {
    about: "a cell much longer than rounding",
    pattern: /\(0.4\), 0.4\d* % is rounding/,
    level: "plain",
    holds: { ...of({ rounding }), ...asked({ x: [-10, 10], y: [-10, 10] }) },
    doesNot: {},
  },
  {
    about: "components that explain no more than a random walk's",
    pattern: /hold 76 % of the trajectory's variance; a random walk with the same steps gives 75 %/,
    level: "doubtful",
    holds: { surface: walked({ explained: [0.61, 0.15], byChance: [0.6, 0.15] }) },
    doesNot: { surface: walked({ explained: [null, null] }) },
  },
  {
    about: "components that explain more",
    pattern: /hold 97 % .* gives 75 %/,
    level: "plain",
    holds: { surface: walked({ explained: [0.9, 0.07], byChance: [0.6, 0.15] }) },
    doesNot: {},
  },
  {
    about: "filters that are zero",
    pattern: /^1 filter is zero, so its directions are zero too/,
    level: "plain",
    holds: of({ zeros: 1 }),
    doesNot: of({ zeros: 0 }),
  },
  {
    about: "ground that is far off",
    pattern:
      /^20 of 25 cells are measured; the ground between them is off by at most 30 % of the range/,
    level: "wrong",
    holds: {
      surface: some(INTERPOLATED, 5),
      ...told({ surplus: { level: 1, worst: 0.3, mean: 0.1 } }),
    },
    doesNot: told({ surplus: { level: 1, worst: 0.3, mean: 0.1 } }),
  },
  {
    about: "ground that is near enough to stop there",
    pattern: /off by at most 0.8 % of the range/,
    level: "plain",
    holds: {
      surface: some(INTERPOLATED, 5),
      ...told({ surplus: { level: 1, worst: 0.008, mean: 0.001 }, settled: true }),
    },
    doesNot: {},
    button: "measure the rest",
  },
  {
    about: "ground of which nobody knows",
    pattern: /isn't known yet/,
    level: "plain",
    holds: { surface: some(INTERPOLATED, 5) },
    doesNot: {},
  },
  {
    about: "a preview",
    pattern: /^Some cells are a preview on 64 samples/,
    level: "doubtful",
    holds: { surface: { ...some(PREVIEW, 3), preview: 64 } },
    doesNot: {},
  },
  {
    about: "checkpoints far from the plane",
    pattern: /^2 of 3 checkpoints are farther from the plane than from the origin within it/,
    level: "doubtful",
    holds: { surface: walked({ distances: Float64Array.of(20, 10, 0) }) },
    doesNot: { surface: walked({ distances: Float64Array.of(2, 1, 0) }) },
  },
  {
    about: "draws that disagree",
    pattern: /^3 draws of the random directions lie up to 33 % of the range apart/,
    level: "doubtful",
    holds: { surface: three(0.5) },
    doesNot: {},
  },
  {
    about: "draws that agree",
    pattern: /^3 draws .* 0.99 % of the range apart/,
    level: "plain",
    holds: { surface: three(0.01) },
    doesNot: {},
  },
  {
    about: "eigenvalues that weren't found",
    pattern: /^In 1 cell the eigenvalues did not converge/,
    level: "doubtful",
    holds: { surface: fromMessage(mapMessage(() => -1)) },
    doesNot: { surface: some(UNCONVERGED, 0) },
  },
  {
    about: "random directions",
    pattern: /^Random directions almost never show where the loss curves downwards/,
    level: "plain",
    holds: {},
    doesNot: told({ maps: [mapStatus] }),
  },
  {
    about: "lengths that nobody normalized",
    pattern: /^The directions aren't normalized/,
    level: "doubtful",
    holds: asked({ normalization: "none" }),
    doesNot: asked({ normalization: "weight" }),
    button: "normalize by filters",
  },
  {
    about: "a cure that is only partial",
    pattern: /^Flat and sharp depend on how the network is written down/,
    level: "plain",
    holds: {},
    doesNot: asked({ directions: [{ key: "gradient", seed: 0, normalization: null }] }),
  },
  {
    about: "what sharpness can't tell",
    pattern: /^Sharpness is no measure of how well/,
    level: "plain",
    holds: { sharpness },
    doesNot: {},
  },
  {
    about: "a linear scale over decades",
    pattern: /^Values from 0.01 to 20 stand on a linear scale/,
    level: "plain",
    holds: { isLinear: true, extent: [0.01, 20] },
    doesNot: { isLinear: false, extent: [0.01, 20] },
    button: "log scale",
  },
  {
    about: "what the kernel notes",
    pattern: /^Biases stand still/,
    level: "plain",
    holds: of({ notes: ["Biases stand still."] }),
    doesNot: {},
  },
];

describe.each(CASES)("$about", ({ pattern, level, holds, doesNot, button }) => {
  it("is said, as gravely as it is, with what can be done", () => {
    const found = said(holds, pattern);
    expect(found?.level).toBe(level);
    expect(found?.remedy?.label).toBe(button);
  });

  it("isn't said of another picture", () => {
    expect(said(doesNot, pattern)).toBeUndefined();
  });
});

describe("all reasons together", () => {
  const found = findings(
    evidence({ ...of({ share: 0.2, angle: 20 }), ...asked({ clip: 2.5, normalization: "none" }) }),
  );

  it("begin with the gravest", () => {
    expect(found.map(({ level }) => level)).toEqual([
      ...["wrong", "doubtful", "doubtful", "plain", "plain"],
    ]);
    expect(worstOf(found)).toBe("wrong");
    expect(summaryOf(found)).toMatch(/^✕ [^·]+[^.] · 2 more to mind · 5 in all$/);
  });

  it("are nothing where nothing is known", () => {
    expect([worstOf([]), summaryOf([])]).toEqual([null, ""]);
  });

  it("are told apart by marks and words", () => {
    const [marks, words] = [
      Object.values(LEVELS).map(({ mark }) => mark),
      Object.values(LEVELS).map(({ word }) => word),
    ];
    expect([new Set(marks).size, new Set(words).size]).toEqual([3, 3]);
  });

  it("speak in sentences", () => {
    for (const { seen, why, advice } of CASES.flatMap(({ holds }) => findings(evidence(holds)))) {
      for (const text of [seen, why, advice].filter(Boolean))
        expect(text).toMatch(/^[A-Z\d\p{L}].*[.)]$/u);
    }
  });
});

describe("which lines are doubted", () => {
  it("are those with a neighbour within two standard errors, by the error of the cells around them", () => {
    const surface = subset(0);
    const values = surface.values[0] as Float32Array;
    const below = (limit: number) => ({
      ...surface,
      errors: surface.errors.map((row) =>
        row.map((_, cell) => ((values[cell] ?? 0) < limit ? 0.1 : 0)),
      ),
    });
    const levels = [1.1, 1.2, 2.1, 2.9];
    expect(noisyLevels({ surface: below(2.05), metric: 0, levels })).toEqual([0, 1]);
    expect(noisyLevels({ surface: below(1.1), metric: 0, levels })).toEqual([0]);
  });

  it("are none where one stands alone", () => {
    expect(noisyLevels({ surface: subset(9), metric: 0, levels: [2] })).toEqual([]);
  });
});

describe("how much of a step is lost", () => {
  const halves = { dtype: "float16", steps: [0.01, 0.1, 1], lost: [0.4, 0.04, 0.004] };

  it("is what was measured, and in between what goes with 1 by the step", () => {
    expect(halves.steps.map((step) => lostAt(halves, step))).toEqual(halves.lost);
    expect(lostAt(halves, 0.02)).toBeCloseTo(0.2);
    expect(lostAt(halves, 4)).toBeCloseTo(0.001);
  });

  it("is never more than all", () => {
    expect(lostAt(halves, 1e-6)).toBe(1);
  });

  it("is none where nothing is", () => {
    expect(lostAt({ ...halves, lost: [0, 0, 0] }, 0.05)).toBe(0);
  });

  it("counts for the shorter step along the axes there are", () => {
    expect(cellOf({ ...request, x: [0, 1], y: [0, 0.1], resolution: [11, 11] })).toBeCloseTo(0.01);
    const line = { ...request, directions: request.directions.slice(0, 1) };
    expect(cellOf({ ...line, x: [0, 1], y: [0, 0.1], resolution: [11, 11] })).toBeCloseTo(0.1);
  });
});
