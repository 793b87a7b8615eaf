// How does plotly draw what is seen from above, and lines?

import type { Figure } from "../figure";
import type { Config, Drawing, Layout, Plotly } from "../plotly";
import type { Kind } from "../protocol";
import { same } from "../store/same";
import type { Listen, Renderer } from "./renderer";
import { showTrail, untilMoment } from "./trail";

const CONFIG: Config = {
  displayModeBar: false,
  displaylogo: false,
  showSendToCloud: false,
  typesetMath: false,
  scrollZoom: false,
  doubleClick: false,
  responsive: false,
};

export function createFlat(node: HTMLElement, plotly: Plotly, listen: Listen): Renderer {
  let started = false;
  let purged = false;
  let kind: Kind | null = null;
  let trail = 0;

  async function change(changes: Layout): Promise<void> {
    if (!started || purged || Object.keys(changes).length === 0) return;
    await plotly.relayout(node, changes);
    showTrail(node, trail);
  }

  async function draw({ data, layout }: Figure): Promise<void> {
    const element = await plotly.react(node, data, { ...layout, ...sizeOf(node) }, CONFIG);
    if (started || purged) return;
    started = true;
    wear(node);
    listen(element);
  }

  /** What stands there, which plotly draws once more for an image. */
  function printed(): Drawing {
    const { data, layout } = node as unknown as Drawing;
    return { data: data.map((trace) => untilMoment(trace, trail)), layout };
  }

  return {
    async show(figure) {
      // plotly leaves its cross of one kind standing in the next.
      if (started && figure.kind !== kind) plotly.Fx.unhover(node);
      kind = figure.kind;
      trail = figure.shown;
      const asked = rangesOf(figure);
      await draw(figure);
      if (purged) return;
      showTrail(node, trail);
      // After a narrower range than the last, plotly's react sets a wider one than asked for; relayout doesn't.
      if (!same(rangesOf(figure), asked)) await change(asked);
    },
    async amend({ shown }) {
      trail = shown;
      showTrail(node, trail);
    },
    look: () => undefined,
    fit: () => change(sizeOf(node)),
    point(x, y) {
      if (started) plotly.Fx.hover(node, { xval: x, yval: y }, undefined, true);
    },
    unpoint() {
      if (started) plotly.Fx.unhover(node);
    },
    async image(scale) {
      const { clientWidth: width, clientHeight: height } = node;
      const format = { format: "png", width, height, scale } as const;
      const picture = new Image();
      picture.src = await plotly.toImage(printed(), format);
      await picture.decode();
      const canvas = document.createElement("canvas");
      canvas.width = picture.width;
      canvas.height = picture.height;
      canvas.getContext("2d")?.drawImage(picture, 0, 0);
      return canvas;
    },
    async vector() {
      const { clientWidth: width, clientHeight: height } = node;
      const format = { format: "svg", width, height, scale: 1 } as const;
      const address = await plotly.toImage(printed(), format);
      return { width, height, markup: decodeURIComponent(address.replace(/^[^,]*,/, "")) };
    },
    purge() {
      purged = true;
      plotly.purge(node);
    },
  };
}

/** Nothing for a node that isn't shown: plotly takes its own default until it is. */
function sizeOf(node: HTMLElement): Layout {
  const { clientWidth: width, clientHeight: height } = node;
  return width > 0 && height > 0 ? { width, height } : {};
}

/** What is shown along the axes of a picture seen from above. */
function rangesOf({ layout }: Figure): Layout {
  const axes = Object.entries(layout).filter(([name]) => /^[xy]axis/.test(name));
  return Object.fromEntries(
    axes.map(([name, axis]) => [`${name}.range`, (axis as { readonly range?: unknown }).range]),
  );
}

/** plotly puts its style rules into the document's head, where a shadow root doesn't see them. */
function wear(node: HTMLElement): void {
  const root = node.getRootNode();
  if (!(root instanceof ShadowRoot) || root.querySelector("style[data-plotly]")) return;
  const style = document.createElement("style");
  style.dataset.plotly = "";
  for (const { sheet } of document.querySelectorAll<HTMLStyleElement>("[id^='plotly.js-style']")) {
    style.append([...(sheet?.cssRules ?? [])].map((rule) => rule.cssText).join("\n"));
  }
  root.append(style);
}
