// @vitest-environment happy-dom
// Does each control at the side ask for what it says, and show what Python answers?

import { afterEach, beforeEach, expect, test } from "vitest";
import { element } from "../src/controls/element";
import { createPanel } from "../src/face/panel";
import { createWhy } from "../src/face/why";
import type { Choices, Request } from "../src/protocol";
import { choices, type FakeStore, facts, fakeStore, request, status } from "./fake-store";
import { pressKey, typeInto } from "./gestures";

let store: FakeStore;
let panel: HTMLElement;
let life: AbortController;

beforeEach(() => {
  life = new AbortController();
  build();
});

afterEach(() => life.abort());

function build(changes: Partial<Request> = {}, offered: Partial<Choices> = {}): void {
  store = fakeStore({
    request: { ...request, ...changes },
    choices: { ...choices, ...offered },
  });
  panel = element("div", {}, createPanel(store, life.signal), createWhy(store, life.signal));
  document.body.replaceChildren(panel);
}

function find<Found extends HTMLElement = HTMLElement>(label: string): Found {
  const found = panel.querySelector<Found>(`[aria-label="${label}"]`);
  if (!found) throw new Error(`The panel has nothing labelled ${label}.`);
  return found;
}

function choose(label: string, key: string): void {
  const list = find<HTMLSelectElement>(label);
  list.value = key;
  list.dispatchEvent(new Event("change"));
}

const rowOf = (label: string) => find(label).closest<HTMLElement>(".lw-row");

test("a new draw takes a seed that no axis has", () => {
  find("new draw for axis 1").click();
  expect(store.request.value.directions).toEqual([
    { key: "random", seed: 2, normalization: null },
    { key: "random", seed: 1, normalization: null },
  ]);
  store.undo();
  expect(store.request.value.directions).toEqual(request.directions);
});

test("a seed takes any number", () => {
  typeInto(find<HTMLInputElement>("seed of axis 2"), "1,234");
  expect(store.request.value.directions[1]).toEqual({
    key: "random",
    seed: 1234,
    normalization: null,
  });
});

test("going from random towards another model takes that one's range in the same step", () => {
  choose("direction of axis 1", "given 0");
  expect(store.written).toEqual([
    {
      directions: [{ key: "given 0", seed: 0, normalization: null }, request.directions[1]],
      x: [-0.5, 1.5],
    },
  ]);
  expect(find("seed of axis 1").closest<HTMLElement>(".lw-seed")?.hidden).toBe(true);
});

test("going from random to the gradient keeps the range", () => {
  choose("direction of axis 2", "gradient");
  expect(Object.keys(store.written[0] ?? {})).toEqual(["directions"]);
});

test("one direction can't be on both axes unless it is drawn by seed", () => {
  choose("direction of axis 1", "gradient");
  const options = [...find<HTMLSelectElement>("direction of axis 2").options];
  expect(options.filter(({ disabled }) => disabled).map(({ value }) => value)).toEqual([
    "gradient",
  ]);
});

test("without a second direction it is a line, and with one a surface again", () => {
  choose("direction of axis 2", "none");
  expect(store.request.value).toMatchObject({ directions: [request.directions[0]], kind: "line" });
  expect(rowOf("range of y")?.hidden).toBe(true);
  choose("direction of axis 2", "given 0");
  expect(store.request.value).toMatchObject({
    directions: [request.directions[0], { key: "given 0", seed: 1, normalization: null }],
    kind: "surface",
    y: [-0.5, 1.5],
  });
  expect(rowOf("range of y")?.hidden).toBe(false);
});

test("each of two random axes may be normalized in its own way", () => {
  const own = (axis: number) => find(`normalization of axis ${axis}`);
  const hidden = () => [1, 2].map((axis) => own(axis).closest<HTMLElement>(".lw-row")?.hidden);
  const fold = () => own(1).closest<HTMLElement>(".lw-inner");
  expect([...hidden(), fold()?.hidden]).toEqual([false, false, false]);
  expect(fold()?.querySelector(".lw-disclosure")?.getAttribute("aria-expanded")).toBe("false");
  choose("normalization of axis 2", "layer");
  expect(store.request.value.directions.map(({ normalization }) => normalization)).toEqual([
    null,
    "layer",
  ]);
  expect(fold()?.querySelector(".lw-summary")?.textContent).toBe("axis 2 layer");
  choose("normalization of axis 2", "as above");
  expect(store.request.value.directions).toEqual(request.directions);
  choose("direction of axis 1", "gradient");
  expect(hidden()).toEqual([true, false]);
  build({ directions: request.directions.slice(0, 1) });
  expect(fold()?.hidden).toBe(true);
});

