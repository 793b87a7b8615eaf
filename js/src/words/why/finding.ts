// What is a reason for a picture to look as it does, and what is it drawn from?

import type { Action, Choices, Facts, Range, Request, Sharpness, Status } from "../../protocol";
import type { Surface } from "../../surface";

/** wrong: not to be trusted · doubtful: take care · plain: good to know. */
export type Level = "wrong" | "doubtful" | "plain";

/** What a button beside a finding does. */
export interface Remedy {
  readonly label: string;
  readonly does: { readonly changes: Partial<Request> } | { readonly action: Action };
}

export interface Finding {
  readonly level: Level;
  readonly seen: string;
  readonly why: string;
  /** What to do about it; empty where there is nothing to do. */
  readonly advice: string;
  readonly remedy: Remedy | null;
}

/** All that a rule may look at. */
export interface Evidence {
  readonly status: Status;
  readonly facts: Facts;
  readonly request: Request;
  readonly choices: Choices;
  readonly sharpness: Sharpness | null;
  /** Null before its first level is measured. */
  readonly surface: Surface | null;
  /** The column of it that is drawn. */
  readonly metric: number;
  /** Where contour lines run, raw values that rise; none where none are drawn. */
  readonly levels: readonly number[];
  /** From the lowest to the highest measured value; null while there is none. */
  readonly extent: Range | null;
  /** Heights are as large as values. */
  readonly isLinear: boolean;
}

/** Pure: none, where there is nothing to say. */
export type Rule = (evidence: Evidence) => readonly Finding[];

/** One finding; the rest of it where there is any. */
export function finding(
  level: Level,
  seen: string,
  why: string,
  rest: Partial<Pick<Finding, "advice" | "remedy">> = {},
): readonly Finding[] {
  return [{ level, seen, why, advice: "", remedy: null, ...rest }];
}
