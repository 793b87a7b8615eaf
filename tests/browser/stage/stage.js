// What does a notebook give to a widget? Its model, a host and a place; here there is no kernel behind them.

import { flawsOf } from "./flaws.js";
import module from "./library.js";

const library = module.initialize();
const HINTS = Symbol.for("landscape-widget.hints");
const QUIET = 100;
const place = document.getElementById("cell");
let leave = () => {};

// Pictures share what they draw with for as long as the page lives, so without WebGL it is from the start.
if (location.search === "?without-webgl") {
  const { getContext } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return kind.includes("webgl") ? null : getContext.call(this, kind, ...rest);
  };
}

/** One model: a ping is answered as often as `answers` says, and a dead line throws. */
function createModel(traits, { answers, alive }, children) {
  const values = { ...traits, ...bytesIn(traits) };
  const listeners = new Map();
  const emit = (event, ...what) => {
    for (const listener of [...(listeners.get(event) ?? [])]) listener(...what);
  };
  const model = {
    sent: [],
    get: (name) => values[name],
    set(name, value) {
      values[name] = value;
      emit(`change:${name}`);
    },
    on(event, listener) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
    },
    off: (event, listener) => listeners.get(event)?.delete(listener),
    save_changes() {},
    send(content) {
      if (!alive) throw new Error("Cannot send");
      model.sent.push(content);
      if (content.kind !== "ping" || answers <= 0) return;
      answers -= 1;
      setTimeout(() => emit("msg:custom", { kind: "pong", ping: content.ping }, []));
    },
    tell: (content, buffers = []) => emit("msg:custom", content, buffers),
    widget_manager: { get_model: async (id) => children[id] },
  };
  return model;
}

/** Take the last play off and put another one on. */
async function show(play) {
  leave();
  await Promise.all(["13px Stage", "bold 13px Stage", "13px StageMono"].map((font) => document.fonts.load(font)));
  const end = new AbortController();
  if (play.hints) Reflect.deleteProperty(globalThis, HINTS);
  else globalThis[HINTS] = true;
  const child = ([id, traits]) => [id, createModel(traits, play, {})];
  const children = Object.fromEntries(Object.entries(play.members).map(child));
  const model = createModel(play.traits, play, children);
  const load = () => (play.plotly ? library.load() : Promise.reject(new Error("no module")));
  const host = { getWidget: async () => ({ exports: { load } }) };
  const widget = library[play.bundle]();
  const el = document.createElement("div");
  place.replaceChildren(el);
  leave = () => {
    end.abort();
    place.replaceChildren();
  };
  widget.initialize({ model, signal: end.signal });
  await widget.render({ model, el, host, signal: end.signal });
  globalThis.stage.model = model;
}

/** Until something is drawn and on screen, and nothing has changed for a while, on a canvas neither. */
async function settled() {
  const drawn = () => [...place.querySelectorAll(".lw-picture")].every(isDrawn);
  const seen = () => (drawn() ? [...place.querySelectorAll("canvas")].map(thumbnailOf).join() : null);
  for (let turn = 0; turn < 100; turn += 1) {
    const before = seen();
    await quiet();
    await twoFrames();
    if (before !== null && before === seen()) return;
  }
  throw new Error("Nothing was drawn, or it is still changing.");
}

function twoFrames() {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}

function thumbnailOf(canvas) {
  const small = new OffscreenCanvas(48, 48);
  const pen = small.getContext("2d");
  if (canvas.width > 0 && canvas.height > 0) pen.drawImage(canvas, 0, 0, 48, 48);
  return pen.getImageData(0, 0, 48, 48).data.join();
}

/** A picture carries its data, unless it stands as a table. */
function isDrawn(picture) {
  return picture.querySelector("table") !== null || plotIn(picture)?.parentElement.isAtRest === true;
}

function plotIn(picture) {
  return [...picture.querySelectorAll("*")].find((node) => Array.isArray(node.data) && node.layout);
}

function plots() {
  return [...place.querySelectorAll(".lw-picture")].map(plotIn).filter((plot) => plot !== undefined);
}

/** What is plotted, one entry a picture: the traces, the window and what is written in it. */
function data() {
  return plots().map(({ data, layout }) => ({
    traces: data.map(({ type, name, visible, mode, x, y, z, text }) =>
      plain({ type, name, visible, mode, x, y, z, text }),
    ),
    windows: Object.entries({ ...layout, ...layout.scene })
      .filter(([name]) => /^[xyz]axis/.test(name))
      .map(([name, { range, title }]) => plain({ name, range, title: title?.text })),
    notes: [...(layout.annotations ?? []), ...(layout.scene?.annotations ?? [])].map(({ text }) => text),
  }));
}

/** Only what JSON knows: null stands for what isn't finite. */
function plain(value) {
  if (ArrayBuffer.isView(value)) return Array.from(value, plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object" || value === null) return value;
  const known = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(known.map(([name, one]) => [name, plain(one)]));
}

function quiet() {
  return new Promise((resolve) => {
    let timer;
    const observer = new MutationObserver(() => wait());
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        observer.disconnect();
        resolve();
      }, QUIET);
    };
    observer.observe(document.body, { attributes: true, characterData: true, childList: true, subtree: true });
    wait();
  });
}

function bytesIn({ snapshot, snapshots }) {
  const each = Object.entries(snapshots).map(([key, text]) => [key, bytesOf(text)]);
  const told = { read: {}, letters: [] };
  return { snapshot: bytesOf(snapshot), snapshots: Object.fromEntries(each), told };
}

function bytesOf(base64) {
  return new DataView(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer);
}

function flaws() {
  const found = flawsOf(place.querySelector(".landscape-widget"));
  document.activeElement?.blur();
  return found;
}

globalThis.stage = { show, settled, flaws, plots, data };
