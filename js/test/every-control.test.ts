// @vitest-environment happy-dom
// Has every control, in whatever widget, a name, a role, a sentence, and an entry in the help?

import { afterEach, expect, test } from "vitest";
import { createFace } from "../src/face/face";
import { requestNames } from "../src/protocol";
import type { Initial } from "../src/store";
import { chapters } from "../src/words/chapters";
import { GROUPS } from "../src/words/definitions";
import definitions from "../src/words/definitions.json";
import { mapMessage, withCurvature } from "./curvature";
import { choices, fakeStore, request, status, surfaceMessage } from "./fake-store";
import { path } from "./messages";

const life = { now: new AbortController() };

afterEach(() => {
  life.now.abort();
  life.now = new AbortController();
  document.body.replaceChildren();
});

const bowl = (x: number, y: number) => x * x + y * y;
const [first] = request.directions;
const preset = { key: "paper", label: "as in the paper", hint: "As drawn.", changes: {} };
const frozen = { key: "frozen" as const, label: "frozen", hint: "As they are." };
const towards = ["given 0", "given 0"].map((key) => ({ key, seed: 0, normalization: null }));

/** Name → what the widget is told, and how many directions there are. */
const CONFIGURATIONS: Readonly<Record<string, Partial<Initial>>> = {
  "a plane": { choices: { ...choices, presets: [{ ...preset, fits: false }] } },
  "a line": { request: { ...request, directions: first ? [first] : [], kind: "line" } },
  "a path": { choices: { ...choices, has_trajectory: true } },
  BatchNorm: {
    request: { ...request, batch_norm: "frozen" },
    choices: { ...choices, batch_norms: [frozen] },
  },
  "three models": { request: { ...request, directions: towards } },
  "a turned axis": { request: { ...request, third: first ?? null, rotation: 30 } },
  maps: { choices: withCurvature, request: { ...request, metric: "curvature" } },
  "a failure": {
    status: { ...status, phase: "failed" },
    error: { message: "ValueError: no", traceback: "Traceback" },
  },
  "a lesson": {
    request: {
      ...request,
      pins: [{ x: 0, y: 0, text: "here" }],
      steps: [
        { caption: "first", view: { kind: "contour" } },
        { caption: "then", view: { kind: "surface" } },
      ],
      step: 0,
    },
  },
  "a covered picture": { request: { ...request, covered: true, cuts: true } },
  paused: { status: { ...status, phase: "paused" } },
  done: { status: { ...status, phase: "done" } },
};

const ACTIVE =
  "button, input, select, textarea, summary, [role=slider], [tabindex]:not([tabindex='-1'])";
/** What is read and not set: it explains itself, or stands in the help. */
const READ =
  ".lw-picture, .lw-piece, .lw-fact, .lw-name, .lw-readout span, .lw-finding summary, figcaption, pre, .lw-help *, .lw-hint *, td";

function build(changes: Partial<Initial>): HTMLElement {
  const store = fakeStore(changes);
  const dimensions = store.request.peek().directions.length === 1 ? 1 : 2;
  const isPath = store.choices.peek().has_trajectory;
  store.arrive(surfaceMessage(5, bowl, { dimensions, path: isPath ? path : null }));
  if (store.request.peek().metric === "curvature") store.arrive(mapMessage(bowl, { sequence: 1 }));
  const { root } = createFace(store, life.now.signal);
  document.body.replaceChildren(root);
  return root;
}

/** Unfolded, so that only what this widget has no use for stays hidden. */
function controls(root: HTMLElement): readonly HTMLElement[] {
  for (const node of root.querySelectorAll<HTMLElement>("[aria-expanded='false']")) node.click();
  return [...root.querySelectorAll<HTMLElement>(ACTIVE)].filter(
    (node) => !node.matches(READ) && !node.closest("[hidden]"),
  );
}

function nameOf(node: HTMLElement): string {
  return (node.getAttribute("aria-label") ?? node.textContent ?? "").trim();
}

const NATIVE = "button, input, select, textarea, summary";

test.each(Object.entries(CONFIGURATIONS))("%s: every control explains itself", (_, changes) => {
  const found = controls(build(changes));
  expect(found.length).toBeGreaterThan(20);
  const lacking = found.filter(
    (node) =>
      nameOf(node) === "" ||
      !(node.matches(NATIVE) || node.hasAttribute("role")) ||
      !/[.?)]$/.test(node.getAttribute("aria-description") ?? ""),
  );
  expect(lacking.map((node) => node.outerHTML)).toEqual([]);
});

test.each(Object.entries(CONFIGURATIONS))("%s: every control is in the help", (_, changes) => {
  const found = controls(build(changes));
  const offered = { ...choices, ...changes.choices };
  const words = chapters(offered).flatMap(({ entries }) => entries.map(([word]) => word));
  const isFound = (node: HTMLElement) => {
    const marked = node.closest<HTMLElement>("[data-control]")?.dataset.control?.split(" ") ?? [];
    return marked.some(
      (name) =>
        name in GROUPS ||
        (name in definitions && words.includes(definitions[name as keyof typeof definitions].word)),
    );
  };
  const missing = found.filter((node) => !isFound(node));
  expect(missing.map((node) => node.outerHTML)).toEqual([]);
});

/** A title, which the page doesn't set, and what a lesson is made of by its own controls. */
const WITHOUT_WORDS = ["name"];

test("everything that can be asked for has a word", () => {
  const missing = requestNames.filter((name) => !(name in definitions));
  expect(missing.filter((name) => !WITHOUT_WORDS.includes(name))).toEqual([]);
});

test("each sentence is one, and says nothing twice", () => {
  const entries = Object.values(definitions);
  for (const { does, means } of entries) {
    expect(does).toMatch(/^[A-Z].*[.)]$/);
    expect(does.length).toBeLessThan(140);
    expect(means).toMatch(/[.)]$/);
    expect(means).not.toContain(does);
  }
  expect(new Set(entries.map(({ does }) => does)).size).toBe(entries.length);
});
