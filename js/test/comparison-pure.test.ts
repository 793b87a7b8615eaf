// Where members stand, on which scale, and what is taken off a picture that stands among others.

import { expect, test } from "vitest";
import { arrange } from "../src/comparison/arrangement";
import { comparedCode } from "../src/comparison/code";
import { stopsOf, thinned } from "../src/comparison/color-bar";
import {
  barOf,
  legendOf,
  withFewTicks,
  withoutBar,
  withoutLegend,
  withoutTitles,
} from "../src/comparison/dress";
import { commonScale, isNear } from "../src/comparison/extent";
import { together } from "../src/comparison/facts";
import { common } from "../src/comparison/matrix";
import { figure } from "../src/figure";
import { LIGHT as theme } from "../src/picture/theme";
import type { Kind, Request } from "../src/protocol";
import { fromMessage } from "../src/store/tell";
import { pythonCode } from "../src/words/python-code";
import { mapMessage } from "./curvature";
import { choices, request } from "./fake-store";
import { accuracy, landscape, loss } from "./landscapes";

const flow = (count: number) => Array.from({ length: count }, () => ({ cell: null }));
const bowl = (x: number, y: number) => 1 + x * x + y * y;
const finished = (surface: ReturnType<typeof landscape>) => ({ surface, isFinished: true });

test.each([
  [2, 980, [2, 1]],
  [3, 980, [3, 1]],
  [4, 980, [4, 1]],
  [5, 980, [3, 2]],
  [8, 980, [4, 2]],
  [9, 980, [3, 3]],
  [12, 980, [4, 3]],
  [12, 700, [3, 4]],
  [4, 380, [2, 2]],
])("%i members in %i pixels stand in columns and rows %j", (count, width, [columns, rows]) => {
  expect(arrange(flow(count), null, null, width)).toMatchObject({ columns, rows });
});

test("members stand where a person put them, and cells may stay empty", () => {
  const members = [{ cell: [0, 0] }, { cell: [1, 1] }] as const;
  const matrix = { rows: ["shallow", "deep"], columns: ["narrow", "wide"] };
  expect(arrange(members, matrix, null, 980)).toEqual({
    rows: 2,
    columns: 2,
    places: [
      { row: 0, column: 0 },
      { row: 1, column: 1 },
    ],
  });
  expect(arrange(flow(4), null, 1, 980).rows).toBe(4);
});

test("all are drawn between the lowest and the highest value of any", () => {
  const drawn = [finished(landscape(bowl)), finished(landscape((x, y) => 3 * bowl(x, y)))];
  expect(commonScale(drawn, request)).toEqual({ limits: [1, 9], scale: "linear" });
});

test("a metric that has limits by itself is drawn between those", () => {
  const drawn = [finished(fromMessage(mapMessage(() => -9)))];
  const asked = { ...request, metric: "curvature" };
  expect(commonScale(drawn, asked)).toEqual({ limits: [0, 0.5], scale: "linear" });
  expect(commonScale(drawn, { ...asked, scale: "log" }).scale).toBe("log");
});

test("where all values are the same there is room on both sides", () => {
  expect(commonScale([finished(landscape(() => 2))], request).limits).toEqual([1.8, 2.2]);
});

test("an automatic scale is decided for all: two decades between members are two decades", () => {
  const drawn = [finished(landscape(bowl)), finished(landscape((x, y) => 300 * bowl(x, y)))];
  expect(commonScale(drawn, request).scale).toBe("log");
  expect(commonScale(drawn, { ...request, scale: "linear" }).scale).toBe("linear");
});

test("the scale follows the level that all have finished, and no member that has failed before", () => {
  const fine = { x: [-1, -0.5, 0, 0.5, 1], xLevel: [0, 1, 0, 1, 0], level: 1 };
  const spike = (x: number) => (Math.abs(x) === 0.5 ? 50 : 1 + x);
  const coarse = landscape((x) => 1 + x);
  const drawn = { surface: landscape(spike, fine), isFinished: false };
  const limits = (isFinished: boolean) =>
    commonScale([drawn, { surface: coarse, isFinished }], request).limits;
  expect(limits(false)).toEqual([0, 2]);
  expect(limits(true)).toEqual([0, 50]);
  expect(
    commonScale([{ surface: landscape(bowl, { level: -1 }), isFinished: false }], request),
  ).toEqual({
    limits: null,
    scale: "auto",
  });
});

