// @vitest-environment happy-dom

// Is the picture that stands in seen only where the widget isn't?

import { afterEach, expect, test } from "vitest";
import { hidePhotograph } from "../src/face/photograph";

const INSCRIPTION = "AAAAMXRFWHRsYW5kc2NhcGU+/";

afterEach(() => {
  document.body.replaceChildren();
  delete document.body.dataset.jpThemeName;
});

function outputs(...sources: readonly string[]): readonly HTMLElement[] {
  document.body.innerHTML = sources
    .map((source) => `<div class="jp-OutputArea-child"><img src="${source}"></div>`)
    .join("");
  return [...document.querySelectorAll<HTMLElement>(".jp-OutputArea-child")];
}

const isSeen = (node: HTMLElement) => getComputedStyle(node).display !== "none";

test("a view hides its own picture, until it goes", () => {
  document.body.dataset.jpThemeName = "JupyterLab Light";
  const children = outputs(
    `data:image/png;base64,iVBOR${INSCRIPTION}w==`,
    "data:image/png;base64,iVBORw==",
  );
  const view = document.body.appendChild(document.createElement("div"));
  expect(children.map(isSeen)).toEqual([true, true]);
  expect(hidePhotograph(view, INSCRIPTION)).toBe(true);
  expect(children.map(isSeen)).toEqual([false, true]);
  view.remove();
  expect(children.map(isSeen)).toEqual([true, true]);
});

test("where a page holds pictures otherwise, it says that it hides none", () => {
  const view = document.createElement("div");
  expect(hidePhotograph(view, INSCRIPTION)).toBe(false);
  expect(view.childElementCount).toBe(0);
});
