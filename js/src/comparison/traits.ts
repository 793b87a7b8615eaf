// What does a comparison hold beside what one landscape is asked? The twin of landscape_widget/live/comparison.py.

import type { AnyModel } from "@anywidget/types";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Traits } from "../kernel/sync";
import type { Request } from "../protocol";

/** One of the landscapes compared. */
export interface MemberEntry {
  readonly title: string;
  /** What a person knows of it, in words; may be empty. */
  readonly about: string;
  /** Its widget. */
  readonly ref: string;
  /** Row and column in the matrix; null where members flow. */
  readonly cell: readonly [number, number] | null;
  /** What it was asked on its own; the comparison's controls leave that alone. */
  readonly own: readonly (keyof Request)[];
}

/** Names of rows and columns, outermost first. */
export interface Matrix {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
}

/** A number that is not finite comes as its name. */
export type TableValue = number | string | boolean | null;
export type TableRow = Readonly<Record<string, TableValue>>;

export interface ComparisonTraits extends Traits {
  readonly members: readonly MemberEntry[];
  readonly matrix: Matrix | null;
  /** Members side by side; null: as the room allows. */
  readonly columns: number | null;
  readonly table: readonly TableRow[];
  /** Why the members shouldn't share a scale, a sentence each. */
  readonly differences: readonly string[];
  /** Share it all the same. */
  readonly insist: boolean;
}

/** A trait as a signal. */
export function traitOf<Name extends keyof ComparisonTraits & string>(
  model: AnyModel<ComparisonTraits>,
  name: Name,
  stop: AbortSignal,
): ReadonlySignal<ComparisonTraits[Name]> {
  const value = signal(model.get(name));
  const take = () => {
    value.value = model.get(name);
  };
  model.on(`change:${name}`, take);
  stop.addEventListener("abort", () => model.off(`change:${name}`, take), { once: true });
  return value;
}
