// What stands in for the kernel's model in a saved page? Traits as they were, and nobody who answers.

import type { AnyModel } from "@anywidget/types";
import type { Traits } from "../kernel/sync";
import type { Outgoing } from "../protocol";

type Listener = Parameters<AnyModel["on"]>[1];
type Bytes = "snapshot" | "snapshots";
type Travelling = "transport" | "told" | "asked" | "address";

/** As the page holds it: JSON, so bytes are in base64; and nothing is under way. */
export interface Saved extends Omit<Traits, Bytes | Travelling> {
  readonly snapshot: string;
  readonly snapshots: Readonly<Record<string, string>>;
}

export function standIn(saved: Saved): AnyModel<Traits> {
  const snapshots = Object.entries(saved.snapshots).map(([key, text]) => [key, bytesOf(text)]);
  const traits: Traits = {
    ...saved,
    snapshot: bytesOf(saved.snapshot),
    snapshots: Object.fromEntries(snapshots),
    transport: "messages",
    address: "",
    told: { read: {}, letters: [] },
    asked: { page: "", read: 0, messages: [] },
  };
  const listeners = new Map<string, Set<Listener>>();
  const emit = (event: string, ...what: readonly unknown[]) => {
    for (const listener of [...(listeners.get(event) ?? [])]) listener(...what);
  };
  return {
    get: (name) => traits[name],
    set(name, value) {
      Object.assign(traits, { [name]: value });
      emit(`change:${name}`);
    },
    on(event: string, listener: Listener) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
    },
    off(event, listener) {
      if (event && listener) listeners.get(event)?.delete(listener);
    },
    save_changes() {},
    /** Only whether anybody is there is answered, so that nothing waits. */
    send(content: Outgoing) {
      if (content.kind === "ping") emit("msg:custom", { kind: "pong", ping: content.ping }, []);
    },
    widget_manager: { get_model: () => Promise.reject(new Error("a saved page has one model")) },
  };
}

function bytesOf(base64: string): DataView {
  const text = atob(base64);
  return new DataView(Uint8Array.from(text, (letter) => letter.charCodeAt(0)).buffer);
}
