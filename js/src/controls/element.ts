// How is a node made in one line, and kept true for as long as its view lives?

import { effect } from "@preact/signals-core";

type Attributes = Readonly<Record<string, string | number | boolean | null>>;

/** Make an element; `true` is a bare attribute, `false` and `null` leave it out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(node, name, value);
  node.append(...children);
  return node;
}

/** Set or remove one attribute, by the same rule. */
export function set(node: Element, name: string, value: string | number | boolean | null): void {
  if (value === false || value === null) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** Run now and whenever a signal it has read changes, until `signal` aborts. */
export function watch(signal: AbortSignal, run: () => void): void {
  if (signal.aborted) return;
  signal.addEventListener("abort", effect(run), { once: true });
}

/** Attach a sentence that explains a node; `createTooltip` shows it on hover and focus. */
export function explain<Node extends Element>(node: Node, sentence: string | null): Node {
  set(node, "aria-description", sentence || null);
  return node;
}

const CONTROLS = "button, input, select, [role=slider]";

/** Let every control under `node` that has no sentence of its own carry this one. */
export function explainAll(node: HTMLElement, sentence: string): void {
  for (const control of node.querySelectorAll(CONTROLS)) {
    if (!control.hasAttribute("aria-description")) explain(control, sentence);
  }
}

/** The document, or in some notebooks the shadow root, that holds `node`; neither while it is detached. */
export function scopeOf(node: Node): Partial<DocumentOrShadowRoot> {
  return node.getRootNode() as Node & Partial<DocumentOrShadowRoot>;
}

export function focusedBeside(node: Node): HTMLElement | null {
  const focused = scopeOf(node).activeElement;
  return focused instanceof HTMLElement ? focused : null;
}
