// @vitest-environment happy-dom
// Does the toolbar change only how it is drawn, and can a view be taken along as code?

import { afterEach, beforeEach, expect, test } from "vitest";
import { createToolbar } from "../src/face/toolbar";
import type { CameraPreset } from "../src/picture/camera";
import type { Initial } from "../src/store";
import { withCurvature } from "./curvature";
import { choices, type FakeStore, fakeStore, request, surfaceMessage } from "./fake-store";
import { plain } from "./plain";

let store: FakeStore;
let bar: HTMLElement;
let life: AbortController;
let copied: string[];
let looked: CameraPreset[];

beforeEach(() => {
  life = new AbortController();
  build();
});

afterEach(() => life.abort());

function build(changes: Partial<Initial> = {}): void {
  copied = [];
  looked = [];
  store = fakeStore(changes);
  store.arrive(surfaceMessage(5, (x, y) => x * x + y * y));
  const commands = {
    fullWindow: () => {},
    help: () => {},
    copy: (text: string) => copied.push(text),
    look: (preset: CameraPreset) => looked.push(preset),
    teaching: { pin: () => false, canPin: () => false, addStep: () => {} },
  };
  bar = createToolbar(store, commands, life.signal);
  document.body.replaceChildren(bar);
}

function choose(label: string, key: string): void {
  const list = bar.querySelector(`select[aria-label="${label}"]`) as HTMLSelectElement;
  list.value = key;
  list.dispatchEvent(new Event("change"));
}

function click(text: string): void {
  [...bar.querySelectorAll("button")]
    .find((node) => node.textContent === text || node.getAttribute("aria-label") === text)
    ?.click();
}

test("metric, kind and scale are one click each", () => {
  choose("metric", "accuracy");
  click("heat map");
  choose("scale", "log");
  expect(store.request.value).toMatchObject({ metric: "accuracy", kind: "heatmap", scale: "log" });
});

test("another metric drops the clip, which was in the other's unit", () => {
  store.change({ clip: 1 });
  choose("metric", "accuracy");
  expect(store.request.value.clip).toBeNull();
});

test("along a line there are no kinds", () => {
  const directions = [{ key: "random", seed: 0, normalization: null }];
  build({ request: { ...request, directions, kind: "line" } });
  expect(bar.querySelector<HTMLElement>("[role=radiogroup]")?.hidden).toBe(true);
});

test("undo and redo are buttons, live only when there is something to go back to", () => {
  const undo = bar.querySelector("[aria-label=undo]");
  expect(undo?.getAttribute("aria-disabled")).toBe("true");
  choose("scale", "log");
  expect(undo?.hasAttribute("aria-disabled")).toBe(false);
  click("undo");
  expect(store.request.value.scale).toBe("auto");
  click("redo");
  expect(store.request.value.scale).toBe("log");
});

test("a long name can be read in full", () => {
  const node = bar.querySelector(".lw-name");
  expect([node?.textContent, node?.getAttribute("aria-description")]).toEqual([
    "digits-mlp",
    "digits-mlp",
  ]);
  expect(node?.getAttribute("tabindex")).toBe("0");
});

test("the metric says what it is measured on", () => {
  const list = bar.querySelector("select[aria-label=metric]");
  const lines = () => list?.getAttribute("aria-description")?.split("\n");
  expect(lines()).toEqual([expect.stringMatching(/measured/), "Measured on 1,797 samples."]);
  choose("metric", "accuracy");
  expect(lines()?.[1]).toBe("Measured on 1,797 samples, in %.");
});

test("copy the Python takes the view as it is now", () => {
  store.change({ kind: "contour", clip: 8, x: [-0.5, 1.5] });
  click("copy the Python that makes this view");
  expect(copied[0]).toContain("x=(-0.5, 1.5),");
  expect(copied[0]).toContain('widget.kind = "contour"');
  expect(copied[0]).toContain("widget.clip = 8");
});

test("copy the cell's value waits for a cell", () => {
  click("copy the cell's value");
  expect(copied).toEqual([]);
  store.reading.value = {
    coordinates: [0.5, -1],
    value: 1.25,
    known: "exact" as const,
    samples: 1797,
    standardError: 0,
    populationError: 0.5,
    distance: 10,
    label: null,
    residual: null,
  };
  click("copy the cell's value");
  expect(copied).toEqual([
    '{"coordinates": [0.5, -1], "loss": 1.25, "standard_error": 0, "population_error": 0.5}',
  ]);
});

