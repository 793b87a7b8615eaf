// @vitest-environment happy-dom
// Does each control say what it shows, stay in its bounds, and tell the store once?

import { signal } from "@preact/signals-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bind } from "../src/controls/binding";
import { button } from "../src/controls/button";
import { choice } from "../src/controls/choice";
import { disclosure } from "../src/controls/disclosure";
import { element } from "../src/controls/element";
import { menu } from "../src/controls/menu";
import { numberField } from "../src/controls/number-field";
import { row } from "../src/controls/row";
import { select } from "../src/controls/select";
import { byRatio, slider } from "../src/controls/slider";
import { type FakeStore, fakeStore } from "./fake-store";
import { pressKey, typeInto } from "./gestures";

let store: FakeStore;
let life: AbortController;
const clip = () =>
  bind<number>(
    store,
    ["clip"],
    (request) => request.clip ?? Number.POSITIVE_INFINITY,
    (value) => ({ clip: value }),
  );
const normalization = () =>
  bind<string>(
    store,
    ["normalization"],
    (request) => request.normalization,
    (value) => ({ normalization: value }),
  );

beforeEach(() => {
  store = fakeStore();
  life = new AbortController();
});

afterEach(() => {
  life.abort();
  document.body.replaceChildren();
});

function show<Shown extends HTMLElement>(node: Shown): Shown {
  document.body.append(node);
  return node;
}

const field = () =>
  numberField(
    {
      label: "clip",
      binding: clip(),
      text: (value) => (Number.isFinite(value) ? String(value) : "none"),
      words: { none: Number.POSITIVE_INFINITY },
      step: 1,
    },
    life.signal,
  );

test.each([
  ["8", 8],
  ["−0.5", -0.5],
  ["1,797", 1797],
  ["4.2 × 10⁻⁷", 4.2e-7],
  ["2e-3", 2e-3],
  [" .25 ", 0.25],
])("a number field takes %s", (text, value) => {
  typeInto(show(field()), text);
  expect(store.request.value.clip).toBe(value);
});

test("a number field takes its words, and empty means the first", () => {
  store.change({ clip: 3 });
  const node = show(field());
  typeInto(node, "");
  expect(store.request.value.clip).toBe(Number.POSITIVE_INFINITY);
  expect(node.value).toBe("none");
});

test("text that is no number gives the old value back, and the reason beside the control", () => {
  store.change({ clip: 3 });
  const binding = clip();
  const node = numberField({ label: "clip", binding, text: String }, life.signal);
  const shown = show(row({ label: "clip", refusal: binding.refusal }, life.signal, node));
  typeInto(node, "much");
  expect(node.value).toBe("3");
  expect(node.getAttribute("aria-invalid")).toBe("true");
  expect(shown.querySelector("[role=alert]")?.textContent).toBe(
    "“much” is not a number; type one such as 0.5 or 2e-3.",
  );
  typeInto(node, "4");
  expect(shown.querySelector<HTMLElement>("[role=alert]")?.hidden).toBe(true);
});

test("a value that Python refuses shows the old value and Python's reason", () => {
  store.change({ clip: 3 });
  const binding = clip();
  const node = numberField({ label: "clip", binding, text: String }, life.signal);
  const shown = show(row({ label: "clip", refusal: binding.refusal }, life.signal, node));
  typeInto(node, "-1");
  store.receive({ clip: 3 });
  store.refusal.value = { kind: "refusal", name: "clip", reason: "clip is too low; got -1." };
  expect(node.value).toBe("3");
  expect(shown.querySelector("[role=alert]")?.textContent).toBe("clip is too low; got -1.");
});

test("a number field that was only visited changes nothing", () => {
  const node = show(field());
  node.dispatchEvent(new Event("change"));
  node.dispatchEvent(new Event("blur"));
  expect(store.written).toEqual([]);
});

test("values that arrive while a field is edited wait until it is left", () => {
  const node = show(field());
  node.value = "1";
  node.dispatchEvent(new Event("input"));
  store.receive({ clip: 5 });
  expect(node.value).toBe("1");
  pressKey(node, "Escape");
  expect(node.value).toBe("5");
});

test("arrow keys step a number field", () => {
  store.change({ clip: 3 });
  pressKey(show(field()), "ArrowUp");
  expect(store.request.value.clip).toBe(4);
});

test("a slider moves by steps, stays on its ground, and settles on release", () => {
  store.change({ clip: 10 });
  const ground = signal(byRatio([5, 12], Math.round));
  const node = show(
    slider({ label: "clip", binding: clip(), ground, text: (value) => `at ${value}` }, life.signal),
  );
  const thumb = node.querySelector("[role=slider]") as HTMLElement;
  const steps = store.written.length;
  expect(thumb.getAttribute("aria-valuetext")).toBe("at 10");
  pressKey(thumb, "ArrowRight");
  pressKey(thumb, "ArrowRight");
  pressKey(thumb, "ArrowRight");
  expect(store.request.value.clip).toBe(12);
  expect(thumb.getAttribute("aria-valuetext")).toBe("at 12");
  expect(store.canUndo.value).toBe(true);
  store.undo();
  expect(store.request.value.clip).not.toBe(12);
  expect(store.written.length).toBeGreaterThan(steps);
  pressKey(thumb, "Home");
  expect(store.request.value.clip).toBe(5);
});

