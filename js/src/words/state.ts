// What is a state made of, and what does one have to know to tell in which the widget is?

import type { Failure, Status } from "../protocol";
import type { Connection } from "../store";
import type { Surface } from "../surface";
import type { Level } from "./why/finding";

export interface Situation {
  readonly status: Status;
  readonly connection: Connection;
  readonly surface: Surface | null;
  /** The metric drawn, an index into the surface's; −1 when it has none of that name. */
  readonly metric: number;
  readonly previous: boolean;
  readonly error: Failure | null;
  readonly heard: Date | null;
  /** Why the picture is not the one asked for: no WebGL, plotting failed to load. */
  readonly problem: string | null;
}

/** All that can be pressed, in the order of the row. */
export const PRESSES = [
  "pause",
  "resume",
  "stop",
  "refine further",
  "auto range",
  "widen",
  "copy",
  "try again",
] as const;

export type Press = (typeof PRESSES)[number];

/** How grave each state is; the others are as they should be. */
const GRAVE: Readonly<Record<string, Level>> = {
  failed: "wrong",
  "not finite": "wrong",
  disconnected: "doubtful",
  flat: "doubtful",
  "no plot": "doubtful",
};

export function levelOf({ name }: Pick<State, "name">): Level {
  return GRAVE[name] ?? "plain";
}

export interface State {
  readonly name: string;
  readonly sentence: string;
  readonly buttons: readonly Press[];
  readonly picture: "empty" | "plain" | "dimmed" | "grey" | "hatched";
  /** A few words in the picture's corner. */
  readonly badge: string | null;
}
