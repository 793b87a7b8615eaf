// Does each map keep its own cells, and is what holds the metric asked for what a person looks at?

import { expect, test } from "vitest";
import type { PatchMessage } from "../src/protocol";
import { mapsOf } from "../src/store/known";
import { columns, emptyMap, mapMessage } from "./curvature";
import { fakeStore, request, surfaceMessage } from "./fake-store";
import { path } from "./messages";

const bowl = (x: number, y: number) => x * x + y * y;
const asked = { ...request, resolution: [5, 5] as const };
const saddle = (x: number, y: number) => x - y - 3;

const patch: PatchMessage = {
  kind: "patch",
  map: "curvature",
  generation: 1,
  sequence: 3,
  level: -1,
  preview: 0,
  cells: Int32Array.of(0),
  values: Float32Array.of(0.25, 8, -2, 0.001),
  errors: new Float32Array(4).fill(Number.NaN),
  states: Uint8Array.of(1),
};

test("the metric decides which surface is seen", () => {
  const store = fakeStore({ request: asked });
  store.arrive(surfaceMessage(9, bowl, { sequence: 1 }));
  store.arrive(mapMessage(saddle));
  expect(store.surface.value).toMatchObject({ map: null, level: 0 });
  expect(store.surface.value?.x).toHaveLength(9);
  store.change({ metric: "curvature_min" });
  expect(store.surface.value).toMatchObject({ map: "curvature", level: 0 });
  expect(store.surface.value?.x).toHaveLength(5);
  store.change({ metric: "accuracy" });
  expect(store.surface.value?.map).toBeNull();
});

test("a patch grows its own map and nothing else", () => {
  const store = fakeStore({ request: asked });
  store.arrive(surfaceMessage(5, bowl, { sequence: 1 }));
  store.arrive(emptyMap());
  const picture = store.surface.value;
  expect(store.arrive(patch)).toMatchObject({ applied: true, incomplete: false });
  expect(store.surface.value).toBe(picture);
  store.change({ metric: "curvature" });
  expect([...(store.surface.value?.values ?? [])].map((values) => values[0])).toEqual([
    0.25,
    8,
    -2,
    expect.closeTo(0.001),
  ]);
});

test("messages are numbered through: one that is missing is missed, whichever surface it was of", () => {
  const store = fakeStore({ request: asked });
  store.arrive(surfaceMessage(5, bowl, { sequence: 1 }));
  store.arrive(emptyMap());
  expect(store.arrive({ ...patch, sequence: 4 }).incomplete).toBe(true);
  expect(store.arrive({ ...patch, sequence: 5 }).incomplete).toBe(false);
  expect(store.arrive({ ...patch, map: "sharpness of others", sequence: 6 })).toMatchObject({
    applied: false,
    incomplete: true,
  });
});

test("a map is up to date though its grid and samples are its own", () => {
  const store = fakeStore({ request: { ...request, metric: "curvature" } });
  store.arrive(surfaceMessage(51, bowl, { sequence: 1 }));
  store.arrive(mapMessage(saddle));
  expect(store.previous.value).toBe(false);
  store.change({ samples: 100 });
  expect(store.previous.value).toBe(false);
  store.change({ x: [-2, 2] });
  expect(store.previous.value).toBe(true);
});

test("the old map stays, as the one before, until the new one's first level is there", () => {
  const store = fakeStore({ request: { ...asked, metric: "curvature" } });
  store.arrive(surfaceMessage(5, bowl, { sequence: 1 }));
  store.arrive(mapMessage(saddle));
  const next = { generation: 2, sequence: 4 };
  store.arrive(surfaceMessage(5, bowl, { generation: 2, sequence: 3 }));
  expect(store.previous.value).toBe(false);
  store.arrive(emptyMap(next));
  expect([store.surface.value?.generation, store.previous.value]).toEqual([1, true]);
  store.arrive(mapMessage(saddle, { ...next, sequence: 5 }));
  expect([store.surface.value?.generation, store.previous.value]).toEqual([2, false]);
});

test("training goes over a map as over the picture, unmeasured", () => {
  const store = fakeStore({ request: { ...asked, metric: "curvature" } });
  store.arrive(mapMessage(saddle));
  expect(store.surface.value?.path).toBeNull();
  store.arrive(surfaceMessage(5, bowl, { sequence: 3, path }));
  expect(store.surface.value?.path).toMatchObject({ size: 3, values: [] });
  expect(store.surface.value?.metrics).toEqual(columns);
});

test("a map of an older picture has no path of the newer one", () => {
  const store = fakeStore({ request: { ...asked, metric: "curvature" } });
  store.arrive(mapMessage(saddle));
  store.arrive(surfaceMessage(5, bowl, { generation: 2, sequence: 3, path }));
  expect(store.surface.value?.path).toBeNull();
});

test("all maps there are, as they are now", () => {
  const store = fakeStore({ request: asked });
  expect(mapsOf(store.known.value)).toEqual([]);
  store.arrive(surfaceMessage(5, bowl, { sequence: 1 }));
  store.arrive(emptyMap());
  expect(mapsOf(store.known.value)).toMatchObject([{ map: "curvature", level: -1 }]);
});
