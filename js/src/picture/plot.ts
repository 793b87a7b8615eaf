// When is a picture drawn? At most once an animation frame, and only the latest.

import type { Figure } from "../figure";
import type { Camera } from "../protocol";
import type { Amendment } from "./amendment";
import { createFlat } from "./flat";
import type { Listen, Renderer, Renderers } from "./renderer";

/** What a renderer has to be able to do; in space it is ours, elsewhere plotly's. */
export interface Plot
  extends Pick<Renderer, "look" | "point" | "unpoint" | "image" | "vector" | "purge"> {
  /** Asked when the frame comes; null when the picture is as it should be, which counts as drawn. */
  draw(drawing: () => Figure | Amendment | null): void;
  resize(): void;
}

/** `drawn` is told after each draw, `failed` when a renderer throws. */
export function createPlot(
  host: HTMLElement,
  { plotly, space }: Renderers,
  listen: Listen,
  drawn: () => void,
  failed: (error: unknown) => void,
): Plot {
  const stands = {
    flat: stand((node) => createFlat(node, plotly, listen)),
    space: stand((node) => space?.(node, listen) ?? createFlat(node, plotly, listen)),
  };
  let current: Stand | null = null;
  let drawing: (() => Figure | Amendment | null) | null = null;
  let camera: Camera | null = null;
  let resized = false;
  let frame = 0;
  let busy = false;
  let purged = false;
  // Who looks at the page can wait until what was asked for is drawn.
  Object.defineProperty(host, "isAtRest", {
    configurable: true,
    get: () => frame === 0 && !busy,
  });

  function stand(open: (node: HTMLElement) => Renderer): Stand {
    const node = document.createElement("div");
    node.className = "lw-drawing";
    node.style.cssText = "width: 100%; height: 100%";
    let opened: Renderer | null = null;
    return {
      node,
      get renderer() {
        opened ??= open(node);
        return opened;
      },
      purge: () => opened?.purge(),
    };
  }

  function request(): void {
    if (frame === 0 && !busy && !purged) frame = requestAnimationFrame(() => void run());
  }

  async function run(): Promise<void> {
    frame = 0;
    busy = true;
    try {
      await work();
    } catch (error) {
      failed(error);
    }
    busy = false;
    if (drawing || camera || resized) request();
  }

  async function work(): Promise<void> {
    const make = drawing;
    drawing = null;
    const made = make?.() ?? null;
    const [view, fit] = [camera, resized];
    [camera, resized] = [null, false];
    if (made && "layout" in made) await show(made);
    else if (made) await current?.renderer.amend(made);
    if (purged) return;
    if (make) drawn();
    if (view) current?.renderer.look(view);
    if (fit) await current?.renderer.fit();
  }

  async function show(next: Figure): Promise<void> {
    const wanted = next.kind === "surface" ? stands.space : stands.flat;
    if (wanted !== current) {
      current?.renderer.unpoint();
      host.replaceChildren(wanted.node);
      current = wanted;
    }
    await wanted.renderer.show(next);
  }

  function standing(): Stand {
    if (!current) throw new Error("There is no picture yet. Wait until something is drawn.");
    return current;
  }

  return {
    draw(next) {
      drawing = next;
      request();
    },
    look(next) {
      camera = next;
      request();
    },
    point: (x, y) => current?.renderer.point(x, y),
    unpoint: () => current?.renderer.unpoint(),
    image: async (scale) => standing().renderer.image(scale),
    vector: async () => standing().renderer.vector(),
    resize() {
      resized = true;
      request();
    },
    purge() {
      purged = true;
      cancelAnimationFrame(frame);
      for (const { purge } of Object.values(stands)) purge();
    },
  };
}

/** A node with what draws into it, opened when it is first needed. */
interface Stand {
  readonly node: HTMLElement;
  readonly renderer: Renderer;
  purge(): void;
}
