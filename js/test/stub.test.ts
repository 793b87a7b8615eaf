// Is a widget up at once, and does all that is heavy come from the library when it is first seen?

import { expect, it, vi } from "vitest";
import { stub } from "../src/modules/stub";
import { fakeModel } from "./fake-model";

function setUp(name: "landscape" | "comparison" = "landscape", failures = 0) {
  const inner = { initialize: vi.fn(), render: vi.fn() };
  const other = { initialize: vi.fn(), render: vi.fn() };
  const library = { [name]: vi.fn(() => inner), ...otherOf(name, other) };
  const getWidget = vi.fn(async () => {
    if (getWidget.mock.calls.length <= failures) throw new Error("Timed out waiting for widget");
    return { exports: library };
  });
  const life = new AbortController();
  const model = fakeModel();
  const widget = stub(name);
  widget.initialize({ model, signal: life.signal } as never);
  const render = (signal = new AbortController().signal) => {
    const el = { textContent: "" };
    const props = { model, el, host: { getWidget }, signal };
    return { el, props, done: widget.render(props as never) };
  };
  return { inner, other, library, getWidget, life, model, render };
}

function otherOf(name: string, other: object) {
  return { [name === "landscape" ? "comparison" : "landscape"]: () => other };
}

it("does nothing until it is seen", () => {
  const { library, model } = setUp();
  expect(library.landscape).not.toHaveBeenCalled();
  expect(model.sent).toEqual([]);
});

it.each(["landscape", "comparison"] as const)("makes one %s for all views", async (name) => {
  const { inner, other, library, getWidget, model, life, render } = setUp(name);
  const [first, second] = [render(), render()];
  await Promise.all([first.done, second.done]);
  expect(getWidget).toHaveBeenCalledWith("anywidget:library");
  expect(library[name]).toHaveBeenCalledTimes(1);
  expect(inner.initialize).toHaveBeenCalledExactlyOnceWith({ model, signal: life.signal });
  expect(inner.render.mock.calls).toEqual([[first.props], [second.props]]);
  expect(other.render).not.toHaveBeenCalled();
});

it("waits again where a busy machine is late", async () => {
  const { inner, render } = setUp("landscape", 3);
  await render().done;
  expect(inner.render).toHaveBeenCalledTimes(1);
});

it("says why nothing is shown when the library doesn't come", async () => {
  const { inner, getWidget, render } = setUp("landscape", Number.POSITIVE_INFINITY);
  const { el, done } = render();
  await expect(done).rejects.toThrow("Timed out");
  expect(el.textContent).toBe(
    "The landscape's library did not come (Timed out waiting for widget). Run the cell again.",
  );
  expect(getWidget).toHaveBeenCalledTimes(6);
  expect(inner.render).not.toHaveBeenCalled();
});

it("shows nothing in a view that is gone", async () => {
  const { inner, render } = setUp();
  const gone = new AbortController();
  const { done } = render(gone.signal);
  gone.abort();
  await done;
  expect(inner.render).not.toHaveBeenCalled();
});
