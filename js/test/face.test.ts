// @vitest-environment happy-dom
// Does the whole face tell what the store knows, and do its buttons act?

import { afterEach, beforeEach, expect, test } from "vitest";
import { EXACT, INTERPOLATED, PREVIEW } from "../src/cell-state";
import { createFace, type Face } from "../src/face/face";
import { hints } from "../src/face/hints";
import { readingPieces } from "../src/face/readout";
import type { Initial } from "../src/store";
import type { Reading } from "../src/surface";
import { emptyMap, mapMessage, mapStatus, withCurvature } from "./curvature";
import { type FakeStore, fakeStore, request, status, surfaceMessage } from "./fake-store";
import { path } from "./messages";

const SEEN = Symbol.for("landscape-widget.hints");
const bowl = (x: number, y: number) => x * x + y * y;
let store: FakeStore;
let face: Face;
let life: AbortController;

beforeEach(() => {
  Reflect.set(globalThis, SEEN, true);
  life = new AbortController();
});

afterEach(() => {
  life.abort();
  document.body.replaceChildren();
});

function build(changes: Partial<Initial> = {}): void {
  store = fakeStore({ request: { ...request, resolution: [5, 5] }, ...changes });
  face = createFace(store, life.signal);
  document.body.append(face.root);
}

function visible(label: string): HTMLButtonElement | undefined {
  return [...face.root.querySelectorAll("button")].find(
    (node) =>
      !node.hidden && (node.textContent === label || node.getAttribute("aria-label") === label),
  );
}

const text = (selector: string) => face.root.querySelector(selector)?.textContent;

test("the root says in data what is on screen", () => {
  build();
  expect(face.root.dataset).toMatchObject({
    phase: "computing",
    connection: "live",
    generation: "-1",
    level: "-1",
    known: "0",
  });
  store.arrive(surfaceMessage(5, bowl));
  expect(face.root.dataset).toMatchObject({
    generation: "1",
    level: "0",
    known: "25",
    kind: "surface",
    state: "coarse",
  });
});

test("pause makes room for resume, and focus goes along", () => {
  build();
  visible("pause")?.focus();
  visible("pause")?.click();
  store.status.value = { ...status, phase: "paused" };
  expect(visible("pause")).toBeUndefined();
  expect(document.activeElement).toBe(visible("resume"));
  visible("resume")?.click();
  store.status.value = status;
  visible("stop")?.click();
  store.status.value = { ...status, phase: "done" };
  visible("refine further")?.click();
  expect(store.acted).toEqual([
    { kind: "pause" },
    { kind: "resume" },
    { kind: "stop" },
    { kind: "refine_further" },
  ]);
});

test("a failure shows its message in one line, the traceback folded, and can be tried again", () => {
  build({
    status: { ...status, phase: "failed" },
    error: { message: "ValueError: expected [3]", traceback: "Traceback\n  line 4" },
  });
  expect(text(".lw-sentence")).toBe("ValueError: expected [3]");
  expect(face.root.querySelector(".lw-message")?.getAttribute("data-level")).toBe("wrong");
  expect(face.root.querySelector("pre")?.hidden).toBe(true);
  visible("traceback")?.click();
  expect(face.root.querySelector("pre")?.hidden).toBe(false);
  expect(text(".lw-message pre")).toBe("Traceback\n  line 4");
  visible("try again")?.click();
  expect(store.acted).toEqual([{ kind: "retry" }]);
});

test("flat ground can be widened, cells that are all NaN get an automatic range", () => {
  build({ status: { ...status, phase: "done" } });
  store.arrive(surfaceMessage(5, () => 1));
  visible("widen")?.click();
  expect(store.request.value).toMatchObject({ x: [-10, 10], y: [-10, 10] });
  store.undo();
  store.arrive(surfaceMessage(5, () => Number.NaN, { generation: 2 }));
  visible("auto range")?.click();
  expect(store.acted).toEqual([{ kind: "auto_range", factor: 10 }]);
  expect(face.root.dataset.picture).toBe("hatched");
});

