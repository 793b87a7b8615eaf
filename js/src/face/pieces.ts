// How do a few words, each with a sentence behind it, stay where they are while they change?

import { element, explain } from "../controls/element";
import type { Piece } from "../words/status-text";

/** Reuse the nodes there are, so that focus and an open description survive the next patch. */
export function fill(list: HTMLElement, name: string, pieces: readonly Piece[]): void {
  for (const [index, { text, hint }] of pieces.entries()) {
    const node =
      list.children[index] ?? list.appendChild(element("span", { class: name, tabindex: 0 }));
    if (node.textContent !== text) node.textContent = text;
    explain(node, hint);
  }
  while (list.children.length > pieces.length) list.lastElementChild?.remove();
}
