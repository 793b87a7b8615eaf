// What can be done with the view itself? Presets, undo, redo, full window, and what can be taken along.

import { type ButtonOptions, button } from "../controls/button";
import { element } from "../controls/element";
import { type Heading, menu } from "../controls/menu";
import type { CameraPreset } from "../picture/camera";
import type { Store } from "../store";
import { defined } from "../words/definitions";
import { pythonCode, pythonReading } from "../words/python-code";
import { createPresets } from "./presets";
import type { Teaching } from "./teaching";

export interface ToolCommands {
  readonly fullWindow: () => void;
  readonly help: () => void;
  readonly copy: (text: string) => void;
  /** Where from, at what stands in space. */
  readonly look: (preset: CameraPreset) => void;
  /** Where there is one surface. */
  readonly table?: () => void;
  readonly save?: readonly (ButtonOptions | Heading)[];
  readonly teaching: Pick<Teaching, "pin" | "canPin" | "addStep">;
}

export function createTools(
  store: Store,
  { fullWindow, help, copy, table, save, teaching }: ToolCommands,
  signal: AbortSignal,
): HTMLElement {
  const copyCell = () => {
    const reading = store.reading.peek();
    if (reading) copy(pythonReading(reading, store.request.peek().metric));
  };
  return element(
    "span",
    { class: "lw-tools" },
    createPresets(store, signal),
    button(
      {
        label: "undo",
        icon: "undo",
        ...defined("undo"),
        enabled: () => store.canUndo.value,
        press: () => store.undo(),
      },
      signal,
    ),
    button(
      {
        label: "redo",
        icon: "redo",
        ...defined("redo"),
        enabled: () => store.canRedo.value,
        press: () => store.redo(),
      },
      signal,
    ),
    button(
      {
        label: "full window",
        icon: "full",
        ...defined("full_window"),
        press: fullWindow,
      },
      signal,
    ),
    menu(
      { label: "more", ...defined("more") },
      [
        {
          label: "copy the Python that makes this view",
          ...defined("copy_python"),
          press: () =>
            copy(pythonCode(store.request.peek(), store.choices.peek(), store.status.peek().maps)),
        },
        {
          label: "copy the cell's value",
          ...defined("copy_cell"),
          enabled: () => store.reading.value !== null,
          press: copyCell,
        },
        ...(table ? [{ label: "values as a table", ...defined("table"), press: table }] : []),
        {
          label: "pin a note here (n)",
          ...defined("pins"),
          enabled: teaching.canPin,
          press: teaching.pin,
        },
        { label: "add this view as a step", ...defined("steps"), press: teaching.addStep },
        {
          label: "big type, for a projector",
          ...defined("big_type"),
          pressed: () => store.request.value.big_type,
          press: () => store.change({ big_type: !store.request.peek().big_type }),
        },
        { label: "help and keys (?)", ...defined("help"), press: help },
        ...(save ?? []),
      ],
      signal,
    ),
  );
}