test("why the picture isn't the one asked for is said", () => {
  build();
  face.problem.value = "This browser offers no WebGL, so the surface is shown as contours.";
  expect(text(".lw-sentence")).toBe(
    "This browser offers no WebGL, so the surface is shown as contours.",
  );
});

test("a cell is read with both its errors", () => {
  build();
  store.arrive(surfaceMessage(5, bowl));
  expect(text(".lw-readout")).toBe("point at the picture to read a cell");
  store.reading.value = {
    coordinates: [0.5, -1],
    value: 1.25,
    known: "exact" as const,
    samples: 1797,
    standardError: 0,
    populationError: 0.004,
    distance: 10.1,
    label: null,
    residual: null,
  };
  const said = [...face.root.querySelectorAll(".lw-readout > span")].map(
    (node) => node.textContent,
  );
  expect(said).toEqual([
    "loss 1.25",
    "exact on these data",
    "± 0.004 beyond them",
    "at 0.5, −1",
    "10.1 from the origin",
  ]);
});

test("a labelled point says its name, a percentage its unit, a subset its error", () => {
  const pieces = readingPieces(
    {
      coordinates: [0],
      value: 97.25,
      known: "exact" as const,
      samples: 1797,
      standardError: 0.3,
      populationError: Number.NaN,
      distance: 0,
      label: "origin",
      residual: null,
    },
    "accuracy",
    "%",
  ).map(({ text }) => text);
  expect(pieces.slice(0, 3)).toEqual([
    "origin: accuracy 97.25 %",
    "± 0.3 on these data",
    "± ? beyond them",
  ]);
});

test("what isn't measured has no error and says so, a preview says on how many samples", () => {
  const reading = {
    coordinates: [0.5],
    value: 1.25,
    samples: 0,
    standardError: Number.NaN,
    populationError: Number.NaN,
    distance: 1,
    label: null,
    residual: null,
  };
  const said = (changes: Partial<Reading>) =>
    readingPieces({ ...reading, known: "interpolated", ...changes }, "loss", "")
      .map(({ text }) => text)
      .join(" · ");
  expect(said({})).toBe("loss 1.25 · interpolated, not measured · at 0.5 · 1 from the origin");
  expect(said({ known: "unknown", value: Number.NaN })).toContain("loss NaN · not measured yet");
  const preview = {
    known: "preview",
    samples: 64,
    standardError: 0.1,
    populationError: 0.2,
  } as const;
  expect(said(preview)).toContain(
    "preview on 64 samples · ± 0.1 on these data · ± 0.2 beyond them",
  );
});

test("the root counts exact cells: no preview, and nothing interpolated", () => {
  build();
  const states = new Uint8Array(26).fill(EXACT);
  states.set([PREVIEW, INTERPOLATED]);
  store.arrive(surfaceMessage(5, bowl, { states, preview: 64 }));
  expect(face.root.dataset.known).toBe("23");
  expect(face.picture.getAttribute("aria-label")).toContain(
    ", interpolated between 24 of 25 cells, preview: 64 of 1,797 samples. ",
  );
});

test("the picture says in words what it shows, and how it is moved", () => {
  build();
  const label = () => face.picture.getAttribute("aria-label");
  expect(label()).toBe("Surface of loss, nothing finite known yet. Arrow keys rotate it.");
  store.arrive(surfaceMessage(5, (x, y) => (x + y > 1 ? Number.NaN : x * x)));
  store.change({ kind: "contour" });
  expect(label()).toBe(
    "Contour plot of loss, from 0 at 0, −1 to 1, 3 cells not finite. Arrow keys move the crosshair from cell to cell.",
  );
});

