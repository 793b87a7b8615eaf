// Is the Python that makes this view Python, and this view?

import { expect, test } from "vitest";
import { fromMessage } from "../src/store/tell";
import { read } from "../src/surface";
import { pythonCode, pythonReading } from "../src/words/python-code";
import { mapMessage, mapStatus } from "./curvature";
import { choices, request } from "./fake-store";

test("a plane with the present settings", () => {
  const code = pythonCode(
    {
      ...request,
      x: [-0.5, 1.5],
      samples: 500,
      clip: 8,
      directions: [
        { key: "given 0", seed: 0, normalization: null },
        { key: "random", seed: 7, normalization: null },
      ],
    },
    choices,
  );
  expect(code).toBe(`import landscape_widget as lw

# Your own, by these names: other (towards other)
widget = lw.explore(
    model, loss, data,
    directions=(lw.TowardsModel(other), lw.RandomDirection(seed=7)),
    normalization="filter",
    x=(-0.5, 1.5),
    y=(-1, 1),
    resolution=(51, 51),
    samples=500,
    name="digits-mlp",
)
widget.metric = "loss"
widget.kind = "surface"
widget.scale = "auto"
widget.clip = 8
widget.colors = "cividis"
widget.linked = False
widget
`);
});

test("where to stop is part of it, once there is a place", () => {
  expect(pythonCode({ ...request, tolerance: 0.003 }, choices)).toContain(
    "\n    tolerance=0.003,\n",
  );
  expect(pythonCode(request, choices)).not.toContain("tolerance");
});

test("how high it stands, its cuts and the point that is kept", () => {
  const code = pythonCode({ ...request, height: 2, cuts: true, marked: [0.5, -1] }, choices);
  expect(code).toContain("widget.height = 2\nwidget.cuts = True\nwidget.marked = (0.5, -1)\n");
});

test("what a lesson is made of travels along, in Python's own words", () => {
  const lesson = {
    pins: [{ x: 0.5, y: 0, text: 'a "flat" place' }],
    steps: [{ caption: "one", view: { clip: null, covered: true } }],
    step: 0,
    covered: true,
    hidden: ["status"],
  };
  const code = pythonCode({ ...request, ...lesson }, choices);
  expect(code).toContain('widget.pins = [{"x": 0.5, "y": 0, "text": "a \\"flat\\" place"}]\n');
  expect(code).toContain('steps = [{"caption": "one", "view": {"clip": None, "covered": True}}]\n');
  expect(code).toContain("widget.step = 0\nwidget.covered = True\n");
  expect(code).toContain('widget.hidden = ["status"]\n');
  expect(code).not.toContain("locked");
});

test("options that no control shows are as they were given", () => {
  const given = [
    ["mode", "'train'"],
    ["dtype", "torch.float64"],
    ["test_data", "test_data"],
  ] as const;
  const code = pythonCode(request, { ...choices, given });
  expect(code).toMatch(/^import torch\n\nimport landscape_widget as lw\n/);
  expect(code).toContain(
    "\n    mode='train',\n    dtype=torch.float64,\n    test_data=test_data,\n",
  );
  expect(code).toContain("# Your own, by these names: test_data\n");
});

test("metrics that only a person has stand for themselves, and bring their maps along", () => {
  const code = pythonCode(request, { ...choices, given: [["metrics", "metrics"]] }, [mapStatus]);
  expect(code.match(/metrics=/g)).toHaveLength(1);
  expect(code).toContain("    metrics=metrics,\n");
});

test("a line has one direction, written as a tuple, and no y", () => {
  const code = pythonCode(
    {
      ...request,
      directions: [{ key: "gradient", seed: 0, normalization: null }],
      kind: "line",
      name: "",
    },
    choices,
  );
  expect(code).toContain("directions=(lw.GradientDirection(),),");
  expect(code).not.toMatch(/ y=| name=| samples=/);
});

test("what only a person has keeps a name to fill in, the second of its kind another", () => {
  const given = ["towards a", "towards b", "own direction"].map((label, index) => ({
    key: `given ${index}`,
    label,
    hint: "",
    seeded: false,
    range: [-1, 1] as const,
  }));
  const offered = { ...choices, directions: [...choices.directions.slice(0, 2), ...given] };
  const code = (key: string) =>
    pythonCode({ ...request, directions: [{ key, seed: 0, normalization: null }] }, offered);
  expect(code("given 0")).toContain("directions=(lw.TowardsModel(other),),");
  expect(code("given 1")).toContain("directions=(lw.TowardsModel(other_2),),");
  expect(code("given 2")).toContain("directions=(direction,),");
});

test("a random direction with settings of its own keeps them", () => {
  const key = "random, layer, scaled, own filters";
  const [random] = choices.directions;
  if (!random) throw new Error("No direction is on offer.");
  const offered = { ...choices, directions: [{ ...random, key }] };
  expect(
    pythonCode({ ...request, directions: [{ key, seed: 3, normalization: null }] }, offered),
  ).toContain(
    'lw.RandomDirection(seed=3, normalization="layer", one_dimensional="scaled", filter_axes=filter_axes)',
  );
});

test("a camera travels along", () => {
  const camera = {
    eye: { x: 1, y: 1, z: 1 },
    center: { x: 0, y: 0, z: 0 },
    up: { x: 0, y: 0, z: 1 },
  };
  expect(pythonCode({ ...request, camera }, choices)).toContain(
    'widget.camera = {"eye": {"x": 1, "y": 1, "z": 1}',
  );
});

test("a name with quotes stays one string", () => {
  expect(pythonCode({ ...request, name: 'a "b"' }, choices)).toContain('name="a \\"b\\"",');
});

