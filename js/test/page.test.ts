// @vitest-environment happy-dom
import { expect, it, vi } from "vitest";
import { createPanel } from "../src/face/panel";
import { NO_KERNEL } from "../src/face/still";
import { openSession, type Traits } from "../src/kernel/sync";
import { type Saved, standIn } from "../src/page/stand-in";
import { withoutKernel } from "../src/page/without-kernel";
import { stateOf } from "../src/words/states";
import { fakeModel } from "./fake-model";
import { choices, request, status } from "./messages";

const saved: Saved = {
  ...request,
  status,
  error: null,
  choices,
  sharpness: null,
  snapshot: "",
  snapshots: { curvature: btoa("\u0001\u00ff\u0000") },
  inscription: "",
  _library: "",
};

function setUp() {
  const signal = new AbortController().signal;
  const model = standIn({ ...saved, snapshots: {} });
  const send = vi.spyOn(model, "send");
  const session = openSession(model, signal);
  return { signal, model, send, session, store: withoutKernel(session.store) };
}

it("keeps bytes as they were", () => {
  const { snapshot, snapshots } = tell(standIn(saved), "snapshot", "snapshots");
  expect(snapshot.byteLength).toBe(0);
  const bytes = snapshots.curvature as DataView;
  expect([0, 1, 2].map((at) => bytes.getUint8(at))).toEqual([1, 255, 0]);
});

it("tells a listener of a change until it leaves", () => {
  const model = standIn({ ...saved, snapshots: {} });
  const heard = vi.fn();
  model.on("change:kind", heard);
  model.set("kind", "heatmap");
  model.off("change:kind", heard);
  model.set("kind", "contour");
  expect(heard).toHaveBeenCalledOnce();
  expect(model.get("kind")).toBe("contour");
});

it("never waits for a kernel", () => {
  vi.useFakeTimers();
  const { session } = setUp();
  session.store.change({ kind: "heatmap" });
  vi.advanceTimersByTime(60_000);
  expect(session.store.connection.value).toBe("live");
  vi.useRealTimers();
});

it("changes the view, and nothing that would have to be computed", () => {
  const { store } = setUp();
  store.change({ kind: "heatmap", x: [-9, 9] });
  expect(store.request.value.kind).toBe("heatmap");
  expect(store.request.value.x).toEqual(request.x);
  store.undo();
  expect(store.request.value.kind).toBe(request.kind);
  store.change({ resolution: [3, 3] });
  store.preview({ samples: 1 });
  expect(store.canUndo.value).toBe(false);
  expect(store.request.value.samples).toBe(request.samples);
});

it("asks nobody for anything", () => {
  const { store, send } = setUp();
  send.mockClear();
  store.act({ kind: "pause" });
  expect(send).not.toHaveBeenCalled();
});

it("shows what is computed, disabled and with the reason", () => {
  const { store, signal } = setUp();
  const panel = createPanel(store, signal);
  const groups = [...panel.querySelectorAll<HTMLFieldSetElement>("fieldset")];
  expect(groups).toHaveLength(2);
  for (const group of groups) {
    expect(group.disabled).toBe(true);
    expect(group.textContent).toContain(NO_KERNEL);
  }
  const thumbs = [...panel.querySelectorAll("fieldset [role=slider]")];
  expect(thumbs.length).toBeGreaterThan(0);
  for (const thumb of thumbs) {
    expect(thumb.getAttribute("aria-disabled")).toBe("true");
    expect(thumb.hasAttribute("tabindex")).toBe(false);
  }
});

it("disables nothing where there is a kernel", () => {
  const signal = new AbortController().signal;
  const { store } = openSession(fakeModel(), signal);
  expect(
    createPanel(store, signal).querySelector("fieldset, [aria-disabled=true].lw-thumb"),
  ).toBeNull();
});

it("says when it was saved, and offers nothing to press", () => {
  const situation = { status, surface: null, metric: -1, previous: false, error: null };
  const state = stateOf({ ...situation, connection: "page", heard: null, problem: null });
  expect(state).toMatchObject({
    name: "page",
    sentence: "saved before anything was computed",
    buttons: [],
    picture: "empty",
  });
});

function tell<Name extends keyof Traits & string>(
  model: ReturnType<typeof standIn>,
  ...names: readonly Name[]
): Pick<Traits, Name> {
  return Object.fromEntries(names.map((name) => [name, model.get(name)])) as Pick<Traits, Name>;
}
