// Which values from Python wait, because a person holds the control that they belong to?

import type { Request } from "../protocol";
import { namesIn } from "./history";

type Changes = Partial<Request>;

export interface Holds {
  /** Hold these names; the returned function lets go and delivers what has waited. */
  hold(names: readonly (keyof Request)[], deliver: (changes: Changes) => void): () => void;
  /** What of Python's changes may pass; the rest waits. */
  filter(changes: Changes): Changes;
  /** A person's newer values replace the ones that wait. */
  overtake(changes: Changes): void;
}

export function createHolds(): Holds {
  const held = new Map<keyof Request, number>();
  let waiting: Changes = {};

  const split = (changes: Changes, claim: (name: keyof Request) => boolean): Changes =>
    Object.fromEntries(
      namesIn(changes)
        .filter(claim)
        .map((name) => [name, changes[name]]),
    );
  const isHeld = (name: keyof Request) => (held.get(name) ?? 0) > 0;
  const count = (names: readonly (keyof Request)[], by: number) => {
    for (const name of names) held.set(name, (held.get(name) ?? 0) + by);
  };

  return {
    hold(names, deliver) {
      let holding = true;
      count(names, 1);
      return () => {
        if (!holding) return;
        holding = false;
        count(names, -1);
        const free = split(waiting, (name) => !isHeld(name));
        waiting = split(waiting, isHeld);
        if (namesIn(free).length > 0) deliver(free);
      };
    },
    filter(changes) {
      waiting = { ...waiting, ...split(changes, isHeld) };
      return split(changes, (name) => !isHeld(name));
    },
    overtake(changes) {
      waiting = split(waiting, (name) => !(name in changes));
    },
  };
}