const preset = {
  key: "paper",
  label: "as in the paper",
  hint: "As drawn.",
  changes: {},
  fits: false,
};
const principal = {
  ...preset,
  key: "principal components",
  label: "principal components",
  changes: { third: null, rotation: 0 },
  fits: true,
};

test("a preset is one step of undo", () => {
  build({ choices: { ...choices, presets: [preset, principal] } });
  click("contour");
  click("presets");
  click("as in the paper");
  expect(store.request.value).toMatchObject({ levels: "paper", scale: "linear", clip: null });
  store.undo();
  expect(store.request.value).toMatchObject({ levels: "auto", kind: "contour" });
  expect(store.acted).toEqual([]);
});

test("what a preset set is one click from what the values suggest", () => {
  build({ choices: { ...choices, presets: [preset] } });
  click("contour");
  click("as in the paper");
  click("automatic");
  expect(store.request.value).toMatchObject({ levels: "auto", scale: "auto", limits: null });
});

test("a preset whose ranges follow from the trajectory is left to Python, which sets all of it at once", () => {
  build({
    request: { ...request, third: request.directions[0] ?? null, rotation: 30 },
    choices: { ...choices, presets: [preset, principal] },
  });
  click("principal components");
  expect(store.written).toEqual([]);
  expect(store.acted).toEqual([{ kind: "preset", key: "principal components" }]);
});

test("without presets there is no menu for them", () => {
  const opener = bar.querySelector("[aria-label=presets]");
  expect(opener?.closest<HTMLElement>(".lw-menu-anchor")?.hidden).toBe(true);
});

test("a metric is offered once, however often it is drawn", () => {
  const again = { name: "loss #1", unit: "", size: 1797, ...plain, repeat: 1, map: null };
  build({ choices: { ...choices, metrics: [...choices.metrics, again] } });
  const list = bar.querySelector("select[aria-label=metric]") as HTMLSelectElement;
  expect([...list.options].map(({ text }) => text)).toEqual(["loss", "accuracy"]);
});

test("a map's columns stand under its name, as people read them", () => {
  build({ choices: withCurvature });
  const list = bar.querySelector("select[aria-label=metric]") as HTMLSelectElement;
  const group = list.querySelector("optgroup") as HTMLOptGroupElement;
  expect(group.label).toBe("curvature");
  const texts = [...group.querySelectorAll("option")].map(({ text }) => text);
  expect(texts).toEqual(["|λ_min/λ_max|", "λ_max", "λ_min", "residual"]);
  choose("metric", "curvature_min");
  expect(store.request.value.metric).toBe("curvature_min");
  expect(list.getAttribute("aria-description")).toMatch(/smallest eigenvalue.*fewer cells\.$/);
  choose("metric", "loss");
  expect(list.value).toBe("loss");
});

test("a metric of nobody knows how many samples counts none", () => {
  const metrics = choices.metrics.map((metric) => ({ ...metric, size: 0 }));
  build({ choices: { ...choices, metrics } });
  const list = bar.querySelector("select[aria-label=metric]");
  const lines = () => list?.getAttribute("aria-description")?.split("\n");
  expect(lines()).toHaveLength(1);
  choose("metric", "accuracy");
  expect(lines()?.[1]).toBe("In %.");
});

test("a surface may be looked at from a few places at once, other pictures from above only", () => {
  const views = () => bar.querySelector<HTMLElement>(".lw-drawn .lw-menu-anchor");
  expect(views()?.hidden).toBe(false);
  const items = [...(views()?.querySelectorAll<HTMLElement>(".lw-menu button") ?? [])];
  expect(items.map(({ textContent }) => textContent)).toEqual([
    "the first view (0)",
    "from above (1)",
    "along axis 1 (2)",
    "along axis 2 (3)",
  ]);
  for (const item of items) item.click();
  expect(looked).toEqual(["reset", "top", "first", "second"]);
  store.change({ kind: "contour" });
  expect(views()?.hidden).toBe(true);
});

test("a preset that Python offers later stands in the menu too", () => {
  build();
  const mine = {
    key: "mine",
    label: "mine",
    hint: "Sets kind.",
    changes: { kind: "contour" },
  } as const;
  store.choices.value = { ...choices, presets: [{ ...mine, fits: false }] };
  const entry = [...bar.querySelectorAll("button")].find((one) => one.textContent === "mine");
  entry?.click();
  expect(store.request.value.kind).toBe("contour");
});
