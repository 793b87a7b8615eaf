// How does a comparison get at its members? Their widgets show nothing themselves; their stores live here.

import type { AnyModel } from "@anywidget/types";
import { openSession, type Session, type Traits } from "../kernel/sync";
import type { ComparisonTraits, MemberEntry } from "./traits";

export interface Member extends MemberEntry {
  readonly session: Session;
}

const PREFIX = "anywidget:";

/** Open a session for each member; they end with the signal. One that was closed for good is left out. */
export async function joinMembers(
  model: AnyModel<ComparisonTraits>,
  signal: AbortSignal,
): Promise<readonly Member[]> {
  const join = async (entry: MemberEntry): Promise<Member> => {
    const id = entry.ref.replace(PREFIX, "");
    const child = await model.widget_manager.get_model<Traits>(id);
    return { ...entry, session: openSession(child, signal) };
  };
  const joined = await Promise.allSettled(model.get("members").map(join));
  return joined.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
}
