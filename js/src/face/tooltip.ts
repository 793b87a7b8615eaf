// Where does the sentence behind a word appear? One bubble a widget, on hover and focus, inside the root.

import { element } from "../controls/element";

const MARGIN = 8;

/** Milliseconds that a pointer rests on a word before its sentence comes; the next one comes at once. */
export const REST = 350;

/** Show `aria-description` of whatever is hovered or focused inside `root`. */
export function createTooltip(root: HTMLElement, signal: AbortSignal): HTMLElement {
  const bubble = element("div", { class: "lw-tooltip", "aria-hidden": "true", hidden: true });
  let described: Element | null = null;
  let resting: ReturnType<typeof setTimeout> | undefined;
  const show = (target: EventTarget | null, rest = 0) => {
    const node = target instanceof Element ? target.closest("[aria-description]") : null;
    if (node === described) return;
    clearTimeout(resting);
    described = node;
    if (node === null) hide();
    else if (rest === 0 || !bubble.hidden) tell(node);
    else resting = setTimeout(() => tell(node), rest);
  };
  const tell = (node: Element) => {
    bubble.textContent = node.getAttribute("aria-description") ?? "";
    bubble.hidden = bubble.textContent === "" || !node.isConnected;
    if (!bubble.hidden) place(bubble, node, root);
  };
  /** What was pressed keeps quiet until the pointer has been elsewhere. */
  const hide = () => {
    clearTimeout(resting);
    bubble.hidden = true;
  };
  const listen = (name: string, run: (event: Event) => void) =>
    root.addEventListener(name, run, { signal });
  listen("pointerover", (event) => show(event.target, REST));
  listen("pointerleave", () => show(null));
  listen("pointerdown", hide);
  listen("fullscreenchange", hide);
  listen("focusin", ({ target }) => {
    if (target instanceof Element && target.matches(":focus-visible")) show(target);
  });
  listen("focusout", () => show(null));
  listen("keydown", (event) => {
    if (event instanceof KeyboardEvent && event.key === "Escape") hide();
  });
  signal.addEventListener("abort", hide, { once: true });
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
