// @vitest-environment happy-dom
import type { Host } from "@anywidget/types";
import { signal } from "@preact/signals-core";
import { afterEach, expect, it, vi } from "vitest";
import type { Plotly } from "../src/plotly";
import type { Store } from "../src/store";
import landscape from "../src/widget";
import { fakeModel } from "./fake-model";
import { encoded, firstLevel, patchMessage, surfaceMessage } from "./messages";

interface DrawnView {
  readonly store: Store;
  readonly load: () => Promise<Plotly>;
  readonly signal: AbortSignal;
  readonly drawn: (generation: number, revision: number) => void;
  readonly failed: { value: string | null };
}

const views: DrawnView[] = [];
const problems: { value: string | null }[] = [];

vi.mock("../src/face/face", () => ({
  createFace() {
    const problem = signal<string | null>(null);
    problems.push(problem);
    const [root, picture] = [document.createElement("div"), document.createElement("div")];
    root.append(picture);
    return { root, picture, problem, printer: signal(null) };
  },
}));
vi.mock("../src/picture/picture", () => ({
  createPicture(
    _node: HTMLElement,
    store: Store,
    load: DrawnView["load"],
    ending: AbortSignal,
    drawn: DrawnView["drawn"],
  ) {
    const failed = signal<string | null>(null);
    views.push({ store, load, signal: ending, drawn, failed });
    return { failed };
  },
}));

afterEach(() => {
  views.length = 0;
  problems.length = 0;
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

interface Library {
  readonly exports: { load(): Promise<Plotly> };
}

/** A library widget that comes, or doesn't, when told. */
function slowLibrary() {
  let settle: { resolve(library: Library): void; reject(error: Error): void } | null = null;
  const widget = new Promise<Library>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return {
    widget,
    resolve: (library: Library) => settle?.resolve(library),
    reject: (error: Error) => settle?.reject(error),
  };
}

function setUp() {
  const model = fakeModel();
  const widget = landscape();
  const ending = new AbortController();
  const library = slowLibrary();
  const getWidget = vi.fn(() => library.widget);
  const host = { getWidget } as unknown as Host;
  const experimental = { invoke: vi.fn() };
  widget.initialize({ model, signal: ending.signal, experimental });
  const render = () => {
    const closing = new AbortController();
    const el = document.body.appendChild(document.createElement("div"));
    widget.render({ model, el, host, signal: closing.signal, experimental });
    const view = views.at(-1) as DrawnView;
    return { el, view, close: () => closing.abort() };
  };
  const say = (...message: [object, DataView[]]) => model.emit("msg:custom", ...message);
  const acks = () => model.sent.filter((message) => message.kind === "ack");
  return { model, widget, render, say, acks, library, getWidget, ending };
}

it("initializes without a promise and without the library", () => {
  const { widget, getWidget, model } = setUp();
  const props = { model, signal: new AbortController().signal, experimental: { invoke: vi.fn() } };
  expect(widget.initialize(props)).toBeUndefined();
  expect(getWidget).not.toHaveBeenCalled();
});

it("shows a face while the library is still on its way", async () => {
  const { render, library, getWidget } = setUp();
  const { el, view } = render();
  expect(el.children).toHaveLength(1);
  const loaded = view.load();
  expect(getWidget).toHaveBeenCalledExactlyOnceWith("anywidget:library");
  const plotly = {} as Plotly;
  library.resolve({ exports: { load: () => Promise.resolve(plotly) } });
  expect(await loaded).toBe(plotly);
});

it("tells the picture why the library can't be had, and the face why there is no picture", async () => {
  const { render, library } = setUp();
  const { view } = render();
  library.reject(new Error("No binding found for widget"));
  await expect(view.load()).rejects.toThrow(/No binding found/);
  view.failed.value = "plotly.js could not be loaded";
  expect(problems.at(-1)?.value).toBe("plotly.js could not be loaded");
});

it("shares one store between two views", () => {
  const { render } = setUp();
  const [first, second] = [render(), render()];
  expect(first.view.store).toBe(second.view.store);
  first.view.store.change({ metric: "accuracy" });
  expect(second.view.store.request.value.metric).toBe("accuracy");
});

it("keeps apart the stores of two models", () => {
  const [one, other] = [setUp().render(), setUp().render()];
  expect(one.view.store).not.toBe(other.view.store);
});

it("acknowledges once, when the first of two views has drawn", () => {
  const { render, say, acks } = setUp();
  const [first, second] = [render(), render()];
  say(...encoded(surfaceMessage()));
  say(...encoded(patchMessage(firstLevel)));
  expect(acks()).toEqual([]);
  second.view.drawn(1, 1);
  first.view.drawn(1, 1);
  expect(acks()).toHaveLength(2);
});

it("acknowledges at once in a hidden page", () => {
  vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  const { render, say, acks } = setUp();
  render();
  say(...encoded(surfaceMessage()));
  expect(acks()).toHaveLength(1);
});

it("acknowledges at once when its only view is out of the document, or gone", () => {
  const { render, say, acks } = setUp();
  const { el, close } = render();
  el.remove();
  say(...encoded(surfaceMessage()));
  expect(acks()).toHaveLength(1);
  document.body.append(el);
  say(...encoded(patchMessage(firstLevel)));
  expect(acks()).toHaveLength(1);
  close();
  expect(acks()).toHaveLength(2);
});

it("empties the node of a view that is gone, which JupyterLab keeps", () => {
  const { el, close } = setUp().render();
  expect(el.childNodes.length).toBeGreaterThan(0);
  close();
  expect(el.childNodes).toHaveLength(0);
});

it("ends a view with its signal and leaves the model's store alive", () => {
  const { render, say } = setUp();
  const { view, close } = render();
  close();
  expect(view.signal.aborted).toBe(true);
  say(...encoded(surfaceMessage()));
  expect(view.store.surface.value).not.toBeNull();
});