test("a cell's value is Python too, when it isn't finite", () => {
  const reading = {
    coordinates: [0.5],
    value: Number.NaN,
    known: "exact" as const,
    samples: 1797,
    standardError: Number.POSITIVE_INFINITY,
    populationError: 0,
    distance: 1,
    label: null,
    residual: null,
  };
  expect(pythonReading(reading, "loss")).toBe(
    '{"coordinates": [0.5], "loss": float("nan"), "standard_error": float("inf"), "population_error": 0}',
  );
});

test("a value that isn't measured, or on fewer samples, says so in Python too", () => {
  const reading = {
    coordinates: [0.5],
    value: 2,
    known: "interpolated" as const,
    samples: 0,
    standardError: Number.NaN,
    populationError: Number.NaN,
    distance: 1,
    label: null,
    residual: null,
  };
  expect(pythonReading(reading, "loss")).toContain(', "interpolated": True}');
  expect(pythonReading({ ...reading, known: "preview", samples: 64 }, "loss")).toContain(
    ', "preview_samples": 64}',
  );
});

const along = (key: string, label: string) => ({
  key,
  label,
  hint: "",
  seeded: false,
  range: [-1, 1] as const,
});
const trained = {
  ...choices,
  has_trajectory: true,
  directions: [
    ...choices.directions,
    along("principal 0", "1st principal component"),
    along("principal 1", "2nd principal component"),
    along("start", "towards the start"),
  ],
};
const choice = (key: string, normalization: string | null = null) => ({
  key,
  seed: 0,
  normalization,
});

test("a trajectory is a placeholder, for itself and for its directions", () => {
  const directions = [choice("principal 0"), choice("principal 1")];
  const code = pythonCode({ ...request, directions }, trained);
  expect(code).toContain(
    "directions=(lw.PrincipalDirection(trajectory, 0), lw.PrincipalDirection(trajectory, 1)),",
  );
  expect(code).toContain("\n    trajectory=trajectory,\n");
  expect(
    pythonCode({ ...request, directions: [choice("start"), choice("given 0")] }, trained),
  ).toContain("directions=(lw.TowardsModel(trajectory[0].state()), lw.TowardsModel(other)),");
  expect(pythonCode(request, choices)).not.toContain("trajectory");
});

test("an axis that is turned is a blend of two", () => {
  const turned = { ...request, third: choice("gradient"), rotation: 30 };
  expect(pythonCode(turned, choices)).toContain(
    "lw.BlendedDirection(lw.RandomDirection(seed=1), lw.GradientDirection(), 30)),",
  );
  expect(pythonCode({ ...turned, rotation: 0 }, choices)).not.toContain("Blended");
  const line = { ...turned, directions: turned.directions.slice(0, 1) };
  expect(pythonCode(line, choices)).not.toContain("Blended");
});

test("an axis normalized in its own way says so, in place of what its rule had", () => {
  const directions = [choice("random", "layer"), choice("random, filter, scaled", "none")];
  const offered = {
    ...choices,
    directions: [...choices.directions, { ...along(directions[1]?.key ?? "", ""), seeded: true }],
  };
  expect(pythonCode({ ...request, directions }, offered)).toContain(
    'directions=(lw.RandomDirection(seed=0, normalization="layer"), ' +
      'lw.RandomDirection(seed=0, one_dimensional="scaled", normalization="none")),',
  );
});

test("a map is asked for as it was, but for what is so anyway", () => {
  const settings = {
    samples: 64,
    method: "double backward",
    resolution: 13,
    tolerance: 0.01,
    seconds: 20,
    seed: 0,
  };
  const maps = [{ ...mapStatus, settings }];
  expect(pythonCode(request, choices, maps)).toContain(
    '\n    metrics={"curvature": lw.HessianExtremes(samples=64, seconds=20)},\n',
  );
  const wide = [{ ...mapStatus, settings: { samples: 64, resolution: [9, 5], seconds: null } }];
  expect(pythonCode(request, choices, wide)).toContain(
    "lw.HessianExtremes(samples=64, resolution=(9, 5))",
  );
  expect(pythonCode(request, choices)).not.toContain("metrics");
});

test("an eigenvector of the Hessian is a direction by its rank", () => {
  const directions = ["hessian 0", "hessian -1"].map((key) => ({
    key,
    seed: 0,
    normalization: null,
  }));
  expect(pythonCode({ ...request, directions }, choices)).toContain(
    "\n    directions=(lw.HessianDirection(0), lw.HessianDirection(-1)),\n",
  );
});

test("an eigenvalue is read with its residual, and whether it converged", () => {
  const reading = read(fromMessage(mapMessage(() => -1)), 0, 3);
  expect(pythonReading(reading, "curvature")).toContain('"converged": False');
  expect(pythonReading({ ...reading, known: "exact" }, "curvature")).toContain('"converged": True');
});

test("BatchNorm and the number of draws are part of it where there are any", () => {
  const code = pythonCode(
    { ...request, batch_norm: "reestimate" },
    { ...choices, given: [["repeats", "3"]] },
  );
  expect(code).toContain('\n    batch_norm="reestimate",\n    repeats=3,\n');
  expect(pythonCode(request, choices)).not.toMatch(/repeats|batch_norm/);
});

test("limits, levels and the moment are set on the widget once they are set at all", () => {
  const limits = [0, 5] as const;
  const code = pythonCode({ ...request, limits, levels: [0.5], moment: 12 }, choices);
  expect(code).toContain("widget.limits = (0, 5)\nwidget.levels = (0.5,)\nwidget.moment = 12\n");
  expect(pythonCode({ ...request, levels: "paper" }, choices)).toContain(
    'widget.levels = "paper"\n',
  );
  expect(pythonCode(request, choices)).not.toMatch(/limits|levels|moment/);
});