test("three hints, one after the other, once a page", () => {
  Reflect.deleteProperty(globalThis, SEEN);
  build();
  const hint = () => face.root.querySelector<HTMLElement>(".lw-hint");
  expect(hint()?.hidden).toBe(true);
  store.arrive(surfaceMessage(5, bowl));
  for (const sentence of hints("surface")) {
    expect(hint()?.textContent).toContain(sentence);
    visible("got it")?.click();
  }
  expect(hint()?.hidden).toBe(true);
  face.root.remove();
  build();
  store.arrive(surfaceMessage(5, bowl));
  expect(hint()?.hidden).toBe(true);
});

test("help explains each normalization in the sentence that came with it", () => {
  build();
  for (const { label, hint } of store.choices.value.normalizations) {
    const word = [...face.root.querySelectorAll("dt")].find((node) => node.textContent === label);
    expect(word?.nextElementSibling?.textContent).toBe(hint);
  }
});

test("every piece of the status can be focused and explains itself", () => {
  build();
  const pieces = [...face.root.querySelectorAll(".lw-piece")];
  expect(pieces.length).toBeGreaterThan(4);
  for (const piece of pieces) {
    expect(piece.getAttribute("tabindex")).toBe("0");
    expect(piece.getAttribute("aria-description")).toBeTruthy();
  }
});

test("nothing uses title, and every button has a name", () => {
  build();
  expect(face.root.querySelector("[title]")).toBeNull();
  for (const node of face.root.querySelectorAll("button")) {
    expect(node.getAttribute("aria-label") ?? node.textContent).toBeTruthy();
  }
});

test("what is pointed at on the path is read as a checkpoint", () => {
  build();
  store.arrive(surfaceMessage(5, bowl, { path }));
  store.visited.value = 1;
  expect(text(".lw-readout")).toContain("epoch 1, step 10");
  expect(text(".lw-readout")).toContain("loss 1");
  store.visited.value = null;
  expect(text(".lw-readout")).not.toContain("epoch");
  expect(face.picture.getAttribute("aria-label")).toContain("with the path of 3 checkpoints");
});

test("the barrier of the line that is drawn is told in the status", () => {
  build();
  const barrier = {
    ...{ height: 0.42, at: 0.47, is_monotone: true, rise: 0, rise_at: null },
    missing: 0,
    metric: "loss",
  };
  store.arrive(surfaceMessage(5, bowl, { dimensions: 1 }));
  store.status.value = { ...status, barrier };
  expect(text(".lw-pieces")).toContain("barrier 0.42 at 0.47; monotone");
  store.status.value = { ...status, barrier, generation: 2 };
  expect(text(".lw-pieces")).not.toContain("barrier");
});

test("a map that is chosen before it is measured has its promise in the picture's place", () => {
  build({ choices: withCurvature });
  const waiting = () => face.root.querySelector<HTMLElement>(".lw-waiting");
  store.status.value = { ...status, maps: [mapStatus] };
  store.arrive(surfaceMessage(5, bowl, { sequence: 1 }));
  store.arrive(emptyMap());
  expect(waiting()?.hidden).toBe(true);
  store.change({ metric: "curvature" });
  expect(waiting()?.hidden).toBe(false);
  expect(text(".lw-waiting-name")).toBe("|λ_min/λ_max|");
  expect(waiting()?.textContent).toContain("5×5 cells on 256 samples, about 2 min");
  expect(waiting()?.querySelector<HTMLElement>("[role=progressbar]")?.hidden).toBe(true);
  const measuring = { ...mapStatus, phase: "measuring" as const, known: 5, remaining: 80 };
  store.status.value = { ...status, maps: [measuring] };
  expect(waiting()?.textContent).toContain("curvature: 5 of 25 cells, about 1 min left");
  const bar = waiting()?.querySelector("[role=progressbar]");
  expect(bar?.getAttribute("aria-valuenow")).toBe("20");
  store.arrive(mapMessage(() => -1, { sequence: 3 }));
  expect(waiting()?.hidden).toBe(true);
  expect(face.root.dataset).toMatchObject({ level: "0", known: "25" });
});