test("a slider's field takes values beyond its track", () => {
  const ground = signal(byRatio([5, 12], Math.round));
  const node = show(slider({ label: "clip", binding: clip(), ground, text: String }, life.signal));
  typeInto(node.querySelector("input") as HTMLInputElement, "1000");
  expect(store.request.value.clip).toBe(1000);
  expect(node.querySelector("[role=slider]")?.getAttribute("aria-valuenow")).toBe("12");
});

test("a choice is a radio group whose arrows choose", () => {
  const options = ["filter", "layer", "none"].map((key) => ({ key, label: key, hint: `${key}!` }));
  const node = show(
    choice({ label: "normalization", options, binding: normalization() }, life.signal),
  );
  const radios = [...node.querySelectorAll<HTMLElement>("[role=radio]")];
  const chosen = () => radios.map((radio) => radio.getAttribute("aria-checked")).join();
  expect(chosen()).toBe("true,false,false");
  radios[0]?.focus();
  pressKey(radios[0], "ArrowRight");
  expect(store.request.value.normalization).toBe("layer");
  expect(document.activeElement).toBe(radios[1]);
  pressKey(radios[1], "End");
  expect(chosen()).toBe("false,false,true");
  expect(radios.map((radio) => radio.tabIndex)).toEqual([-1, -1, 0]);
  expect(radios[2]?.getAttribute("aria-description")).toBe("none!");
});

test("a list shows what the store holds, with the sentence of what is chosen", () => {
  const options = ["filter", "layer"].map((key) => ({ key, label: key, hint: `${key}!` }));
  const node = show(
    select(
      {
        label: "normalization",
        options,
        binding: normalization(),
        disabled: (key) => key === "filter",
      },
      life.signal,
    ),
  );
  node.value = "layer";
  node.dispatchEvent(new Event("change"));
  expect(store.request.value.normalization).toBe("layer");
  expect(node.getAttribute("aria-description")).toBe("layer!");
  expect([...node.options].map((option) => option.disabled)).toEqual([true, false]);
});

test("an icon button has a name; one that is disabled can be focused but does nothing", () => {
  const enabled = signal(false);
  let pressed = 0;
  const node = show(
    button(
      { label: "undo", icon: "undo", enabled: () => enabled.value, press: () => (pressed += 1) },
      life.signal,
    ),
  );
  expect(node.getAttribute("aria-label")).toBe("undo");
  node.click();
  expect(pressed).toBe(0);
  enabled.value = true;
  node.click();
  expect(pressed).toBe(1);
});

test("a folded part tells its values, an open one shows them", () => {
  const body = element("p", {}, "the rest");
  const node = show(disclosure({ title: "how", summary: () => "51×51" }, body, life.signal));
  expect(node.textContent).toContain("51×51");
  expect(body.hidden).toBe(true);
  node.querySelector("button")?.click();
  expect(body.hidden).toBe(false);
  expect(node.querySelector("button")?.getAttribute("aria-expanded")).toBe("true");
});

test("a menu opens, acts once and closes; Escape closes it too", () => {
  let helped = 0;
  const node = show(
    menu({ label: "more" }, [{ label: "help", press: () => (helped += 1) }], life.signal),
  );
  const [opener, help] = [...node.querySelectorAll("button")];
  const list = node.querySelector<HTMLElement>("[role=group]");
  opener?.click();
  expect(list?.hidden).toBe(false);
  help?.click();
  expect([helped, list?.hidden]).toEqual([1, true]);
  opener?.click();
  pressKey(help, "Escape");
  expect(list?.hidden).toBe(true);
});

test("nothing listens any more once the view is gone", () => {
  const node = show(field());
  life.abort();
  store.change({ clip: 7 });
  expect(node.value).toBe("none");
});

test("arrows open a menu and go round its entries, over headings", () => {
  const entry = (label: string) => ({ label, press: () => {} });
  const items = [entry("one"), { heading: "save" }, entry("two"), entry("three")];
  const node = show(menu({ label: "more" }, items, life.signal));
  const opener = node.querySelector("button");
  opener?.focus();
  const press = (key: string) => pressKey(document.activeElement, key);
  press("Home");
  expect(document.activeElement).toBe(opener);
  const visited = ["ArrowDown", "ArrowDown", "End", "ArrowDown", "ArrowUp", "Home"].map((key) => {
    press(key);
    return document.activeElement?.textContent;
  });
  expect(visited).toEqual(["one", "two", "three", "one", "three", "one"]);
  press("Escape");
  expect(document.activeElement).toBe(opener);
});