test("scales are near when their ends are, as they are drawn", () => {
  const linear = { limits: [0, 10], scale: "linear" } as const;
  expect(isNear(linear, { ...linear, limits: [0.1, 10.2] }, 0.03)).toBe(true);
  expect(isNear(linear, { ...linear, limits: [0, 10.5] }, 0.03)).toBe(false);
  expect(isNear(linear, { ...linear }, 0)).toBe(true);
  expect(isNear(linear, { ...linear, scale: "log" }, 1)).toBe(false);
  expect(isNear(linear, { ...linear, limits: null }, 1)).toBe(false);
  const decades = { limits: [0.01, 10], scale: "log" } as const;
  expect(isNear(decades, { ...decades, limits: [0.1, 10] }, 0.03)).toBe(false);
  expect(isNear(decades, { ...decades, limits: [0.01, 10.5] }, 0.03)).toBe(true);
});

test("what is clipped or not finite doesn't stretch the scale, and a share in percent is linear", () => {
  const holed = landscape((x, y) => (x === 1 ? Number.NaN : bowl(x, y) ** 6), {
    metrics: [loss, accuracy],
  });
  expect(commonScale([finished(holed)], { ...request, clip: 4 }).limits).toEqual([1, 4]);
  expect(commonScale([finished(holed)], { ...request, metric: "accuracy" }).scale).toBe("linear");
});

test("a line's left axis holds the loss on training and test data, whatever is asked on the right", () => {
  const metrics = [loss, accuracy, { ...loss, name: "test_loss" }];
  const line = landscape((x) => 2 + x, { y: [], metrics });
  line.values[2]?.set([1, 1, 9]);
  line.values[1]?.set([99, 99, 99]);
  expect(commonScale([finished(line)], { ...request, metric: "accuracy" }).limits).toEqual([1, 9]);
});

function drawn(kind: Kind, changes: Partial<Request> = {}) {
  const asked = { ...request, kind, limits: [1, 3] as const, scale: "linear" as const, ...changes };
  return figure(landscape(bowl), asked, theme, false);
}

test.each(["surface", "contour", "heatmap"] as const)(
  "the colour bar of a %s can stand alone",
  (kind) => {
    const bar = barOf(drawn(kind));
    expect(bar?.title).toBe("loss");
    expect(bar?.ticks.length).toBeGreaterThan(2);
    const places = bar?.ticks.map(({ at }) => at) ?? [];
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...places)).toBeLessThanOrEqual(1);
  },
);

test("a heat map's bar says where its values are", () => {
  const bar = barOf(drawn("heatmap"));
  const at = (label: string) => bar?.ticks.find((tick) => tick.label === label)?.at;
  expect(at("2")).toBeCloseTo(0.5);
  expect(bar?.stops.at(0)?.[0]).toBe(0);
  expect(bar?.isStepped).toBe(false);
});

test("without their bar surfaces and heat maps have none, contours an unseen one for their labels", () => {
  for (const kind of ["surface", "heatmap"] as const) {
    const scales = withoutBar(drawn(kind)).data.filter(({ colorbar }) => colorbar);
    expect(scales.every(({ showscale }) => showscale === false)).toBe(true);
  }
  expect(withoutBar(drawn("surface")).layout).toMatchObject({
    scene: { zaxis: { showticklabels: false } },
  });
  const [first] = withoutBar(drawn("contour")).data;
  expect(first?.showscale).not.toBe(false);
  expect(first?.colorbar).toMatchObject({
    thickness: 0,
    title: { text: "" },
    tickfont: { size: 1 },
  });
  expect(first?.colorbar).toHaveProperty("ticktext.0");
});

test("titles come off the axes of a plane, along x of a line, and out of a scene", () => {
  const title = { text: "" };
  expect(withoutTitles(drawn("contour")).layout).toMatchObject({
    xaxis: { title },
    yaxis: { title },
  });
  const line = figure(
    landscape((x) => x * x, { y: [] }),
    request,
    theme,
    false,
  );
  const bare = withoutTitles(line).layout;
  expect(bare.xaxis).toMatchObject({ title });
  expect(bare.yaxis).toEqual(line.layout.yaxis);
  expect(withoutTitles(drawn("surface")).layout).toMatchObject({
    annotations: [],
    scene: { xaxis: { title }, yaxis: { title } },
  });
});

