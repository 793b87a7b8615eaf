// @vitest-environment happy-dom
// Can a word be found in the help, and does it speak of this widget only?

import { afterEach, beforeEach, expect, test } from "vitest";
import { createHelp, type Help } from "../src/face/help";
import type { Choices } from "../src/protocol";
import { chapters } from "../src/words/chapters";
import { withCurvature } from "./curvature";
import { choices } from "./fake-store";

let help: Help;
let life: AbortController;

beforeEach(() => {
  life = new AbortController();
  help = createHelp(choices, life.signal);
  document.body.replaceChildren(help.node);
});

afterEach(() => life.abort());

function look(text: string): void {
  const field = help.node.querySelector("input") as HTMLInputElement;
  field.value = text;
  field.dispatchEvent(new Event("input"));
}

const shown = () =>
  [...help.node.querySelectorAll("dl > div")]
    .filter((row) => !row.closest("[hidden]"))
    .map((row) => row.querySelector("dt")?.textContent);

test("a word that is typed leaves what speaks of it, whatever its case", () => {
  help.toggle();
  look("HATCHED");
  expect(shown()).toEqual(["hatched"]);
  expect(help.node.querySelector("[role=status]")?.textContent).toBe("1 found");
  look("xyzzy");
  expect([shown(), help.node.querySelector("[role=status]")?.textContent]).toEqual([
    [],
    "nothing found",
  ]);
  look(" ");
  expect(shown()).toContain("axis");
});

test("it opens with the search at hand, and Escape gives focus back", () => {
  const opener = document.createElement("button");
  document.body.append(opener);
  opener.focus();
  help.toggle();
  expect(document.activeElement?.getAttribute("aria-label")).toBe("find a word");
  help.node.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  expect([help.node.hidden, document.activeElement]).toEqual([true, opener]);
});

test("chapters stand in the order of the face, and none is empty", () => {
  const titles = chapters({ ...choices, has_trajectory: true }).map(({ title }) => title);
  expect(titles.slice(0, 3)).toEqual([
    "Where do we look?",
    "How is it measured?",
    "How is it drawn?",
  ]);
  expect(titles).toContain("How did training go?");
  expect(chapters(choices).map(({ title }) => title)).not.toContain("How did training go?");
});

test.each<[string, Partial<Choices>]>([
  ["checkpoint", { has_trajectory: true }],
  ["halo", { has_trajectory: true }],
  ["BatchNorm", { batch_norms: [{ key: "frozen", label: "frozen", hint: "As they are." }] }],
  ["curvature", withCurvature],
])("%s is defined only where there is any", (word, changes) => {
  const words = (offered: Choices) =>
    chapters(offered).flatMap(({ entries }) => entries.map(([entry]) => entry));
  expect(words(choices)).not.toContain(word);
  expect(words({ ...choices, ...changes })).toContain(word);
});
