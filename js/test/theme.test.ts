// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from "vitest";
import { DARK, LIGHT, readTheme, watchTheme } from "../src/picture/theme";

afterEach(() => {
  document.body.removeAttribute("style");
  vi.unstubAllGlobals();
});

function wear(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) {
    document.body.style.setProperty(name, value);
  }
}

it.each([
  ["#fff", false],
  ["#111111", true],
  ["#111111ff", true],
  ["rgb(250, 250, 250)", false],
  ["rgba(20 20 20 / 1)", true],
  ["oklch(0.2 0 0)", false],
])("tells from the background %s whether it is dark: %s", (background, dark) => {
  wear({ "--jp-layout-color0": background });
  expect(readTheme(document.body).dark).toBe(dark);
});

it("wears Jupyter's colours and type", () => {
  wear({
    "--jp-layout-color0": "#111111",
    "--jp-ui-font-color1": "rgba(255, 255, 255, 0.5)",
    "--jp-ui-font-family": "Lab Sans",
  });
  expect(readTheme(document.body)).toMatchObject({
    text: "#888888",
    font: "Lab Sans",
    wall: DARK.wall,
    paper: "#111111",
  });
});

it("falls back to VS Code's, to marimo's, and then to its own", () => {
  wear({ "--vscode-editor-background": "#1e1e1e", "--vscode-editor-foreground": "#d4d4d4" });
  expect(readTheme(document.body)).toMatchObject({ dark: true, text: "#d4d4d4" });
  document.body.removeAttribute("style");
  wear({ "--background": "#181c1a", "--foreground": "#eceeed", "--muted-foreground": "#aab2af" });
  expect(readTheme(document.body)).toMatchObject({ dark: true, text: "#eceeed", muted: "#aab2af" });
  document.body.removeAttribute("style");
  expect(readTheme(document.body)).toEqual(LIGHT);
});

it("changes clothes with the notebook until it is stopped", async () => {
  const stop = new AbortController();
  const theme = watchTheme(document.body, stop.signal);
  expect(theme.value.dark).toBe(false);
  wear({ "--jp-layout-color0": "#111111" });
  await expect.poll(() => theme.value.dark).toBe(true);
  stop.abort();
  wear({ "--jp-layout-color0": "#ffffff" });
  await Promise.resolve();
  expect(theme.value.dark).toBe(true);
});

it("reads its clothes when it comes into the page, and keeps them while it is out", () => {
  let resize = () => {};
  const observer = class {
    constructor(callback: () => void) {
      resize = callback;
    }
    observe() {}
    disconnect() {}
  };
  vi.stubGlobal("ResizeObserver", observer);
  const node = document.createElement("div");
  const theme = watchTheme(node, new AbortController().signal);
  expect(theme.value.dark).toBe(false);
  document.body.append(node);
  node.style.setProperty("--jp-layout-color0", "#111111");
  resize();
  expect(theme.value.dark).toBe(true);
  node.remove();
  node.style.setProperty("--jp-layout-color0", "#ffffff");
  resize();
  expect(theme.value.dark).toBe(true);
});