test("axis 2 is turned towards a third direction, which has a seed of its own", () => {
  const turn = () => find("third direction").closest<HTMLElement>(".lw-fold");
  const degrees = () => find("rotation of axis 2").closest<HTMLElement>(".lw-row");
  expect(degrees()?.hidden).toBe(true);
  choose("third direction", "random");
  expect(store.request.value.third).toEqual({ key: "random", seed: 2, normalization: null });
  pressKey(find("rotation of axis 2"), "PageUp");
  typeInto(find<HTMLInputElement>("rotation of axis 2, a number"), "33.5");
  expect(store.request.value.rotation).toBe(33.5);
  expect(turn()?.textContent).toContain("33.5° towards random");
  find("new draw for the third direction").click();
  expect(store.request.value.third?.seed).toBe(3);
  choose("third direction", "none");
  expect(store.request.value).toMatchObject({ third: null, rotation: 0 });
  choose("direction of axis 2", "none");
  expect(turn()?.hidden).toBe(true);
});

test("normalization is there only while a random direction is", () => {
  expect(rowOf("normalization")?.hidden).toBe(false);
  const gradient = { key: "gradient", seed: 0, normalization: null };
  build({ directions: [gradient] });
  expect(rowOf("normalization")?.hidden).toBe(true);
  build({ directions: [gradient], third: { ...gradient, key: "random" } });
  expect(rowOf("normalization")?.hidden).toBe(false);
});

test("linked ranges move in proportion, others don't", () => {
  pressKey(find("x to"), "End");
  expect([store.request.value.x, store.request.value.y]).toEqual([
    [-1, 3],
    [-1, 1],
  ]);
  build({ linked: true, y: [-0.5, 1.5] });
  pressKey(find("x to"), "End");
  expect([store.request.value.x, store.request.value.y]).toEqual([
    [-1, 3],
    [-0.5, 3.5],
  ]);
  expect(find("link x and y").getAttribute("aria-pressed")).toBe("true");
});

test("zoom halves and doubles both ranges about their middle", () => {
  find("zoom in").click();
  expect(store.request.value.x).toEqual([-0.5, 0.5]);
  find("zoom out").click();
  find("zoom out").click();
  expect(store.request.value.y).toEqual([-2, 2]);
});

test("auto range probes with the chosen factor", () => {
  choose("factor for auto range", "100");
  [...panel.querySelectorAll("button")].find(({ textContent }) => textContent === "auto")?.click();
  expect(store.acted).toEqual([{ kind: "auto_range", factor: 100 }]);
});

test("with a trajectory the ranges can be fitted to its path", () => {
  expect(panel.querySelector("[aria-label='fit the path']")).toBeNull();
  build({}, { has_trajectory: true });
  find("fit the path").click();
  expect(store.acted).toEqual([{ kind: "fit_path" }]);
});

test("cells along both axes go together by the slider, apart by the fields", () => {
  pressKey(find("cells along each axis"), "ArrowRight");
  expect(store.request.value.resolution).toEqual([53, 53]);
  typeInto(find<HTMLInputElement>("cells along y, a number"), "12");
  expect(store.request.value.resolution).toEqual([53, 12]);
  typeInto(find<HTMLInputElement>("cells along each axis, a number"), "300");
  expect(store.request.value.resolution[0]).toBe(300);
});

test("where to stop is one of a few shares of the range, or every cell", () => {
  const list = find<HTMLSelectElement>("stop at");
  expect([...list.options].map(({ text }) => text)).toEqual([
    "every cell",
    "3 % of the range",
    "1 % of the range",
    "0.3 % of the range",
  ]);
  expect(list.value).toBe("null");
  choose("stop at", "0.01");
  expect(store.written).toEqual([{ tolerance: 0.01 }]);
  expect(panel.textContent).toContain("51×51, stops at 1 %, all samples");
  store.undo();
  expect(store.request.value.tolerance).toBeNull();
  store.redo();
  choose("stop at", "null");
  expect(store.written.at(-1)).toEqual({ tolerance: null });
});

test("another share that Python sets is shown too, as long as it is so", () => {
  const list = find<HTMLSelectElement>("stop at");
  store.receive({ tolerance: 0.025 });
  expect(list.selectedOptions[0]?.text).toBe("2.5 % of the range");
  expect(list.getAttribute("aria-description")).toContain("less than 2.5 % of the range");
  store.receive({ tolerance: 0.03 });
  expect([list.value, list.options.length]).toEqual(["0.03", 4]);
});

test("samples run from a handful to all", () => {
  const thumb = find("samples");
  expect(thumb.getAttribute("aria-valuetext")).toBe("all 1,797");
  pressKey(thumb, "PageDown");
  expect(store.request.value.samples).toBe(1619);
  typeInto(find<HTMLInputElement>("samples, a number"), "3");
  expect(store.request.value.samples).toBe(3);
  typeInto(find<HTMLInputElement>("samples, a number"), "all");
  expect(find<HTMLInputElement>("samples, a number").value).toBe("all 1,797");
});

