// @vitest-environment happy-dom
// Do several pictures move as one, and does each say what is true of it alone?

import { afterEach, expect, test, vi } from "vitest";
import { DEFAULT_CAMERA } from "../src/picture/camera";
import { emptyMap, mapMessage, mapStatus, withCurvature } from "./curvature";
import { type Changes, finished, openComparison } from "./fake-gallery";
import { request } from "./fake-store";
import { encoded } from "./messages";

const bowl = (x: number, y: number) => 1 + x * x + y * y;
const steep = (x: number, y: number) => 1 + 4 * (x * x + y * y);
let close = () => {};

afterEach(() => {
  close();
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

async function open(changes: Changes = {}, losses = { flat: bowl, steep }) {
  const opened = await openComparison(losses, changes);
  close = opened.close;
  return opened;
}

const inSpace: Changes = { kind: "surface" };
const colors = (picture: { data: readonly object[] }) => {
  const [ground] = picture.data as readonly Record<string, unknown>[];
  return [ground?.zmin ?? ground?.cmin, ground?.zmax ?? ground?.cmax];
};

test("all pictures have the same colours for the same values, and one bar", async () => {
  const { picture, root } = await open({ kind: "heatmap" });
  expect(colors(picture(0))).toEqual([1, 9]);
  expect(colors(picture(1))).toEqual([1, 9]);
  expect(picture(0).data.every(({ showscale }) => !showscale)).toBe(true);
  const bar = root.querySelector<HTMLElement>(".lw-colorbar");
  expect(bar?.hidden).toBe(false);
  expect(bar?.querySelector(".lw-colorbar-title")?.textContent).toBe("loss");
});

test("what differs in more than the network has a scale of its own, until somebody insists", async () => {
  const { picture, root, model, settle } = await open({
    kind: "heatmap",
    differences: ["samples: 100 for 'flat', 50 for 'steep'"],
  });
  expect(colors(picture(0))).toEqual([1, 3]);
  expect(colors(picture(1))).toEqual([1, 9]);
  expect(picture(0).data[0]?.showscale).toBe(true);
  expect(root.querySelector<HTMLElement>(".lw-colorbar")?.hidden).toBe(true);
  const note = root.querySelector<HTMLElement>("[role=note]");
  expect(note?.textContent).toContain("samples: 100 for 'flat', 50 for 'steep'");
  press(root, "share the scale all the same");
  expect(model.get("insist" as never)).toBe(true);
  await settle();
  expect(colors(picture(0))).toEqual([1, 9]);
  press(root, "a scale each");
  await settle();
  expect(colors(picture(0))).toEqual([1, 3]);
});

test("nothing is said of a scale that is honest", async () => {
  const { root } = await open();
  expect(root.querySelector<HTMLElement>("[role=note]")?.hidden).toBe(true);
});

test("while a hand turns one surface the others turn along, and its release is one step of undo", async () => {
  const { picture, tile, model, settle } = await open(inSpace);
  const camera = { ...DEFAULT_CAMERA, eye: { x: 0, y: 2, z: 1 } };
  const { draws } = picture(1);
  tile(0).dispatchEvent(new Event("pointerenter"));
  picture(0).emit("plotly_relayouting", { "scene.camera": camera });
  await settle();
  expect(picture(1).relayouts.at(-1)).toEqual({ "scene.camera": camera });
  expect(picture(0).relayouts).toEqual([]);
  expect(model.get("camera")).toBeNull();
  picture(0).emit("plotly_relayout", { "scene.camera": camera });
  await settle();
  expect(model.get("camera")).toEqual(camera);
  expect(picture(1).draws).toBe(draws);
});

test("a camera set in Python turns all", async () => {
  const { picture, model, settle } = await open(inSpace);
  const camera = { ...DEFAULT_CAMERA, eye: { x: 2, y: 0, z: 1 } };
  await model.receive({ camera });
  await settle();
  expect([0, 1].map((index) => picture(index).relayouts.at(-1))).toEqual([
    { "scene.camera": camera },
    { "scene.camera": camera },
  ]);
});

test("one picture is pointed at, and all read the same place", async () => {
  const { picture, tile, root, settle } = await open();
  tile(0).dispatchEvent(new Event("pointerenter"));
  picture(0).emit("plotly_hover", { points: [{ x: 0.5, y: -0.5 }] });
  await settle();
  const readings = [0, 1].map(
    (index) => tile(index).querySelector(".lw-tile-reading")?.textContent,
  );
  expect(readings).toEqual(["1.5", "3"]);
  expect(root.querySelector(".lw-readout")?.textContent).toBe("at 0.5, −0.5 in every picture");
  expect(picture(1).crosses.at(-1)).toEqual({ xval: 0.5, yval: -0.5 });
  expect(picture(0).crosses.filter(Boolean)).toEqual([]);
  picture(0).emit("plotly_unhover");
  tile(0).dispatchEvent(new Event("pointerleave"));
  await settle();
  expect(picture(1).crosses.at(-1)).toBeNull();
  expect(tile(1).querySelector(".lw-tile-reading")?.textContent).toBe("");
});

test("what is asked is asked of all at once, but for what a member was given for itself", async () => {
  const entry = { about: "", cell: null };
  const { picture, model, settle } = await open({
    members: [
      { ...entry, title: "flat", ref: "anywidget:0", own: [] },
      { ...entry, title: "steep", ref: "anywidget:1", own: ["x"] },
    ],
  });
  await model.receive({ x: [-0.5, 0.5] });
  await settle();
  const ranges = [0, 1].map((index) => (picture(index).layout.xaxis as { range: number[] }).range);
  expect(ranges).toEqual([
    [-0.5, 0.5],
    [-1, 1],
  ]);
});

test("titles of axes stand once where they are the same, in each picture where they aren't", async () => {
  const { picture, root } = await open();
  expect(root.querySelector(".lw-axis-x")?.textContent).toMatch(/^direction 1: random, seed 0/);
  expect(picture(1).layout.xaxis).toMatchObject({ title: { text: "" } });
});

test("a member that fails says so itself and is asked once more alone", async () => {
  const { members, tile } = await open();
  await members[1]?.receive({
    status: { ...finished, phase: "failed" },
    error: { message: "ZeroDivisionError: no", traceback: "…" },
  });
  expect(tile(1).querySelector("[role=alert]")?.textContent).toBe("ZeroDivisionError: no");
  const feet = [0, 1].map((index) => tile(index).querySelector("footer")?.hidden);
  expect(feet).toEqual([true, false]);
  press(tile(1), "try again");
  const asksAgain = members.map(({ sent }) => sent.some(({ kind }) => kind === "retry"));
  expect(asksAgain).toEqual([false, true]);
});

test("the table has a row a member, and a dash for what isn't known", async () => {
  const widths = { "width_0.1": 0.84, "width_0.1_low": 0.71, "width_0.1_high": 0.96 };
  const open_ = { "width_1.0": 2, "width_1.0_low": 2, "width_1.0_high": 2, "width_1.0_open": true };
  const row = { about: "wd 5e-4", loss: 0.25, accuracy: 97.5, norm: "Infinity" };
  const { root } = await open({
    table: [
      { ...row, title: "flat", ...widths, "width_0.1_open": false, ...open_ },
      { ...row, title: "steep", loss: null, "width_0.1": null, "width_1.0": null },
    ],
  });
  const cells = [...root.querySelectorAll(".lw-table tbody tr")].map((line) =>
    [...line.children].map((cell) => cell.textContent),
  );
  expect(cells).toEqual([
    ["flat wd 5e-4", "0.25", "97.5", "∞", "0.84 (0.71 to 0.96)", "> 2"],
    ["steep wd 5e-4", "—", "97.5", "∞", "—", "—"],
  ]);
  expect(root.querySelector(".lw-table thead")?.textContent).not.toContain("test");
});

test("names of rows and columns stand at the edges of a matrix, and cells may stay empty", async () => {
  const entry = { about: "", own: [] };
  const { root, tile } = await open({
    matrix: { rows: ["shallow", "deep"], columns: ["narrow", "wide"] },
    members: [
      { ...entry, title: "shallow · narrow", ref: "anywidget:0", cell: [0, 0] },
      { ...entry, title: "deep · wide", ref: "anywidget:1", cell: [1, 1] },
    ],
  });
  const names = (kind: string) =>
    [...root.querySelectorAll(`.lw-${kind}-name`)].map((node) => node.textContent);
  expect(names("row")).toEqual(["shallow", "deep"]);
  expect(names("column")).toEqual(["narrow", "wide"]);
  expect(tile(1).style.gridArea).toBe("3 / 3");
  expect(tile(1).getAttribute("aria-label")).toBe("deep · wide");
});

test("arrows on one picture move its cross, and with it everybody's", async () => {
  const { tile, root, settle } = await open();
  const stage = tile(1).querySelector<HTMLElement>(".lw-picture");
  stage?.focus();
  stage?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
  await settle();
  expect(root.querySelector(".lw-readout")?.textContent).toBe("at 0.5, 0 in every picture");
  expect(tile(0).querySelector(".lw-tile-reading")?.textContent).toBe("1.25");
});

test("members' messages are acknowledged once they are drawn", async () => {
  const { members } = await open();
  const acknowledged = members.map(({ sent }) => sent.filter(({ kind }) => kind === "ack").length);
  expect(acknowledged).toEqual([1, 1]);
});

test("a member that was closed is left out", async () => {
  const entry = { about: "", cell: null, own: [] };
  const { root } = await open({
    members: [
      { ...entry, title: "flat", ref: "anywidget:0" },
      { ...entry, title: "gone", ref: "anywidget:7" },
    ],
  });
  expect([...root.querySelectorAll(".lw-tile-title")].map((node) => node.textContent)).toEqual([
    "flat",
  ]);
});

test("the controls are those of one landscape, and ask the comparison", async () => {
  const { root, model, members } = await open({ ...request, kind: "contour", resolution: [5, 5] });
  press(root, "heat map");
  expect(model.get("kind")).toBe("heatmap");
  expect(members[0]?.get("kind")).toBe("contour");
});

function press(node: HTMLElement, label: string): void {
  const button = [...node.querySelectorAll("button")].find(
    ({ textContent }) => textContent === label,
  );
  expect(button, label).toBeDefined();
  button?.click();
}

test("members' maps stand side by side on the range of the ratio, whatever was looked at before", async () => {
  const { picture, members, root, model, settle } = await open({
    kind: "heatmap",
    choices: withCurvature,
  });
  const tall = (smallest: number) => encoded(mapMessage(() => smallest));
  members[0]?.emit("msg:custom", ...tall(-1));
  members[1]?.emit("msg:custom", ...tall(-9));
  await model.receive({ metric: "curvature" });
  await settle();
  expect(colors(picture(0))).toEqual([0, 0.5]);
  expect(colors(picture(1))).toEqual([0, 0.5]);
  expect(root.querySelector(".lw-colorbar-title")?.textContent).toBe("|λ_min/λ_max|");
  expect(members.map((member) => member.get("metric"))).toEqual(["loss", "loss"]);
});

test("a member whose map is still to come says so in its place", async () => {
  const { tile, members, model, settle } = await open({ kind: "heatmap", choices: withCurvature });
  members[0]?.emit("msg:custom", ...encoded(mapMessage(() => -1)));
  members[1]?.emit("msg:custom", ...encoded(emptyMap()));
  await members[1]?.receive({ status: { ...finished, maps: [mapStatus] } });
  await model.receive({ metric: "curvature" });
  await settle();
  const waiting = (index: number) => tile(index).querySelector<HTMLElement>(".lw-waiting");
  expect(waiting(0)?.hidden).toBe(true);
  expect(waiting(1)?.hidden).toBe(false);
  expect(waiting(1)?.textContent).toContain("5×5 cells on 256 samples, about 2 min");
});
