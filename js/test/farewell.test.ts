import { expect, it, vi } from "vitest";
import { forgetAtEnd } from "../src/kernel/farewell";
import { fakeModel } from "./fake-model";

function closing(model: ReturnType<typeof fakeModel>) {
  const line = { on_msg: vi.fn(), on_close: vi.fn() };
  model.emit("destroy", { comm: line });
  return line;
}

it("has the line of a closed model call nothing of it any more", () => {
  const model = fakeModel();
  forgetAtEnd(model);
  const { on_msg, on_close } = closing(model);
  expect([on_msg.mock.calls.length, on_close.mock.calls.length]).toEqual([1, 1]);
  for (const [run] of [...on_msg.mock.calls, ...on_close.mock.calls]) expect(run()).toBeUndefined();
});

it("and that of its layout, which ipywidgets makes beside it", () => {
  const layout = fakeModel();
  const model = { ...fakeModel(), get: (name: string) => (name === "layout" ? layout : undefined) };
  forgetAtEnd(model);
  expect(closing(layout).on_close).toHaveBeenCalledOnce();
});

it("lets a model go that has neither, as in marimo", () => {
  const model = fakeModel();
  forgetAtEnd(model);
  expect(() => model.emit("destroy")).not.toThrow();
});
