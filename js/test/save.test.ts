// @vitest-environment happy-dom
// Does each entry of the menu save what it says, and say why where it can't?

import { signal } from "@preact/signals-core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ButtonOptions } from "../src/controls/button";
import { createSaving } from "../src/face/save";
import type { Printer } from "../src/picture/picture";
import { LIGHT } from "../src/picture/theme";
import { fakeStore, request, surfaceMessage } from "./fake-store";

const life = { now: new AbortController() };
const saved: { readonly name: string; readonly content: Blob }[] = [];

beforeEach(() => {
  const contents: Blob[] = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((content) => {
    contents.push(content as Blob);
    return "blob:here";
  });
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    saved.push({ name: this.download, content: contents.at(-1) as Blob });
  });
});

afterEach(() => {
  life.now.abort();
  life.now = new AbortController();
  saved.length = 0;
  vi.restoreAllMocks();
});

const printer: Printer = {
  theme: signal(LIGHT),
  image: async () => document.createElement("canvas"),
  vector: async () => ({ width: 300, height: 200, markup: '<g id="ground"/>' }),
};

function opened(now: Printer | null = printer) {
  const store = fakeStore({ request: { ...request, name: "bowl" } });
  store.arrive(surfaceMessage(2, (x, y) => x * x + y * y));
  store.connection.value = "live";
  const said: string[] = [];
  const items = createSaving(store, signal(now), (words) => said.push(words), life.now.signal);
  const item = (label: string) =>
    items.find((one) => "label" in one && one.label === label) as ButtonOptions;
  const press = async (label: string) => {
    await (item(label).press() as unknown as Promise<void>);
  };
  return { store, said, press, can: (label: string) => item(label).enabled?.() ?? true };
}

test("the picture is saved as an SVG, its words around it", async () => {
  const { press } = opened();
  await press("picture, SVG");
  expect(saved.map(({ name }) => name)).toEqual(["bowl.svg"]);
  const text = await saved[0]?.content.text();
  expect(text).toContain('<g id="ground"/>');
  expect(text).toContain("bowl: loss");
  expect(text).toContain("direction 1: random, seed 0");
});

test("the values are saved as a table", async () => {
  const { press } = opened();
  await press("values, CSV");
  expect(saved[0]?.name).toBe("bowl.csv");
  expect(await saved[0]?.content.text()).toMatch(/^x,y,point,state,loss,/);
});

test("the page is asked of the kernel, and saved when it comes, by who asked", async () => {
  const [asking, other] = [opened(), opened()];
  await asking.press("page, HTML");
  expect(asking.store.acted).toEqual([{ kind: "page" }]);
  for (const { store } of [asking, other]) store.page.value = new DataView(new ArrayBuffer(5));
  expect(saved.map(({ name, content }) => [name, content.size])).toEqual([["bowl.html", 5]]);
});

test("without a kernel all but the page can be saved", () => {
  const { store, can } = opened();
  store.connection.value = "saved";
  expect(can("page, HTML")).toBe(false);
  for (const label of ["picture, PNG 2×", "picture, PNG 4×", "picture, SVG", "values, CSV"]) {
    expect(can(label)).toBe(true);
  }
});

test("before a picture stands there only the values can be saved", () => {
  const { can } = opened(null);
  expect(can("picture, PNG 2×")).toBe(false);
  expect(can("values, CSV")).toBe(true);
});

test("what fails says why", async () => {
  const failing = { ...printer, vector: () => Promise.reject(new Error("no WebGL")) };
  const { press, said } = opened(failing);
  await press("picture, SVG");
  expect(said).toEqual(["no WebGL"]);
  expect(saved).toEqual([]);
});

test("while the values are covered nothing can be saved", () => {
  const { store, can } = opened();
  store.receive({ covered: true });
  expect(can("values, CSV")).toBe(false);
  expect(can("picture, SVG")).toBe(false);
});
