// What happens when the kernel speaks? Bytes are read, the store is told, and what got lost is asked for.

import type { Message, Telling } from "../protocol";
import type { KernelStore } from "../store";
import { mapOf, shownOf } from "../store/known";
import type { Acknowledgements } from "./acknowledgements";
import { ProtocolError } from "./bytes";
import type { ConnectionWatch } from "./connection";
import { decode, unpack } from "./decode";

export interface Inbox {
  /** A custom message. */
  receive(content: unknown, buffers: readonly DataView[]): void;
  /** A snapshot: all that a notebook without a kernel has, or a view that came late. */
  restore(bytes: DataView): void;
}

/** `hello` asks the kernel for the whole surface. */
export function createInbox(
  store: KernelStore,
  connection: ConnectionWatch,
  acknowledgements: Acknowledgements,
  hello: () => void,
): Inbox {
  let missing = false;

  function take(message: Message): void {
    connection.heard(message.kind === "pong" ? message.ping : 0);
    if (message.kind === "refusal") store.refusal.value = message;
    if (message.kind !== "refusal" && message.kind !== "pong") learn(message);
  }

  function learn(message: Telling): void {
    const { applied, incomplete } = store.arrive(message);
    const { generation, sequence } = message;
    const shown = store.surface.peek();
    const isSeen = shown?.map === mapOf(message) && shown.generation === generation;
    acknowledgements.arrived({ generation, sequence }, applied && isSeen ? shown : null);
    const ask = incomplete && !missing;
    missing = message.kind !== "surface" && (missing || incomplete);
    if (ask) hello();
  }

  /** What can't be read is shown as what it is, an error. */
  function checked(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      store.error.value = { message: error.message, traceback: "" };
    }
  }

  return {
    receive: (content, buffers) => checked(() => take(decode(content, buffers))),
    restore: (bytes) =>
      checked(() => {
        if (bytes.byteLength === 0) return;
        const snapshot = unpack(bytes);
        const shown = shownOf(store.known.peek(), snapshot.map);
        const known = shown?.generation === snapshot.generation ? shown.level : -1;
        if (snapshot.level > known) store.arrive(snapshot);
      }),
  };
}
