// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Figure, figure } from "../src/figure";
import { DEFAULT_CAMERA } from "../src/picture/camera";
import { createPlot } from "../src/picture/plot";
import { LIGHT } from "../src/picture/theme";
import { fakeFrames, fakePlotly } from "./fake-plotly";
import { fakeRenderers } from "./fake-renderers";
import { request } from "./fake-store";
import { landscape } from "./landscapes";

const surface = landscape((x, y) => x + y);
const drawing = (kind: Figure["kind"] = "contour") =>
  figure(surface, { ...request, kind }, LIGHT, false);

let frames = fakeFrames();
beforeEach(() => {
  frames = fakeFrames();
  vi.stubGlobal("requestAnimationFrame", frames.requestAnimationFrame);
  vi.stubGlobal("cancelAnimationFrame", frames.cancelAnimationFrame);
});
afterEach(() => vi.unstubAllGlobals());

function set(node = document.createElement("div")) {
  const plotly = fakePlotly();
  const [listen, drawn, failed] = [vi.fn(), vi.fn(), vi.fn()];
  const plot = createPlot(node, fakeRenderers(plotly), listen, drawn, failed);
  return { plot, plotly, listen, drawn, failed };
}

it("draws the latest figure, once a frame", async () => {
  const { plot, plotly, drawn } = set();
  const [old, latest] = [vi.fn(drawing), vi.fn(drawing)];
  plot.draw(old);
  plot.draw(latest);
  expect(plotly.drawings).toHaveLength(0);
  expect(frames.waiting).toBe(1);
  await frames.pass();
  expect(old).not.toHaveBeenCalled();
  expect(latest).toHaveBeenCalledOnce();
  expect([plotly.drawings.length, drawn.mock.calls.length]).toEqual([1, 1]);
});

it("waits for a draw that takes long, then draws the latest of what came meanwhile", async () => {
  const { plot, plotly, drawn } = set();
  plotly.slow = true;
  plot.draw(() => drawing());
  await frames.pass();
  plot.draw(() => drawing("heatmap"));
  plot.draw(() => drawing("surface"));
  expect(frames.waiting).toBe(0);
  expect(drawn).not.toHaveBeenCalled();
  plotly.finish();
  await frames.pass();
  await frames.pass();
  expect(plotly.drawings.map(({ data }) => data[0]?.type)).toEqual(["contour", "surface"]);
});

it("counts as drawn when there is nothing new to draw", async () => {
  const { plot, plotly, drawn } = set();
  plot.draw(() => null);
  await frames.pass();
  expect(plotly.drawings).toHaveLength(0);
  expect(drawn).toHaveBeenCalledOnce();
});

it("takes away everything that plotly would bring along", async () => {
  const { plot, plotly } = set();
  plot.draw(() => drawing());
  await frames.pass();
  expect(plotly.configs[0]).toMatchObject({
    displayModeBar: false,
    displaylogo: false,
    showSendToCloud: false,
    scrollZoom: false,
  });
});

it("listens once, to the node that plotly made its own", async () => {
  const { plot, listen } = set();
  for (const _ of [1, 2]) {
    plot.draw(() => drawing());
    await frames.pass();
  }
  expect(listen).toHaveBeenCalledOnce();
});

it("moves camera and size without drawing again", async () => {
  const { plot, plotly } = set();
  plot.draw(() => drawing("surface"));
  await frames.pass();
  plot.look(DEFAULT_CAMERA);
  plot.resize();
  await frames.pass();
  expect(plotly.drawings).toHaveLength(1);
  expect(plotly.relayouts).toMatchObject([{ "scene.camera": DEFAULT_CAMERA }, { width: 0 }]);
});

it("shows one node a renderer, and keeps the other for when it is wanted again", async () => {
  const node = document.createElement("div");
  const { plot, plotly } = set(node);
  const nodes: (Element | null)[] = [];
  for (const kind of ["surface", "contour", "surface"] as const) {
    plot.draw(() => drawing(kind));
    await frames.pass();
    expect(node.children).toHaveLength(1);
    nodes.push(node.firstElementChild);
  }
  expect(nodes[0]).not.toBe(nodes[1]);
  expect(nodes[0]).toBe(nodes[2]);
  expect(plotly.drawings).toHaveLength(3);
});

it("gives the image of what is drawn, and says that there is none before", async () => {
  const { plot } = set();
  await expect(plot.image(2)).rejects.toThrow(
    "There is no picture yet. Wait until something is drawn.",
  );
  plot.draw(() => drawing("surface"));
  await frames.pass();
  expect(await plot.image(2)).toBeInstanceOf(HTMLCanvasElement);
});

it("puts right a range that plotly widened", async () => {
  const { plot, plotly } = set();
  for (const shown of [null, [-3, 3]]) {
    plotly.shown = shown;
    plot.draw(() => drawing("heatmap"));
    await frames.pass();
  }
  const [x, y] = [[...request.x], [...request.y]];
  expect(plotly.relayouts).toMatchObject([{ "xaxis.range": x, "yaxis.range": y }]);
});

it("takes away the cross of one kind before it draws another", async () => {
  const { plot, plotly } = set();
  for (const kind of ["contour", "contour", "heatmap"] as const) {
    plot.draw(() => drawing(kind));
    await frames.pass();
  }
  expect(plotly.hovers).toEqual([null]);
});

it("tells what went wrong, and draws the next", async () => {
  const { plot, plotly, drawn, failed } = set();
  plotly.broken = new Error("no memory");
  plot.draw(() => drawing());
  await frames.pass();
  expect(failed).toHaveBeenCalledWith(plotly.broken);
  expect(drawn).not.toHaveBeenCalled();
  plotly.broken = null;
  plot.draw(() => drawing());
  await frames.pass();
  expect(drawn).toHaveBeenCalledOnce();
});

it("draws no more once it is purged", async () => {
  const { plot, plotly, drawn } = set();
  plot.draw(() => drawing());
  await frames.pass();
  plot.purge();
  plot.draw(() => drawing());
  await frames.pass();
  expect([plotly.drawings.length, plotly.purged, drawn.mock.calls.length]).toEqual([1, 1, 1]);
});

it("brings plotly's style rules into a shadow root, once", async () => {
  const style = document.head.appendChild(document.createElement("style"));
  style.id = "plotly.js-style-global";
  style.textContent = ".js-plotly-plot .plotly svg { overflow: hidden; }";
  const root = document.body
    .appendChild(document.createElement("div"))
    .attachShadow({ mode: "open" });
  for (const _ of [1, 2]) {
    const { plot } = set(root.appendChild(document.createElement("div")));
    plot.draw(() => drawing());
    await frames.pass();
  }
  const copies = root.querySelectorAll("style");
  expect(copies).toHaveLength(1);
  expect(copies[0]?.textContent).toContain(".js-plotly-plot .plotly svg");
});
