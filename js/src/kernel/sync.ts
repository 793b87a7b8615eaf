// How do the store and the kernel stay one? The only file that touches the anywidget model.

import type { AnyModel } from "@anywidget/types";
import {
  type Choices,
  type Failure,
  type Outgoing,
  type Request,
  requestNames,
  type Sharpness,
  type Status,
} from "../protocol";
import { createStore, type Store } from "../store";
import { namesIn } from "../store/history";
import { type Acknowledgements, createAcknowledgements } from "./acknowledgements";
import { watchConnection } from "./connection";
import { createInbox } from "./inbox";
import { latest } from "./latest";

/** The traits of `LandscapeWidget`. */
export interface Traits extends Request {
  readonly status: Status;
  readonly error: Failure | null;
  readonly choices: Choices;
  /** Empty before the first level. */
  readonly snapshot: DataView;
  /** The same of each map, by its key. */
  readonly snapshots: Readonly<Record<string, DataView>>;
  readonly sharpness: Sharpness | null;
  /** The widget that carries plotly.js. */
  readonly _library: string;
}

/** What all views of one model share. */
export interface Session {
  readonly store: Store;
  readonly acknowledgements: Acknowledgements;
  readonly library: string;
}

type Listener = Parameters<AnyModel["on"]>[1];

/** ipywidgets sends one update at a time by itself, but a hundred moves of a pointer need not reach it. */
const FRAME = 16;

/** Open the one session of a model; every listener ends with the signal. */
export function openSession(model: AnyModel<Traits>, signal: AbortSignal): Session {
  const results = {
    status: model.get("status"),
    error: model.get("error"),
    choices: model.get("choices"),
    sharpness: model.get("sharpness"),
  };
  const store = createStore({ request: requestOf(model), ...results }, { write, act: ask });
  const connection = watchConnection(store, (ping) => send({ kind: "ping", ping }), signal);
  const acknowledgements = createAcknowledgements((message) => send({ kind: "ack", ...message }));
  const inbox = createInbox(store, connection, acknowledgements, hello);
  const save = latest(async () => {
    model.save_changes();
    connection.asked();
    await new Promise((resolve) => setTimeout(resolve, FRAME));
  });
  const receive = gathered(store.receive);
  let writing = false;

  function write(changes: Partial<Request>): void {
    writing = true;
    for (const name of namesIn(changes)) model.set(name, changes[name] as Request[typeof name]);
    writing = false;
    save(undefined);
  }

  function ask(message: Outgoing): void {
    send(message);
    connection.asked();
  }

  function send(message: Outgoing): void {
    try {
      model.send(message);
    } catch {
      connection.lost();
    }
  }

  function hello(): void {
    ask({ kind: "hello", visible: !document.hidden });
  }

  function restoreAll(snapshots: Traits["snapshots"]): void {
    for (const bytes of Object.values(snapshots)) inbox.restore(bytes);
  }

  function on(event: string, run: Listener): void {
    model.on(event, run);
    signal.addEventListener("abort", () => model.off(event, run), { once: true });
  }

  function onTrait<Name extends keyof Traits & string>(
    name: Name,
    take: (value: Traits[Name]) => void,
  ) {
    on(`change:${name}`, () => {
      if (writing) return;
      connection.heard();
      take(model.get(name));
    });
  }

  for (const name of requestNames) onTrait(name, (value) => receive({ [name]: value }));
  onTrait("status", (status) => {
    store.status.value = status;
  });
  onTrait("error", (error) => {
    store.error.value = error;
  });
  onTrait("choices", (choices) => {
    store.choices.value = choices;
  });
  onTrait("sharpness", (sharpness) => {
    store.sharpness.value = sharpness;
  });
  onTrait("snapshot", inbox.restore);
  onTrait("snapshots", restoreAll);
  on("msg:custom", inbox.receive);
  on("comm_live_update", hello);
  document.addEventListener("visibilitychange", acknowledgements.look, { signal });
  inbox.restore(model.get("snapshot"));
  restoreAll(model.get("snapshots"));
  hello();
  return { store, acknowledgements, library: model.get("_library") };
}

/** Traits that Python sets together come as one event each, but are one change. */
function gathered(receive: (changes: Partial<Request>) => void): typeof receive {
  let all: Partial<Request> | null = null;
  return (changes) => {
    if (!all) queueMicrotask(deliver);
    all = { ...all, ...changes };
  };
  function deliver(): void {
    const changes = all ?? {};
    all = null;
    receive(changes);
  }
}

function requestOf(model: AnyModel<Traits>): Request {
  return Object.fromEntries(
    requestNames.map((name) => [name, model.get(name)]),
  ) as unknown as Request;
}
