// Does the picture on screen still show what the store holds? If not, draw it again.

import { type ReadonlySignal, signal } from "@preact/signals-core";
import { type Figure, figure, kindOf, pathInSpace } from "../figure";
import { widthFor } from "../figure/plane";
import { roomSides } from "../figure/space";
import { shownCount } from "../path";
import type { Barrier, Request } from "../protocol";
import type { Triple } from "../space/matrix";
import type { Store } from "../store";
import { same } from "../store/same";
import { hasPreview, type Surface } from "../surface";
import type { Amendment } from "./amendment";
import { createPlot, type Plot } from "./plot";
import type { Listen, Renderers } from "./renderer";
import type { Theme } from "./theme";
import { isCompact, type Viewpoint } from "./viewpoint";

export interface Easel {
  /** Null until the renderers are there. */
  readonly plot: ReadonlySignal<Plot | null>;
  /** Why the last picture could not be drawn. */
  readonly problem: ReadonlySignal<string | null>;
  start(renderers: Renderers, listen: Listen): void;
  /** Look again at everything, on the next frame; cheap when nothing has changed. */
  refresh(): void;
  resize(): void;
}

/** Milliseconds between two pictures of a level that is under way: drawing takes time from whoever computes. */
const GROWTH = { least: 300, most: 2000 } as const;
/** … and as many times what the last one took. */
const REST = 15;

/** What an easel looks at. */
export interface Subject {
  readonly store: Store;
  readonly request: ReadonlySignal<Request>;
  readonly theme: ReadonlySignal<Theme>;
  readonly viewpoint: Viewpoint;
  readonly dress: ReadonlySignal<Dress>;
  /** How many share the time there is to draw. */
  readonly pictures: number;
}

/** What is drawn of a figure that stands among others. */
export type Dress = (figure: Figure) => Figure;

/** `drawn` is told after each frame what stands on `host`. */
export function createEasel(
  host: HTMLElement,
  { store, request, theme, viewpoint, dress, pictures }: Subject,
  drawn: (surface: Surface) => void,
): Easel {
  const plot = signal<Plot | null>(null);
  const problem = signal<string | null>(null);
  let onScreen: Surface | null = null;
  let madeOf: unknown = null;
  let walkOf: unknown = null;
  let pathStarts = 0;
  let size = { width: 0, height: 0 };
  let made = { interpolated: false, revision: 0, time: 0 };
  let isMade = false;
  let cost = 0;

  function pause(): number {
    return Math.max(GROWTH.least, Math.min(GROWTH.most, REST * cost));
  }

  /** True once ground has been measured that the picture shows as interpolated, or as a preview. */
  function hasGrown(surface: Surface): boolean {
    if (!made.interpolated || surface.revision === made.revision) return false;
    const isResting = store.status.peek().phase !== "computing";
    return (
      isResting || (!hasPreview(surface) && performance.now() - made.time >= pause() * pictures)
    );
  }

  /** The figure to draw, or its path alone, or null when the one on screen is right but for its camera. */
  function next(): Figure | Amendment | null {
    onScreen = store.surface.peek();
    const view = { ...request.peek(), camera: viewpoint.current() };
    const inSpace = kindOf(onScreen, view) === "surface";
    const parts = {
      map: onScreen?.map,
      generation: onScreen?.generation,
      level: onScreen?.level,
      renewed: onScreen?.renewed,
      preview: onScreen !== null && onScreen.level >= 0 && hasPreview(onScreen),
      view: visible(view),
      theme: { ...theme.peek(), compact: isCompact(size.width) },
      previous: store.previous.peek(),
      dress: dress.peek(),
      barrier: barrierOf(onScreen),
      explained: onScreen?.path && [onScreen.path.explained, onScreen.path.byChance],
      path: inSpace ? null : onScreen?.pathSequence,
    };
    const walk = { path: onScreen?.pathSequence, moment: view.moment };
    const moved = viewpoint.differs();
    viewpoint.stands(view.camera);
    if (!same(parts, madeOf) || (onScreen && hasGrown(onScreen))) {
      [madeOf, walkOf] = [parts, walk];
      const next = parts.dress(figure(onScreen, view, parts.theme, parts.previous, parts.barrier));
      const { interpolated } = next;
      pathStarts = next.data.length - next.pathTraces;
      made = { interpolated, revision: onScreen?.revision ?? 0, time: performance.now() };
      isMade = true;
      return next;
    }
    if (onScreen?.path && !same(walk, walkOf)) {
      walkOf = walk;
      const shown = shownCount(onScreen.path, view.moment);
      if (!inSpace) return { shown, inSpace: null };
      const traces = pathInSpace(onScreen, { request: view, ...parts });
      return { shown, inSpace: { first: pathStarts, traces, camera: view.camera } };
    }
    if (moved && inSpace) plot.peek()?.look(view.camera);
    return null;
  }

  /** The status tells of another line before its first level is drawn. */
  function barrierOf(surface: Surface | null): Barrier | null {
    const { generation, barrier } = store.status.peek();
    return surface?.generation === generation ? barrier : null;
  }

  function done(): void {
    if (isMade) cost = performance.now() - made.time;
    isMade = false;
    problem.value = null;
    if (onScreen) drawn(onScreen);
  }

  function fail(error: unknown): void {
    problem.value = `The picture can't be drawn: ${error instanceof Error ? error.message : error}`;
  }

  /** Room for the labels; a picture from above is no wider than it needs, so that its colour bar stands beside it. */
  function arrange(): void {
    const { clientWidth: width, clientHeight: height } = host;
    // While JupyterLab changes its theme nothing has a size, and nobody tells when it is over.
    if (width > 0 && height > 0) size = { width, height };
    const kind = kindOf(store.surface.peek(), request.peek());
    const fromAbove = kind === "contour" || kind === "heatmap";
    const most = Math.round(widthFor(size.height, store.surface.peek(), request.peek()));
    host.style.maxWidth = fromAbove ? `${most}px` : "";
    viewpoint.fit(size.width, size.height, halves(store.surface.peek(), request.peek()));
  }

  return {
    plot,
    problem,
    start(renderers, listen) {
      plot.value = createPlot(host, renderers, listen, done, fail);
    },
    refresh() {
      arrange();
      plot.peek()?.draw(next);
    },
    resize() {
      arrange();
      plot.peek()?.draw(next);
      plot.peek()?.resize();
    },
  };
}

function halves(surface: Surface | null, request: Request): Triple {
  const { x, y, z } = roomSides(surface, request);
  return [x / 2, y / 2, z / 2];
}

/** What of a request decides the picture, but for its camera and how far along the path it is. */
function visible(request: Request): Partial<Request> {
  const { x, y, normalization, directions, metric, kind } = request;
  const { scale, clip, limits, levels, colors, height, marked, cuts, big_type, pins, locked } =
    request;
  const where = { x, y, normalization, directions, metric, kind };
  return {
    ...where,
    scale,
    clip,
    limits,
    levels,
    colors,
    height,
    marked,
    cuts,
    big_type,
    pins,
    locked,
  };
}
