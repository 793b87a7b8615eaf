// Which controls aren't shown, and which are shown but can't be used? What marks them is `data-control`.

import { element, explain, set, watch } from "../controls/element";
import { icon } from "../controls/icons";
import { GROUPS, RUN, traitsOf } from "../lesson/controls";
import type { Store } from "../store";

const LOCKED = "Locked: the lesson sets this.";
/** Folding away changes nothing. */
const USABLE = "button:not(.lw-disclosure), input, select, textarea, [role=slider]";
/** Keys that only move the focus, or close what is open. */
const HARMLESS: readonly string[] = ["Tab", "Escape"];
/** All by which a hand or a key could change something. */
const GESTURES = ["pointerdown", "mousedown", "click", "keydown", "beforeinput", "paste"] as const;

/** Hide and lock what the request says, among all controls that are or will be under `root`. */
export function createLocks(root: HTMLElement, store: Store, signal: AbortSignal): void {
  const refresh = () => {
    const { locked, hidden } = store.request.value;
    for (const node of root.querySelectorAll<HTMLElement>("[data-control]")) {
      set(node, "data-concealed", isHidden(namesOf(node), hidden));
      setLock(node, isLocked(namesOf(node), locked));
      if (node.matches(".lw-fold")) setSign(node, isWholeGroup(namesOf(node), locked));
    }
    set(
      root,
      "data-bare",
      Object.keys(GROUPS).every((group) => hidden.includes(group)),
    );
  };
  watch(signal, refresh);
  // Rows come and go, and what is new among them is locked as well.
  const observer = new MutationObserver((changes) => {
    const { locked, hidden } = store.request.peek();
    if (locked.length + hidden.length > 0 && changes.some(isOutsideThePicture)) refresh();
  });
  observer.observe(root, { childList: true, subtree: true });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  for (const gesture of GESTURES) root.addEventListener(gesture, block, { capture: true, signal });
}

/** A group hides all that stands in it; a control with several names goes when each of them does. */
export function isHidden(names: readonly string[], hidden: readonly string[]): boolean {
  const [name = ""] = names;
  return hidden.includes(name) || hidden.some((group) => group in GROUPS && names.includes(group));
}

/** A control is locked with any of the traits that it changes. */
export function isLocked(names: readonly string[], locked: readonly string[]): boolean {
  const traits = traitsOf(locked);
  const isRun = locked.includes("status") && names.some((name) => RUN.some((run) => run === name));
  return isRun || names.some((name) => !(name in GROUPS) && traits.has(name));
}

/** What changes nothing has nothing to lock. */
function isWholeGroup([name = ""]: readonly string[], locked: readonly string[]): boolean {
  return locked.includes(name) && traitsOf([name]).size > 0;
}

function namesOf({ dataset }: HTMLElement): readonly string[] {
  return dataset.control?.split(" ") ?? [];
}

function isOutsideThePicture({ target }: MutationRecord): boolean {
  return target instanceof Element && !target.closest(".lw-picture");
}

/** A lock for the eye and for the screen reader; what was disabled before stays so when it goes. */
function setLock(node: HTMLElement, lock: boolean): void {
  if (lock === "locked" in node.dataset) return;
  set(node, "data-locked", lock);
  const usable = [...(node.matches(USABLE) ? [node] : []), ...node.querySelectorAll(USABLE)];
  for (const control of usable) {
    if (lock && control.getAttribute("aria-disabled") !== "true") {
      set(control, "data-usable", true);
      set(control, "aria-disabled", "true");
    } else if (!lock && control.hasAttribute("data-usable")) {
      set(control, "data-usable", null);
      set(control, "aria-disabled", null);
    }
  }
  if (!node.matches(".lw-fold")) setSign(node, lock);
}

/** For the eye, and in words for whom can't see it. */
function setSign(node: HTMLElement, lock: boolean): void {
  const place = node.querySelector(".lw-label, .lw-title, .lw-count") ?? node;
  const beside = place.nextElementSibling;
  const old = place.querySelector(":scope > .lw-lock") ?? (beside?.matches(".lw-lock") && beside);
  if (!lock && old) old.remove();
  if (!lock || old || place.matches(".lw-icon-button, .lw-row .lw-button")) return;
  const attributes = { class: "lw-lock", tabindex: 0, role: "img", "aria-label": "locked" };
  const sign = explain(element("span", attributes, icon("lock")), LOCKED);
  if (place.matches("select, .lw-choice")) place.after(sign);
  else place.append(sign);
}

function block(event: Event): void {
  const { target } = event;
  if (!(target instanceof Element) || !target.closest("[data-locked]")) return;
  if (target.closest(".lw-disclosure")) return;
  if (event instanceof KeyboardEvent && HARMLESS.includes(event.key)) return;
  event.preventDefault();
  event.stopPropagation();
}
