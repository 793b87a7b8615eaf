// What happens when the kernel speaks? Bytes are read, the store is told, and what got lost is asked for.

import type { Message, Telling } from "../protocol";
import type { KernelStore } from "../store";
import { mapOf, shownOf } from "../store/known";
import type { Acknowledgements } from "./acknowledgements";
import { ProtocolError } from "./bytes";
import type { ConnectionWatch } from "./connection";
import { decode, unpack, unpackSurface } from "./decode";
import { callRoll } from "./roll-call";

export interface Inbox {
  /** A custom message. */
  receive(content: unknown, buffers: readonly DataView[]): void;
  /** A message that came in a trait. */
  open(bytes: DataView): void;
  /** One that came before the page: of a surface it tells all the same, all else is past. */
  recall(bytes: DataView): void;
  /** A snapshot: all that a notebook without a kernel has, or a view that came late. True if it tells more. */
  restore(bytes: DataView): boolean;
}

/** `hello` asks the kernel for the whole surface. */
export function createInbox(
  store: KernelStore,
  connection: ConnectionWatch,
  acknowledgements: Acknowledgements,
  hello: () => void,
  signal: AbortSignal,
): Inbox {
  let missing = false;
  const roll = callRoll(store, () => missing, hello, signal);

  function take(message: Message): void {
    connection.heard(message.kind === "pong" ? message.ping : 0);
    if (message.kind === "refusal") store.refusal.value = message;
    else if (message.kind === "page") store.page.value = message.content;
    else if (message.kind !== "pong") learn(message);
    else if (message.told) roll.compare(message.told);
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
  function checked<Result>(run: () => Result): Result | undefined {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      store.error.value = { message: error.message, traceback: "" };
      return undefined;
    }
  }

  function restore(bytes: DataView): boolean {
    if (bytes.byteLength === 0) return false;
    const snapshot = unpackSurface(bytes);
    const shown = shownOf(store.known.peek(), snapshot.map);
    const known = shown?.generation === snapshot.generation ? shown.level : -1;
    return snapshot.level > known && store.arrive(snapshot).applied;
  }

  return {
    receive: (content, buffers) => checked(() => take(decode(content, buffers))),
    open: (bytes) => checked(() => take(unpack(bytes))),
    recall: (bytes) =>
      checked(() => {
        const message = unpack(bytes);
        if (message.kind === "surface") store.arrive(message);
      }),
    restore: (bytes) => checked(() => restore(bytes)) ?? false,
  };
}
