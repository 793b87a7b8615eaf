// Which controls are there, what does each change, and which may be used? The twin of landscape_widget/live/controls.py.

import type { Action, Choices, Request } from "../protocol";
import { namesIn } from "../store/history";

type Names = readonly (keyof Request)[];

/** Group → the requests that its controls change. */
export const GROUPS = {
  where: ["directions", "third", "rotation", "normalization", "x", "y", "linked"],
  measured: ["resolution", "samples", "tolerance", "batch_norm"],
  drawn: ["metric", "kind", "scale", "clip", "limits", "levels", "colors", "height", "cuts"],
  status: [],
} as const satisfies Readonly<Record<string, Names>>;

/** Requests whose controls stand in no group. */
export const ALONE = [
  "big_type",
  "camera",
  "moment",
  "marked",
  "pins",
  "steps",
  "step",
  "covered",
] as const satisfies Names;

/** What can be asked of the kernel → what changes with it. */
export const COMMANDS = {
  auto_range: ["x", "y"],
  fit_path: ["x", "y"],
  refit: ["directions", "x", "y"],
  refine_further: ["resolution", "tolerance"],
} as const satisfies Partial<Record<Action["kind"], Names>>;

/** What can be asked of a run: the buttons of the status. */
export const RUN = [
  "pause",
  "resume",
  "stop",
  "retry",
] as const satisfies readonly Action["kind"][];

/** The requests that these controls and groups change. */
export function traitsOf(controls: readonly string[]): ReadonlySet<string> {
  const groups: Readonly<Record<string, readonly string[]>> = GROUPS;
  return new Set(controls.flatMap((control) => groups[control] ?? [control]));
}

/** What of these changes may be made here; a step of a lesson sets what it was told to, locked or not. */
export function allowed(changes: Partial<Request>, locked: readonly string[]): Partial<Request> {
  if (locked.length === 0) return changes;
  const traits = traitsOf(locked);
  if ("step" in changes && !traits.has("step")) return changes;
  const names = namesIn(changes).filter((name) => !traits.has(name));
  return Object.fromEntries(names.map((name) => [name, changes[name]]));
}

/** Whether the kernel may be asked for this. */
export function mayAct(
  action: Action,
  locked: readonly string[],
  { presets }: Pick<Choices, "presets">,
): boolean {
  const traits = traitsOf(locked);
  const isFree = (names: readonly string[]) => !names.some((name) => traits.has(name));
  if (RUN.some((kind) => kind === action.kind)) return !locked.includes("status");
  if (action.kind !== "preset") {
    const commands: Readonly<Record<string, Names>> = COMMANDS;
    return isFree(commands[action.kind] ?? []);
  }
  const preset = presets.find(({ key }) => key === action.key);
  return isFree([...Object.keys(preset?.changes ?? {}), ...(preset?.fits ? ["x", "y"] : [])]);
}