test("a small picture has ticks at the ends of its axes and in the middle", () => {
  const few = { ticktext: ["−1", "0", "1"], tickvals: [-1, 0, 1] };
  expect(withFewTicks(drawn("contour")).layout).toMatchObject({ xaxis: few, yaxis: few });
  const scene = withFewTicks(drawn("surface")).layout.scene;
  expect(scene).toMatchObject({ xaxis: { ticktext: ["−1", "0", "1"] } });
});

test("the legend of a chart stands once for all", () => {
  const metrics = [loss, accuracy, { ...loss, name: "test_loss" }];
  const line = figure(
    landscape((x) => 1 + x * x, { y: [], metrics }),
    request,
    theme,
    false,
  );
  expect(legendOf(line).map(({ name, isDashed }) => [name, isDashed])).toEqual([
    ["loss", false],
    ["test loss", true],
    ["accuracy, %", false],
  ]);
  expect(withoutLegend(line).layout.showlegend).toBe(false);
  expect(legendOf(drawn("contour"))).toEqual([]);
});

test("bands of a contour are sharp, other colours run", () => {
  const stops = [
    [0, "#000000"],
    [1, "#ffffff"],
  ] as const;
  const bar = { title: "", stops, ticks: [] };
  expect(stopsOf({ ...bar, isStepped: true })).toBe("#000000 0.00% 50.00%, #ffffff 50.00% 100.00%");
  expect(stopsOf({ ...bar, isStepped: false })).toBe("#000000 0.00%, #ffffff 100.00%");
});

test("labels that would touch are left out", () => {
  const ticks = [0, 0.01, 0.5, 0.52, 1].map((at) => ({ at, label: String(at) }));
  expect(thinned(ticks).map(({ at }) => at)).toEqual([0, 0.5, 1]);
});

test("what is true of all is said once", () => {
  expect(
    together([
      { title: "a", sentences: ["All moves.", "3 filters are zero."] },
      { title: "b", sentences: ["All moves."] },
    ]),
  ).toEqual(["All moves.", "a: 3 filters are zero."]);
});

test("the code of a comparison names its members", () => {
  const members = ["with skips", "without"].map((title) => ({ title, cell: null }));
  const code = comparedCode(pythonCode(request, choices), members, null, request);
  expect(code).toContain(
    'comparison = lw.compare(\n    {"with skips": model_1, "without": model_2}, loss, data,',
  );
  expect(code).toContain("comparison.metric = ");
  expect(code).not.toContain("widget.");
});

test("titles of a matrix are pairs in its code, too", () => {
  const matrix = { rows: ["deep"], columns: ["wide", "narrow"] };
  const members = [
    { title: "deep · wide", cell: [0, 0] as const },
    { title: "deep · narrow", cell: [0, 1] as const },
  ];
  expect(comparedCode(pythonCode(request, choices), members, matrix, request)).toContain(
    '{("deep", "wide"): model_1, ("deep", "narrow"): model_2}',
  );
});

test("members with trajectories have each its own in the code, and axes by name", () => {
  const axes = ["principal 0", "principal 1"].map((key) => ({ key, seed: 0, normalization: null }));
  const asked = { ...request, directions: axes };
  const members = ["a", "b"].map((title) => ({ title, cell: null }));
  const code = pythonCode(asked, { ...choices, has_trajectory: true });
  const compared = comparedCode(code, members, null, asked);
  expect(compared).toContain(
    '{"a": lw.Landscape(model_1, trajectory=trajectory_1), "b": lw.Landscape(model_2, trajectory=trajectory_2)}',
  );
  expect(compared).not.toContain("trajectory=trajectory,");
  expect(compared).not.toContain("PrincipalDirection");
  expect(compared).toContain(
    ')\ncomparison.directions = [{"key":"principal 0","seed":0,"normalization":None},',
  );
});

test("one legend stands for all where each is a part of the longest", () => {
  const loss = { name: "loss", color: "blue", isDashed: false, isBand: false };
  const test = { ...loss, name: "test loss", isDashed: true };
  expect(common([[loss], [loss, test], []])).toEqual([loss, test]);
  expect(common([[loss], [test]])).toBeNull();
});
