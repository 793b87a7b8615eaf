// Which requests can one go back to? Steps of what changed, from what and to what; fifty of them.

import type { Request } from "../protocol";
import { same } from "./same";

export interface Step {
  readonly before: Partial<Request>;
  readonly after: Partial<Request>;
}

export interface History {
  /** The settled request; in the middle of a drag the store is ahead of it. */
  readonly present: Request;
  readonly past: readonly Step[];
  readonly future: readonly Step[];
}

export const DEPTH = 50;

export function startHistory(present: Request): History {
  return { present, past: [], future: [] };
}

/** A settled change of any number of parts: one step. No change is no step. */
export function record(history: History, changes: Partial<Request>): History {
  const after = differing(history.present, changes);
  if (isEmpty(after)) return history;
  const before = pick(history.present, namesIn(after));
  const past = [...history.past, { before, after }].slice(-DEPTH);
  return { present: { ...history.present, ...after }, past, future: [] };
}

/** What is said of the controls themselves is nobody's to take back. */
const LASTING: readonly (keyof Request)[] = ["locked", "hidden"];

/** What Python sets: a step too; but a value that Python puts back, having refused it, takes its step back. */
export function receive(history: History, changes: Partial<Request>): History {
  const names = namesIn(changes);
  const taken = names.filter((name) => putsBack(history.past.at(-1), name, changes));
  const past = withoutNames(history.past, taken);
  const lasting = names.filter((name) => LASTING.includes(name));
  const present = { ...history.present, ...pick(changes, [...taken, ...lasting]) };
  return record({ ...history, past, present }, changes);
}

export function undo(history: History): History {
  const step = history.past.at(-1);
  if (!step) return history;
  return {
    present: { ...history.present, ...step.before },
    past: history.past.slice(0, -1),
    future: [step, ...history.future],
  };
}

export function redo(history: History): History {
  const [step, ...future] = history.future;
  if (!step) return history;
  const present = { ...history.present, ...step.after };
  return { present, past: [...history.past, step], future };
}

/** The parts of `changes` that aren't so already. */
export function differing(request: Request, changes: Partial<Request>): Partial<Request> {
  return pick(
    changes,
    namesIn(changes).filter((name) => !same(request[name], changes[name])),
  );
}

export function namesIn(changes: Partial<Request>): (keyof Request)[] {
  return Object.keys(changes) as (keyof Request)[];
}

function putsBack(step: Step | undefined, name: keyof Request, changes: Partial<Request>): boolean {
  return step !== undefined && name in step.before && same(step.before[name], changes[name]);
}

function withoutNames(past: readonly Step[], names: readonly (keyof Request)[]): readonly Step[] {
  const step = past.at(-1);
  if (!step || names.length === 0) return past;
  const kept = namesIn(step.after).filter((name) => !names.includes(name));
  const rest = past.slice(0, -1);
  if (kept.length === 0) return rest;
  return [...rest, { before: pick(step.before, kept), after: pick(step.after, kept) }];
}

function pick(request: Partial<Request>, names: readonly (keyof Request)[]): Partial<Request> {
  return Object.fromEntries(names.map((name) => [name, request[name]]));
}

function isEmpty(changes: Partial<Request>): boolean {
  return namesIn(changes).length === 0;
}
