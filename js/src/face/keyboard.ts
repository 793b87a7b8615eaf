// Which keys are the widget's, which stay with Jupyter, and what does each do?

import type { CameraCommand } from "../picture/camera";
import type { Choices } from "../protocol";
import type { Store } from "../store";
import { suppressShortcuts } from "./shortcuts";

/** What a key event tells; enough to decide without a DOM. */
export type Key = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** What the keys list of the help says; the order is the reading order. */
const KEYS: readonly (readonly [string, string])[] = [
  ["← ↑ → ↓", "rotate the surface, or move the crosshair"],
  ["+  −", "zoom the picture"],
  ["0", "back to the first view"],
  ["1  2  3", "look from above, along axis 1, along axis 2"],
  ["c", "cuts through the point"],
  ["p", "pause, and go on"],
  ["t", "play the training, and hold it"],
  ["n", "pin a note where the cross is"],
  [".  ,", "the next step of the lesson, and back; or PageDown, PageUp"],
  ["r", "reveal what is covered"],
  ["f", "full window; Escape leaves it"],
  ["Ctrl+Z", "undo; with Shift, redo"],
  ["?", "this help"],
];

/** Without a trajectory there is nothing to play. */
export function keysOf({ has_trajectory }: Choices): typeof KEYS {
  return KEYS.filter(([key]) => has_trajectory || key !== "t");
}

const CAMERA: Readonly<Record<string, CameraCommand>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  "+": "in",
  "=": "in",
  "-": "out",
  "−": "out",
  "0": "reset",
  "1": "top",
  "2": "first",
  "3": "second",
};

const NAMED = new Set(
  "ArrowLeft ArrowRight ArrowUp ArrowDown Home End PageUp PageDown Enter Delete Backspace".split(
    " ",
  ),
);

/** True for a key that Jupyter must not hear; Escape, Shift+Enter, Ctrl+S and their like go through. */
export function isOurs(event: Key): boolean {
  if (isUndo(event)) return true;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key === "Enter" && event.shiftKey) return false;
  return NAMED.has(event.key) || [...event.key].length === 1;
}

export interface Commands {
  fullWindow(): void;
  help(): void;
  /** Where there is a path. */
  readonly play?: () => void;
  /** False where there is nothing to be done. */
  pin(): boolean;
  next(): boolean;
  back(): boolean;
  reveal(): boolean;
}

/** Listen on the root; the picture is told by `landscape:camera` what its camera should do. */
export function createKeyboard(
  root: HTMLElement,
  picture: HTMLElement,
  store: Store,
  commands: Commands,
  signal: AbortSignal,
): void {
  const run = (event: KeyboardEvent): boolean => {
    if (isUndo(event)) return !isEditing(event.target) && undo(event, store);
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return false;
    const command = CAMERA[event.key];
    if (command && (!event.key.startsWith("Arrow") || picture.contains(asNode(event.target)))) {
      picture.dispatchEvent(new CustomEvent("landscape:camera", { detail: { command } }));
      return true;
    }
    return letter(event.key, store, commands);
  };
  suppressShortcuts(root, isOurs, signal);
  root.addEventListener(
    "keydown",
    (event) => {
      if (isOurs(event)) event.stopPropagation();
      if (!event.defaultPrevented && run(event)) event.preventDefault();
    },
    { signal },
  );
}

function letter(key: string, store: Store, commands: Commands): boolean {
  switch (key) {
    case "p": {
      const { phase } = store.status.peek();
      if (phase === "computing") store.act({ kind: "pause" });
      if (phase === "paused" || phase === "stopped") store.act({ kind: "resume" });
      return true;
    }
    case "t":
      commands.play?.();
      return commands.play !== undefined;
    case "n":
      return commands.pin();
    case ".":
    case "PageDown":
      return commands.next();
    case ",":
    case "PageUp":
      return commands.back();
    case "r":
      return commands.reveal();
    case "c":
      store.change({ cuts: !store.request.peek().cuts });
      return true;
    case "f":
      commands.fullWindow();
      return true;
    case "?":
      commands.help();
      return true;
    default:
      return false;
  }
}

function undo(event: Key, store: Store): boolean {
  if (event.shiftKey) store.redo();
  else store.undo();
  return true;
}

function isUndo({ key, ctrlKey, metaKey, altKey }: Key): boolean {
  return key.toLowerCase() === "z" && (ctrlKey || metaKey) && !altKey;
}

/** A list chooses by letters, a field takes them: neither shares its keys. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, select, textarea");
}

/** A field that is being edited keeps its own undo. */
function isEditing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.dataset.editing !== undefined;
}

function asNode(target: EventTarget | null): Node | null {
  return target instanceof Node ? target : null;
}
