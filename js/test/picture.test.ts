// @vitest-environment happy-dom
import { signal } from "@preact/signals-core";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { INTERPOLATED, PREVIEW } from "../src/cell-state";
import { DEFAULT_CAMERA, turn } from "../src/picture/camera";
import { createPicture } from "../src/picture/picture";
import type { Layout } from "../src/plotly";
import type { Request } from "../src/protocol";
import type { Store } from "../src/store";
import type { Surface } from "../src/surface";
import { fakeFrames, fakePlotly } from "./fake-plotly";
import { fakeRenderers } from "./fake-renderers";
import { fakeStore, request, status } from "./fake-store";
import { landscape, spread } from "./landscapes";
import { path } from "./messages";
import { plotted } from "./plotted";

const bowl = landscape((x, y) => x * x + y * y, { x: spread(-1, 1, 5) });
const moved = turn(DEFAULT_CAMERA, 1, 0.1);

let frames = fakeFrames();
let life = new AbortController();
beforeEach(() => {
  frames = fakeFrames();
  life = new AbortController();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  vi.stubGlobal("requestAnimationFrame", frames.requestAnimationFrame);
  vi.stubGlobal("cancelAnimationFrame", frames.cancelAnimationFrame);
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener() {} }));
});
afterEach(() => {
  life.abort();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

interface Circumstances {
  readonly webgl?: boolean;
  readonly kind?: Request["kind"];
  readonly fails?: boolean;
}

async function hang({ webgl = true, kind = "surface", fails = false }: Circumstances = {}) {
  const surface = signal<Surface | null>(null);
  const previous = signal(false);
  const base = fakeStore({ request: { ...request, kind } });
  const store = { ...base, surface, previous } satisfies Store;
  const plotly = fakePlotly();
  const node = document.body.appendChild(document.createElement("div"));
  const drawn = vi.fn();
  const load = async () => {
    if (fails) throw new Error("404");
    const renderers = fakeRenderers(plotly);
    return webgl ? renderers : { ...renderers, space: null };
  };
  const picture = createPicture(node, store, load, life.signal, drawn);
  await frames.pass();
  await frames.pass();
  const show = async (next: Surface) => {
    surface.value = next;
    await frames.pass();
  };
  const command = async (what: string) => {
    node.dispatchEvent(new CustomEvent("landscape:camera", { detail: { command: what } }));
    await frames.pass();
  };
  return { store, surface, previous, plotly, node, drawn, picture, show, command };
}

/** Where plotly draws. */
const host = (node: HTMLElement) => node.firstElementChild?.firstElementChild as HTMLElement;
const kinds = (drawings: { data: readonly { type: string }[] }[]) =>
  drawings.map(({ data }) => data[0]?.type);
const cameras = (drawings: { layout: Layout }[]) =>
  drawings.map(({ layout }) => (layout.scene as Layout).camera);

it("shows empty axes before any surface, and tells of what it draws", async () => {
  const { plotly, drawn, show } = await hang({ kind: "contour" });
  expect(plotly.drawings.map(({ data }) => data)).toEqual([[]]);
  expect(drawn).not.toHaveBeenCalled();
  await show(bowl);
  expect(kinds(plotly.drawings)).toEqual([undefined, "contour"]);
  expect(drawn).toHaveBeenLastCalledWith(expect.objectContaining({ generation: 1, revision: 4 }));
});

it("acknowledges a patch that finishes no level without drawing again", async () => {
  const { plotly, drawn, show } = await hang();
  await show(bowl);
  const before = plotly.drawings.length;
  await show({ ...bowl, revision: 5 });
  expect(plotly.drawings).toHaveLength(before);
  expect(drawn).toHaveBeenLastCalledWith(expect.objectContaining({ generation: 1, revision: 5 }));
  await show({ ...bowl, revision: 6, level: 1 });
  expect(plotly.drawings).toHaveLength(before + 1);
});

const growing = landscape((x, y) => x * x + y * y, {
  x: spread(-1, 1, 5),
  xLevel: [0, 1, 0, 1, 0],
  rest: INTERPOLATED,
});

it("shows a level growing now and then, not at every patch", async () => {
  const now = vi.spyOn(performance, "now").mockReturnValue(0);
  const { plotly, drawn, show } = await hang();
  await show(growing);
  const before = plotly.drawings.length;
  now.mockReturnValue(290);
  await show({ ...growing, revision: 5 });
  expect(plotly.drawings).toHaveLength(before);
  expect(drawn).toHaveBeenLastCalledWith(expect.objectContaining({ generation: 1, revision: 5 }));
  now.mockReturnValue(310);
  await show({ ...growing, revision: 6 });
  expect(plotly.drawings).toHaveLength(before + 1);
  now.mockReturnValue(400);
  await show({ ...growing, revision: 7 });
  expect(plotly.drawings).toHaveLength(before + 1);
});

it("leaves the more time between two pictures the longer one takes, up to two seconds", async () => {
  const now = vi.spyOn(performance, "now").mockReturnValue(0);
  const { plotly, surface, show } = await hang();
  plotly.slow = true;
  await show(growing);
  const before = plotly.drawings.length;
  now.mockReturnValue(200);
  plotly.finish();
  await frames.pass();
  for (const [time, drawings] of [
    [1900, before],
    [2100, before + 1],
  ] as const) {
    now.mockReturnValue(time);
    surface.value = { ...growing, revision: time };
    await frames.pass();
    expect(plotly.drawings).toHaveLength(drawings);
  }
});

it("shows all there is when a level rests half-way", async () => {
  const { store, plotly, show } = await hang();
  await show(growing);
  await show({ ...growing, revision: 5 });
  const before = plotly.drawings.length;
  store.status.value = { ...status, phase: "paused" };
  await frames.pass();
  expect(plotly.drawings).toHaveLength(before + 1);
});

it("keeps a preview until the last of it is replaced", async () => {
  const now = vi.spyOn(performance, "now").mockReturnValue(0);
  const { plotly, show } = await hang();
  const states = growing.states.map((state, cell) => (cell === 0 ? PREVIEW : state));
  await show({ ...growing, states });
  const before = plotly.drawings.length;
  now.mockReturnValue(5000);
  await show({ ...growing, states, revision: 5 });
  expect(plotly.drawings).toHaveLength(before);
  await show({ ...growing, revision: 6 });
  expect(plotly.drawings).toHaveLength(before + 1);
});

it("draws again what the kernel has taken back", async () => {
  const { plotly, show } = await hang();
  await show(bowl);
  const before = plotly.drawings.length;
  await show({ ...bowl, revision: 5, renewed: 3 });
  expect(plotly.drawings).toHaveLength(before + 1);
});

it("keeps its size in mind while the page shows nothing", async () => {
  const { plotly, previous, node, show } = await hang();
  const host = node.firstElementChild as HTMLElement;
  const size = (width: number, height: number) => {
    Object.defineProperty(host, "clientWidth", { configurable: true, value: width });
    Object.defineProperty(host, "clientHeight", { configurable: true, value: height });
  };
  const title = () => {
    const scene = plotly.drawings.at(-1)?.layout.scene as { xaxis: { title: Layout } } | undefined;
    return scene?.xaxis.title.text;
  };
  size(700, 500);
  await show(bowl);
  const before = [title(), cameras(plotly.drawings).at(-1)];
  size(0, 0);
  previous.value = true;
  await frames.pass();
  expect([title(), cameras(plotly.drawings).at(-1)]).toEqual(before);
});

it("draws a change of view at once, and nothing for what isn't seen", async () => {
  const { store, plotly, previous, show } = await hang({ kind: "contour" });
  await show(bowl);
  const before = plotly.drawings.length;
  store.preview({ x: [-2, 1] });
  await frames.pass();
  expect(plotly.drawings.at(-1)?.layout.xaxis).toMatchObject({ range: [-2, 1] });
  store.change({ name: "another", resolution: [9, 9] });
  await frames.pass();
  expect(plotly.drawings).toHaveLength(before + 1);
  previous.value = true;
  await frames.pass();
  expect(plotly.drawings).toHaveLength(before + 2);
});

it("reads nothing where plotly tells of a hover without a point", async () => {
  const { store, plotly, show } = await hang();
  await show(bowl);
  plotly.emit("plotly_hover", {});
  plotly.emit("plotly_hover", { points: [] });
  expect(store.reading.value).toBeNull();
});

it("reads the cell under the pointer, else the one clicked last", async () => {
  const { store, plotly, node, show } = await hang();
  await show(bowl);
  plotly.emit("plotly_hover", { points: [{ x: 0.52, y: -0.4 }] });
  expect(store.reading.value).toMatchObject({ coordinates: [0.5, -0.5], value: 0.5 });
  node.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  await frames.pass();
  plotly.emit("plotly_hover", { points: [{ x: 1, y: 1, customdata: 25 }] });
  expect(store.reading.value).toMatchObject({ coordinates: [0, 0], label: "origin" });
  plotly.emit("plotly_unhover");
  expect(store.reading.value?.coordinates).toEqual([0.5, -0.5]);
  expect(store.request.value.marked).toEqual([0.5, -0.5]);
  await show({ ...bowl, generation: 2 });
  expect(store.reading.value?.coordinates).toEqual([0.5, -0.5]);
  store.undo();
  expect(store.reading.value).toBeNull();
});

it("lets go of the cell that is clicked once more", async () => {
  const { store, plotly, node, show } = await hang();
  await show(bowl);
  const click = async () => {
    plotly.emit("plotly_hover", { points: [{ x: 0.5, y: -0.5 }] });
    node.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    await frames.pass();
  };
  await click();
  expect(store.request.value.marked).toEqual([0.5, -0.5]);
  await click();
  expect(store.request.value.marked).toBeNull();
});

it("reads nothing where the marked point isn't on the surface", async () => {
  const { store, show } = await hang();
  await show(bowl);
  store.receive({ marked: [1.2, 0] });
  expect(store.reading.value?.coordinates).toEqual([1, 0]);
  store.receive({ marked: [9, 0] });
  expect(store.reading.value).toBeNull();
  store.receive({ marked: [0, 0] });
  expect(store.reading.value?.label).toBe("origin");
});

it("takes the end of a drag for no click", async () => {
  const { store, plotly, node, show } = await hang();
  await show(bowl);
  plotly.emit("plotly_hover", { points: [{ x: 0, y: 0 }] });
  node.dispatchEvent(new PointerEvent("pointerdown", { clientX: 10, clientY: 10 }));
  node.dispatchEvent(new MouseEvent("click", { bubbles: true, clientX: 40, clientY: 10 }));
  await frames.pass();
  plotly.emit("plotly_unhover");
  expect(store.reading.value).toBeNull();
});

it("hands over the camera once a drag has ended, and redraws meanwhile from where it is", async () => {
  const { store, plotly, show } = await hang();
  await show(bowl);
  plotly.emit("plotly_relayouting", { "scene.camera": { ...moved, projection: {} } });
  expect(store.written).toEqual([]);
  await show({ ...bowl, generation: 2 });
  expect(cameras(plotly.drawings).at(-1)).toEqual(moved);
  plotly.emit("plotly_relayout", {});
  await frames.pass();
  expect(store.written).toEqual([{ camera: moved }]);
  expect(plotly.relayouts).toEqual([]);
});

it("ignores the dust that a click leaves in plotly's camera", async () => {
  const { store, plotly, show } = await hang();
  await show(bowl);
  const dusty = { ...DEFAULT_CAMERA, up: { x: 1e-17, y: 0, z: 1 } };
  const shown = cameras(plotly.drawings).at(-1) as typeof DEFAULT_CAMERA;
  plotly.emit("plotly_relayout", { "scene.camera": { ...shown, up: dusty.up } });
  expect(store.written).toEqual([]);
});

it("looks from where Python sets the camera, without drawing again", async () => {
  const { store, plotly, show } = await hang();
  await show(bowl);
  const before = plotly.drawings.length;
  store.receive({ camera: moved });
  await frames.pass();
  await frames.pass();
  expect(plotly.relayouts).toEqual([{ "scene.camera": moved }]);
  expect(plotly.drawings).toHaveLength(before);
});

it("turns by key, as one step of undo when the keys rest", async () => {
  const { store, show, command } = await hang();
  await show(bowl);
  await command("left");
  await command("left");
  expect(store.canUndo.value).toBe(false);
  vi.advanceTimersByTime(300);
  expect(store.canUndo.value).toBe(true);
  store.undo();
  expect(store.request.value.camera).toBeNull();
});

it("goes back to the first view on reset", async () => {
  const { store, show, command } = await hang();
  await show(bowl);
  store.change({ camera: moved });
  await command("reset");
  expect(store.request.value.camera).toBeNull();
});

it("puts the cross on the line of a chart, where plotly looks for something near", async () => {
  const { plotly, picture, store, show, command } = await hang();
  store.change({ scale: "linear" });
  await show(
    landscape((x) => 4 * x * x, { x: [-1, -0.5, 0, 0.5, 1], y: [], points: { origin: [0] } }),
  );
  picture.point([0.5]);
  expect(plotly.hovers.at(-1)).toEqual({ xval: 0.5, yval: 1 });
  await command("right");
  expect(plotly.hovers.at(-1)).toEqual({ xval: 0.5, yval: 1 });
  picture.point(null);
  expect(plotly.hovers.at(-1)).toBeNull();
});

it("moves the cross by drawn cells when seen from above", async () => {
  const { store, show, command } = await hang({ kind: "heatmap" });
  await show(bowl);
  await command("right");
  await command("up");
  expect(store.reading.value?.coordinates).toEqual([0.5, 0.5]);
  expect(store.canUndo.value).toBe(false);
  vi.advanceTimersByTime(300);
  store.undo();
  expect(store.request.value.marked).toBeNull();
  store.redo();
  for (let step = 0; step < 9; step++) await command("left");
  expect(store.reading.value?.coordinates).toEqual([-1, 0.5]);
});

it("shows the cross where another view or a cut points, and takes it away again", async () => {
  const { store, plotly, show } = await hang({ kind: "contour" });
  await show(bowl);
  store.hovered.value = { map: null, generation: 1, cell: 4, checkpoint: null };
  expect(plotly.hovers.at(-1)).toEqual({ xval: 1, yval: -1 });
  expect(store.reading.value?.coordinates).toEqual([1, -1]);
  store.hovered.value = null;
  expect(plotly.hovers.at(-1)).toBeNull();
});

it("leaves alone the cross that a hand on it has set", async () => {
  const { store, plotly, show } = await hang({ kind: "contour" });
  await show(bowl);
  const before = plotly.hovers.length;
  plotly.emit("plotly_hover", { points: [{ x: 0.5, y: 0 }] });
  expect(store.hovered.value).toMatchObject({ generation: 1 });
  expect(plotly.hovers).toHaveLength(before);
});

it("goes to a view along an axis at once where motion isn't welcome", async () => {
  const { store, show, command } = await hang();
  await show(bowl);
  await command("second");
  expect(store.request.value.camera?.eye.x).toBeCloseTo(0);
  expect(store.request.value.camera?.eye.y).toBeLessThan(-1);
  await command("reset");
  expect(store.request.value.camera).toBeNull();
});

it("goes there along a way where motion is welcome", async () => {
  vi.stubGlobal("matchMedia", () => ({ matches: true, addEventListener() {} }));
  const now = vi.spyOn(performance, "now").mockReturnValue(0);
  const { store, show, command } = await hang();
  await show(bowl);
  await command("top");
  const seen: number[] = [];
  for (const time of [0, 100, 200, 300, 400]) {
    now.mockReturnValue(time);
    await frames.pass();
    seen.push(store.request.value.camera?.eye.z ?? 0);
  }
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBeGreaterThan((seen[1] ?? 0) + 0.1);
  expect(store.request.value.camera?.eye.x).toBeCloseTo(0);
});

it("zooms the window by keys when seen from above", async () => {
  const { store, command } = await hang({ kind: "contour" });
  await command("in");
  expect([store.request.value.x, store.request.value.y]).toEqual([
    [-0.5, 0.5],
    [-0.5, 0.5],
  ]);
  await command("out");
  expect(store.request.value.x).toEqual([-1, 1]);
});

it("zooms with Ctrl and the wheel, and leaves the plain wheel to the page", async () => {
  const { store, node } = await hang({ kind: "contour" });
  const turnWheel = (ctrlKey: boolean) => {
    const event = new WheelEvent("wheel", { deltaY: -120, cancelable: true });
    Object.defineProperty(event, "ctrlKey", { value: ctrlKey });
    node.dispatchEvent(event);
    return event.defaultPrevented;
  };
  expect(turnWheel(false)).toBe(false);
  expect(store.request.value.x).toEqual([-1, 1]);
  expect(turnWheel(true)).toBe(true);
  expect(store.request.value.x).toEqual([-0.5, 0.5]);
});

it("shows contours where there is no WebGL, and why", async () => {
  const { store, plotly, picture, show } = await hang({ webgl: false });
  await show(bowl);
  expect(kinds(plotly.drawings).at(-1)).toBe("contour");
  expect(picture.failed.value).toContain("no WebGL");
  store.change({ kind: "heatmap" });
  expect(picture.failed.value).toBeNull();
});

it("shows the values themselves when plotting fails to load, and why", async () => {
  const { picture, node, show } = await hang({ fails: true });
  await show(bowl);
  expect(picture.failed.value).toBe("Plotting failed to load (404), so these are the values.");
  const rows = [...node.querySelectorAll("tr")].map((row) =>
    [...row.cells].map((cell) => cell.textContent),
  );
  expect(rows[0]).toEqual(["y, x", "−1", "−0.5", "0", "0.5", "1"]);
  expect(rows[2]).toEqual(["0.5", "1.25", "0.5", "0.25", "0.5", "1.25"]);
});

it("says why a picture can't be drawn, until one can", async () => {
  const { plotly, picture, show } = await hang();
  plotly.broken = new Error("out of memory");
  await show(bowl);
  expect(picture.failed.value).toBe("The picture can't be drawn: out of memory");
  plotly.broken = null;
  await show({ ...bowl, generation: 2 });
  expect(picture.failed.value).toBeNull();
});

it("leaves nothing behind", async () => {
  const { store, plotly, show } = await hang();
  await show(bowl);
  const before = plotly.drawings.length;
  life.abort();
  await show({ ...bowl, generation: 2 });
  store.change({ kind: "contour" });
  await frames.pass();
  expect([plotly.purged, plotly.drawings.length]).toEqual([1, before]);
});

const walked = { ...bowl, path, pathSequence: 1 };

it("a moment later a surface gets other numbers for its path alone", async () => {
  const { plotly, store, show } = await hang();
  await show(walked);
  const before = plotly.drawings.length;
  const traces = plotly.drawings.at(-1)?.data.length ?? 0;
  store.preview({ moment: 2 });
  await frames.pass();
  expect(plotly.drawings).toHaveLength(before);
  expect(plotly.amendments).toMatchObject([{ indices: [4, 3, 2, 1].map((back) => traces - back) }]);
  expect(plotly.amendments[0]?.x.map((x) => (x as number[]).length).at(-1)).toBe(2);
});

it("training runs on while a hand turns the surface", async () => {
  const { plotly, store, show } = await hang();
  await show(walked);
  plotly.emit("plotly_relayouting", { "scene.camera": moved });
  store.preview({ moment: 2 });
  await frames.pass();
  expect(plotly.amendments).toHaveLength(1);
  expect(plotly.relayouts).toEqual([]);
});

it("a moment later a contour is left alone, and what comes after hidden", async () => {
  const { plotly, store, node, show } = await hang({ kind: "contour" });
  await show(walked);
  const before = plotly.drawings.length;
  const points = plotted(host(node), 3);
  store.preview({ moment: 2 });
  await frames.pass();
  expect([plotly.drawings.length, plotly.amendments.length]).toEqual([before, 0]);
  expect(points.map(({ style }) => style.visibility)).toEqual(["", "", "hidden"]);
});

it("what is drawn anew hides it again", async () => {
  const { store, node, show } = await hang({ kind: "contour" });
  await show(walked);
  store.preview({ moment: 1 });
  await frames.pass();
  const points = plotted(host(node), 3);
  store.change({ colors: "viridis" });
  await frames.pass();
  expect(points.map(({ style }) => style.visibility)).toEqual(["", "hidden", "hidden"]);
});

it("a path that grows is drawn with all of its points, and acknowledged", async () => {
  const { plotly, drawn, show } = await hang({ kind: "contour" });
  await show(walked);
  const before = plotly.drawings.length;
  await show({ ...walked, revision: 5, pathSequence: 2 });
  expect(plotly.drawings).toHaveLength(before + 1);
  expect(drawn).toHaveBeenLastCalledWith(expect.objectContaining({ generation: 1, revision: 5 }));
});

it("in space a path grows without drawing the ground again, unless its axes say something else", async () => {
  const { plotly, drawn, show } = await hang();
  await show(walked);
  const before = plotly.drawings.length;
  await show({ ...walked, revision: 5, pathSequence: 2 });
  expect([plotly.drawings.length, plotly.amendments.length]).toEqual([before, 1]);
  expect(drawn).toHaveBeenLastCalledWith(expect.objectContaining({ generation: 1, revision: 5 }));
  await show({ ...walked, revision: 6, pathSequence: 3, path: { ...path, explained: [0.9, 0.1] } });
  expect(plotly.drawings).toHaveLength(before + 1);
});

it("a new barrier is drawn once it belongs to the line on screen", async () => {
  const { plotly, store, show } = await hang();
  const points = { origin: [0], other: [1] };
  await show(landscape((x) => x, { y: [], points }));
  const before = plotly.drawings.length;
  const barrier = {
    ...{ height: 0.4, at: 0.5, is_monotone: true, rise: 0, rise_at: null },
    missing: 0,
    metric: "loss",
  };
  store.status.value = { ...status, barrier, generation: 2 };
  await frames.pass();
  expect(plotly.drawings).toHaveLength(before);
  store.status.value = { ...status, barrier };
  await frames.pass();
  expect(plotly.drawings.at(-1)?.data.map(({ name }) => name)).toContain("barrier");
});

it("reads a checkpoint under the pointer, and the cell it stands over", async () => {
  const { plotly, store, show } = await hang({ kind: "contour" });
  await show(walked);
  plotly.emit("plotly_hover", { points: [{ x: -0.2, y: 0.4, customdata: { checkpoint: 1 } }] });
  expect(store.visited.value).toBe(1);
  expect(store.reading.value?.coordinates).toEqual([0, 0.5]);
  plotly.emit("plotly_hover", { points: [{ x: 0, y: 0 }] });
  expect(store.visited.value).toBeNull();
});

it("reads the ground where a checkpoint is hidden", async () => {
  const { plotly, store, show } = await hang({ kind: "contour" });
  await show(walked);
  store.preview({ moment: 1 });
  await frames.pass();
  plotly.emit("plotly_hover", { points: [{ x: -0.2, y: 0.4, customdata: { checkpoint: 1 } }] });
  expect(store.visited.value).toBeNull();
  expect(store.reading.value?.coordinates).toEqual([0, 0.5]);
});
