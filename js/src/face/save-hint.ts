// What does a person need to know the first time they save a notebook? What of the widget it keeps.

import { button } from "../controls/button";
import { element } from "../controls/element";
import type { Key } from "./keyboard";

const SAID = Symbol.for("landscape-widget.save-hint");

const PICTURE = "The notebook keeps a picture of this.";
const NOTHING = "The notebook keeps no picture of what stands inside another widget.";
const LIVE =
  "To keep it live, turn on “Save Widget State Automatically” in Jupyter's Settings menu";

/** What ipywidgets arranges others in; only what a cell displays itself hangs up a picture. */
const CONTAINERS = ".widget-box, .widget-tab, .widget-accordion";

/** Some can be saved as a page of their own, too. */
export function whatIsKept(hasPage: boolean, isInside = false): string {
  const kept = `${isInside ? NOTHING : PICTURE} ${LIVE}`;
  return hasPage ? `${kept}, or save a page: ⋯, page, HTML.` : `${kept}.`;
}

/** Shown once a page, by the first widget in sight when Ctrl+S is pressed; the key goes on to Jupyter. */
export function createSaveHint(hasPage: boolean, signal: AbortSignal): HTMLElement {
  const sentence = element("span");
  const hide = () => {
    node.hidden = true;
  };
  const node = element(
    "div",
    { class: "lw-hint", role: "status", hidden: true },
    sentence,
    button({ label: "got it", press: hide }, signal),
  );
  window.addEventListener(
    "keydown",
    (event) => {
      if (!isSave(event) || document.body.dataset.jpThemeName === undefined) return;
      if (node.parentElement?.checkVisibility() && claim()) {
        sentence.textContent = whatIsKept(hasPage, node.closest(CONTAINERS) !== null);
        node.hidden = false;
      }
    },
    { capture: true, passive: true, signal },
  );
  return node;
}

export function isSave({ key, ctrlKey, metaKey, altKey, shiftKey }: Key): boolean {
  return key.toLowerCase() === "s" && ctrlKey !== metaKey && !altKey && !shiftKey;
}

/** Remembered as long as the page lives, by every copy of this module. */
function claim(): boolean {
  if (Reflect.has(globalThis, SAID)) return false;
  return Reflect.set(globalThis, SAID, true);
}
