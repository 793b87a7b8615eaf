// An anywidget model without a kernel: traits as Backbone keeps them, messages as they were sent.

import type { AnyModel } from "@anywidget/types";
import { vi } from "vitest";
import type { Traits } from "../src/kernel/sync";
import type { Outgoing } from "../src/protocol";
import { same } from "../src/store/same";
import { choices, request, status } from "./messages";

type Listener = Parameters<AnyModel["on"]>[1];

export interface FakeModel extends AnyModel<Traits> {
  readonly sent: Outgoing[];
  /** Traits that Python sets. */
  receive(traits: Partial<Traits>): Promise<void>;
  /** An event: a message, a comm that closes. */
  emit(event: string, ...what: readonly unknown[]): void;
  /** From now on nothing can be sent. */
  die(): void;
}

export function fakeModel(initial: Partial<Traits> = {}): FakeModel {
  const traits: Traits = {
    ...request,
    status,
    error: null,
    choices,
    snapshot: new DataView(new ArrayBuffer(0)),
    snapshots: {},
    sharpness: null,
    transport: "messages",
    address: "landscape",
    told: { read: {}, letters: [] },
    asked: { page: "", read: 0, messages: [] },
    inscription: "bG9zcw",
    _library: "anywidget:library",
    ...initial,
  };
  const listeners = new Map<string, Set<Listener>>();
  const sent: Outgoing[] = [];
  let dead = false;
  const emit: FakeModel["emit"] = (event, ...what) => {
    for (const listener of [...(listeners.get(event) ?? [])]) listener(...what);
  };
  const put = (changes: Partial<Traits>) => {
    const news = Object.entries(changes).filter(
      ([name, value]) => value instanceof DataView || !same(traits[name as keyof Traits], value),
    );
    Object.assign(traits, Object.fromEntries(news));
    for (const [name] of news) emit(`change:${name}`);
  };
  return {
    sent,
    emit,
    get: (name) => traits[name],
    set: (name, value) => put({ [name]: value }),
    save_changes: vi.fn(),
    send(content: Outgoing) {
      if (dead) throw new Error("Cannot send");
      sent.push(content);
    },
    on(event: string, listener: Listener) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
    },
    off(event, listener) {
      if (event && listener) listeners.get(event)?.delete(listener);
    },
    async receive(changes) {
      put(changes);
      await Promise.resolve();
    },
    die() {
      dead = true;
      emit("comm_live_update");
    },
    widget_manager: { get_model: () => Promise.reject(new Error("no other models here")) },
  };
}
