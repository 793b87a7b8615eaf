// What is worth saying aloud, to someone who can't see the picture change? Pure.

import { sizeText } from "./counts";
import type { Situation, State } from "./state";

/** What a listener has heard of. */
export interface Heard {
  readonly state: string;
  /** The finest level that is finished; −1 before the first. */
  readonly level: number;
  readonly generation: number;
}

export interface Announcement {
  readonly text: string;
  /** now: at once, over whatever is being said · next: when there is room · seldom: at most once in a while. */
  readonly when: "now" | "next" | "seldom";
}

export const NOTHING_HEARD: Heard = { state: "", level: -1, generation: -1 };

export function heardOf({ surface }: Situation, state: State): Heard {
  return {
    state: state.name,
    level: surface?.level ?? -1,
    generation: surface?.generation ?? -1,
  };
}

/** Another state, or another finished level; numbers that only count on are not worth a word. */
export function announcement(
  before: Heard,
  situation: Situation,
  state: State,
): Announcement | null {
  const now = heardOf(situation, state);
  if (now.state !== before.state) {
    return { text: state.sentence, when: state.name === "failed" ? "now" : "next" };
  }
  const isNew = now.generation !== before.generation || now.level > before.level;
  const { drawn } = situation.status;
  if (now.level < 0 || !isNew || !drawn) return null;
  return { text: `${state.sentence}, ${sizeText(drawn)} cells`, when: "seldom" };
}