test("a refused range shows its reason beside that range alone, with the old value", () => {
  typeInto(find<HTMLInputElement>("x from, a number"), "7");
  store.receive({ x: [-1, 1] });
  store.refusal.value = { kind: "refusal", name: "x", reason: "low must be below high." };
  expect(rowOf("range of x")?.querySelector("[role=alert]")?.textContent).toBe(
    "low must be below high.",
  );
  expect(rowOf("range of y")?.querySelector<HTMLElement>("[role=alert]")?.hidden).toBe(true);
  expect(find<HTMLInputElement>("x from, a number").value).toBe("−1");
});

test("refused directions say why beneath the axes", () => {
  store.refusal.value = { kind: "refusal", name: "directions", reason: "seed is a whole number." };
  expect(panel.querySelector(".lw-axes > [role=alert]")?.textContent).toBe(
    "seed is a whole number.",
  );
});

const batchNorms = [
  { key: "frozen", label: "frozen", hint: "As in your network." },
  { key: "reestimate", label: "re-estimated", hint: "Anew in every cell." },
] as const;

test("BatchNorm is a choice only where the network has any", () => {
  expect(rowOf("BatchNorm")?.hidden).toBe(true);
  build({ batch_norm: "frozen" }, { batch_norms: batchNorms });
  expect(rowOf("BatchNorm")?.hidden).toBe(false);
  expect(panel.textContent).toContain("all samples, BatchNorm frozen");
  find("BatchNorm").querySelectorAll("button")[1]?.click();
  expect(store.written).toEqual([{ batch_norm: "reestimate" }]);
});

const seen = () =>
  [...panel.querySelectorAll(".lw-seen > :last-child")].map(({ textContent }) => textContent);

test("folded parts tell what they hold, and notes stand where they can be read", () => {
  expect(panel.textContent).toContain("51×51, all samples");
  store.change({ samples: 500 });
  expect(panel.textContent).toContain("51×51, 500 samples");
  expect(seen()).toContain("98.2 % of the network's squared norm moves in this picture.");
  expect(seen()).toContain("3 filters are zero, so their directions are zero too.");
  expect(seen().at(-1)).toBe("Biases are fixed, as in the paper's figures.");
});

test("what became of a fast path is true of the picture too", () => {
  const how = { choices: ["batches of 64"], notes: ["A fast path was left: it disagreed."] };
  store.status.value = { ...status, how };
  expect(seen().at(-1)).toBe(how.notes[0]);
  expect(panel.textContent).not.toContain("batches of 64");
});

test("a folded panel tells how grave it is, by marks and not by colour alone", () => {
  const fold = () => panel.querySelector<HTMLElement>(".lw-why");
  const said = () => fold()?.querySelector(".lw-summary")?.textContent;
  expect([fold()?.dataset.worst, said()]).toEqual(["plain", `${seen().length} in all`]);
  store.status.value = { ...status, facts: { ...facts, share: 0.2, angle: 20, spread: null } };
  expect(fold()?.dataset.worst).toBe("wrong");
  expect(said()).toMatch(/^✕ .+ · 1 more to mind · \d+ in all$/);
});

test("a reason keeps its place on the page while it stays the same", () => {
  const first = panel.querySelector(".lw-finding");
  store.status.value = { ...status, phase: "paused" };
  expect(panel.querySelector(".lw-finding")).toBe(first);
});

test("heights are exaggerated where there are any, between a quarter and four times", () => {
  const row = () => rowOf("height");
  expect(row()?.hidden).toBe(false);
  typeInto(find<HTMLInputElement>("height, a number"), "2");
  expect(store.written.at(-1)).toEqual({ height: 2 });
  expect(panel.textContent).toContain("2× high");
  pressKey(find("height"), "End");
  expect(store.request.value.height).toBe(4);
  store.change({ kind: "contour" });
  expect(row()?.hidden).toBe(true);
});

test("cuts are switched on and off, of planes only", () => {
  const toggle = [...panel.querySelectorAll<HTMLElement>("button")].find(
    ({ textContent }) => textContent === "along both axes",
  );
  toggle?.click();
  expect(store.request.value.cuts).toBe(true);
  expect(toggle?.getAttribute("aria-pressed")).toBe("true");
  store.change({ directions: request.directions.slice(0, 1) });
  expect(toggle?.closest<HTMLElement>(".lw-row")?.hidden).toBe(true);
});

test("beside a reason stands the button that does something about it", () => {
  build({ normalization: "none" });
  const button = panel.querySelector<HTMLButtonElement>(".lw-finding button");
  expect(button?.textContent).toBe("normalize by filters");
  expect(button?.dataset.control).toBe("normalization");
  button?.click();
  expect(store.written).toEqual([{ normalization: "filter" }]);
  expect(panel.querySelector(".lw-finding button")).toBeNull();
});

test("every control has a name", () => {
  for (const node of panel.querySelectorAll("input, select, button, [role=slider]")) {
    expect(node.getAttribute("aria-label") ?? node.textContent).toBeTruthy();
  }
});
