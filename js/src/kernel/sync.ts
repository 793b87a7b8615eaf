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
import { underCover } from "../store/cover";
import { namesIn } from "../store/history";
import { type Acknowledgements, createAcknowledgements } from "./acknowledgements";
import { watchConnection } from "./connection";
import { forgetAtEnd } from "./farewell";
import { watchHearing } from "./hearing";
import { createInbox } from "./inbox";
import { latest } from "./latest";
import { type Asked, createMail, type Told } from "./mail";
import { revive } from "./revival";

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
  /** How messages travel; with "traits" in the next two. */
  readonly transport: "messages" | "traits";
  readonly told: Told;
  /** Written by the page only. */
  readonly asked: Asked;
  /** What only pictures that stand in for this widget contain. */
  readonly inscription: string;
  /** Of the model itself. */
  readonly address: string;
  /** The widget that carries plotly.js. */
  readonly _library: string;
}

/** What all views of one model share. */
export interface Session {
  readonly store: Store;
  readonly acknowledgements: Acknowledgements;
  readonly library: string;
  readonly inscription: string;
  /** Tell the kernel whether the picture that stands in is hidden here. */
  photographed(hidden: boolean): void;
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
  const ping = (number: number) => send({ kind: "ping", ping: number });
  const connection = watchConnection(store, ping, signal, listenAgain);
  const acknowledgements = createAcknowledgements((message) => send({ kind: "ack", ...message }));
  const inbox = createInbox(store, connection, acknowledgements, () => hello(), signal);
  const hearing = watchHearing(useTraits, signal);
  const mail = createMail(model.get("told"), (asked) => {
    model.set("asked", asked);
    deliver(undefined);
  });
  const deliver = latest(saveAll);
  const save = latest(() => {
    const saved = saveAll();
    connection.asked();
    return saved;
  });
  const receive = gathered(store.receive);
  let writing = false;
  let isDead = false;

  function saveAll(): Promise<void> {
    model.save_changes();
    return new Promise((resolve) => setTimeout(resolve, FRAME));
  }

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
    if (usesTraits() && !isDead) mail.post(message);
    else sendAlone(message);
  }

  /** As a message, which is refused where the line is dead; a trait is set in silence. */
  function sendAlone(message: Outgoing): void {
    try {
      model.send(message);
      isDead = false;
    } catch {
      isDead = true;
      connection.lost();
    }
  }

  function hello(by: typeof send = send): void {
    by({ kind: "hello", visible: !document.hidden });
    connection.asked();
  }

  function listenAgain(): void {
    const revived = revive(model as unknown as AnyModel, model.get("address"));
    void revived.then((isHeard) => isHeard && hello());
  }

  function usesTraits(): boolean {
    return model.get("transport") === "traits";
  }

  function useTraits(): void {
    model.set("transport", "traits");
    hello();
  }

  function restore(snapshots: readonly DataView[]): void {
    const isNews = snapshots.filter(inbox.restore).length > 0;
    if (isNews && !usesTraits()) hearing.missed();
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
  onTrait("snapshot", (bytes) => restore([bytes]));
  onTrait("snapshots", (all) => restore(Object.values(all)));
  onTrait("told", (told) => mail.open(told).forEach(inbox.open));
  on("msg:custom", (content, buffers) => {
    hearing.message();
    inbox.receive(content, buffers);
  });
  on("comm_live_update", () => hello(sendAlone));
  forgetAtEnd(model);
  document.addEventListener("visibilitychange", acknowledgements.look, { signal });
  inbox.restore(model.get("snapshot"));
  Object.values(model.get("snapshots")).forEach(inbox.restore);
  for (const { message } of model.get("told").letters) inbox.recall(message);
  hello();
  return {
    store: underCover(store),
    acknowledgements,
    library: model.get("_library"),
    inscription: model.get("inscription"),
    photographed: (hidden) => send({ kind: "photograph", hidden }),
  };
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
