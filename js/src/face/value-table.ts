// How are the values looked at as a table, in the picture's place, while they still come in?

import { signal as cell, computed } from "@preact/signals-core";
import { button } from "../controls/button";
import { element, focusedBeside, watch } from "../controls/element";
import { chosenMetric } from "../figure/scene";
import { createTable } from "../picture/table";
import type { Store } from "../store";

export interface TableView {
  readonly node: HTMLElement;
  toggle(): void;
}

export function createTableView(store: Store, signal: AbortSignal): TableView {
  const open = cell(false);
  let opener: HTMLElement | null = null;
  const toggle = () => {
    if (!open.peek()) opener = focusedBeside(node);
    open.value = !open.peek();
    if (open.peek()) focusable()?.focus();
    else opener?.focus();
  };
  const close = button(
    { label: "close table", icon: "close", control: "table", press: toggle },
    signal,
  );
  const sheet = element("div", { class: "lw-sheet-body" });
  const node = element(
    "section",
    { class: "lw-sheet", role: "region", "aria-label": "values as a table" },
    close,
    sheet,
  );
  const focusable = () => sheet.querySelector<HTMLElement>("[tabindex='0']") ?? close;
  /** What changes the table: a level, not each cell, so that a reader isn't thrown out of it. */
  const shown = computed(() => {
    const surface = store.surface.value;
    const { generation = -1, level = -1, renewed = 0 } = surface ?? {};
    return JSON.stringify([generation, level, renewed, store.request.value.metric]);
  });
  watch(signal, () => {
    node.hidden = !open.value;
    void shown.value;
    if (!open.value) return sheet.replaceChildren();
    const [surface, request] = [store.surface.peek(), store.request.peek()];
    const held = placeOf(focusedBeside(sheet), sheet);
    sheet.replaceChildren(createTable(surface, surface ? chosenMetric(surface, request) : -1));
    if (held) (cellAt(sheet, held) ?? focusable()).focus();
  });
  node.addEventListener("keydown", ({ key }) => key === "Escape" && toggle(), { signal });
  return { node, toggle };
}

/** By the words of its row and column, which another level has too. */
function placeOf(
  focused: HTMLElement | null,
  sheet: HTMLElement,
): readonly [string, string] | null {
  const at = focused?.closest("td");
  if (!at || !sheet.contains(at)) return null;
  const heads = sheet.querySelectorAll("thead th");
  return [headOf(at), heads[at.cellIndex]?.textContent ?? ""];
}

function cellAt(sheet: HTMLElement, [row, column]: readonly [string, string]): HTMLElement | null {
  const heads = [...sheet.querySelectorAll("thead th")].map(({ textContent }) => textContent);
  const line = [...sheet.querySelectorAll("tbody td")].find(
    (cell) => headOf(cell as HTMLTableCellElement) === row,
  )?.parentElement;
  return line?.children[heads.indexOf(column)] as HTMLElement | null;
}

function headOf(cell: HTMLTableCellElement): string {
  return cell.parentElement?.firstElementChild?.textContent ?? "";
}
