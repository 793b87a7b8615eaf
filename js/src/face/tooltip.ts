// Where does the sentence behind a word appear? One bubble a widget, on hover and focus, inside the root.

import { element } from "../controls/element";

const MARGIN = 8;

/** Show `aria-description` of whatever is hovered or focused inside `root`. */
export function createTooltip(root: HTMLElement, signal: AbortSignal): HTMLElement {
  const bubble = element("div", { class: "lw-tooltip", "aria-hidden": "true", hidden: true });
  let described: Element | null = null;
  const show = (target: EventTarget | null) => {
    const node = target instanceof Element ? target.closest("[aria-description]") : null;
    if (node === described) return;
    described = node;
    bubble.hidden = node === null;
    bubble.textContent = node?.getAttribute("aria-description") ?? "";
    if (node) place(bubble, node, root);
  };
  const listen = (name: string, run: (event: Event) => void) =>
    root.addEventListener(name, run, { signal });
  listen("pointerover", (event) => show(event.target));
  listen("pointerleave", () => show(null));
  listen("pointerdown", () => show(null));
  listen("focusin", ({ target }) => {
    if (target instanceof Element && target.matches(":focus-visible")) show(target);
  });
  listen("focusout", () => show(null));
  listen("keydown", (event) => {
    if (event instanceof KeyboardEvent && event.key === "Escape") show(null);
  });
  root.append(bubble);
  return bubble;
}

/** Below the node or above it, never outside the widget, where an output cell would cut it off. */
function place(bubble: HTMLElement, node: Element, root: HTMLElement): void {
  const [frame, at] = [root.getBoundingClientRect(), node.getBoundingClientRect()];
  const { width, height } = bubble.getBoundingClientRect();
  const left = at.left - frame.left;
  const below = at.bottom - frame.top + MARGIN;
  const fits = below + height <= frame.height;
  bubble.style.left = `${Math.max(MARGIN, Math.min(left, frame.width - width - MARGIN))}px`;
  bubble.style.top = `${fits ? below : at.top - frame.top - height - MARGIN}px`;
}
