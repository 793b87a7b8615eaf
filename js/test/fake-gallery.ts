// Several pictures of a comparison, drawn by a plotly that remembers for each node what it was asked to draw.

import type { Host, RenderProps } from "@anywidget/types";
import { vi } from "vitest";
import comparison from "../src/comparison";
import type { ComparisonTraits } from "../src/comparison/traits";
import type { Drawn, Layout, Plotly, Trace } from "../src/plotly";
import type { Path, Request, Status } from "../src/protocol";
import { type FakeModel, fakeModel } from "./fake-model";
import { fakeFrames } from "./fake-plotly";
import { fakeRenderers } from "./fake-renderers";
import { choices, request, status, surfaceMessage } from "./fake-store";
import { encoded } from "./messages";

export interface Painted {
  data: readonly Trace[];
  layout: Layout;
  draws: number;
  readonly relayouts: Layout[];
  /** Places where the cross was shown; null where it was taken away. */
  readonly crosses: unknown[];
  emit(event: string, detail?: unknown): void;
}

export const finished: Status = {
  ...status,
  phase: "done",
  level: 0,
  drawn: [5, 5],
  resolution: [5, 5],
};

export type Changes = Partial<Omit<ComparisonTraits, keyof Request>> & Partial<Request>;
type Loss = (x: number, y: number) => number;

/** A comparison whose members have these losses on 5 × 5 cells, drawn once. */
export async function openComparison(
  losses: Readonly<Record<string, Loss>>,
  changes: Changes = {},
) {
  const frames = fakeFrames();
  const context = {} as WebGLRenderingContext;
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(context);
  vi.stubGlobal("requestAnimationFrame", frames.requestAnimationFrame);
  vi.stubGlobal("cancelAnimationFrame", frames.cancelAnimationFrame);
  const life = new AbortController();
  const { plotly, painted } = gallery();
  const asked = { ...request, kind: "contour", resolution: [5, 5], name: "" } as const;
  const titles = Object.keys(losses);
  const members = titles.map(() => fakeModel({ ...asked, status: finished, choices }));
  const entry = { about: "", cell: null, own: [] };
  const entries = titles.map((title, index) => ({ ...entry, title, ref: `anywidget:${index}` }));
  const beside = { matrix: null, columns: null, table: [], differences: [], insist: false };
  const traits = { ...asked, status: finished, choices, members: entries, ...beside, ...changes };
  const model: FakeModel = {
    ...fakeModel(traits),
    widget_manager: {
      async get_model(id: string) {
        if (!members[Number(id)]) throw new Error("no such model");
        return members[Number(id)] as never;
      },
    },
  };
  const library = { exports: { load: async () => fakeRenderers(plotly) } };
  const props = {
    model,
    signal: life.signal,
    el: document.body.appendChild(document.createElement("div")),
    host: { getWidget: async () => library } as unknown as Host,
    experimental: { invoke: vi.fn() },
  } as unknown as RenderProps<ComparisonTraits>;
  const widget = comparison();
  widget.initialize(props);
  await widget.render(props);
  const settle = async () => {
    for (let turn = 0; turn < 4; turn++) await frames.pass();
  };
  const tell = (index: number, loss: Loss, generation = 1, path: Path | null = null) =>
    members[index]?.emit("msg:custom", ...encoded(surfaceMessage(5, loss, { generation, path })));
  await settle();
  for (const [index, loss] of Object.values(losses).entries()) tell(index, loss);
  await settle();
  const root = props.el.querySelector(".lw-comparison") as HTMLElement;
  const tile = (index: number) =>
    root.querySelectorAll<HTMLElement>(".lw-tile")[index] as HTMLElement;
  const picture = (index: number) =>
    painted.get(tile(index).querySelector(".lw-picture > div > div") as HTMLElement) as Painted;
  return { model, members, root, tile, picture, settle, tell, close: () => life.abort() };
}

function gallery() {
  const painted = new Map<HTMLElement, Painted>();
  const begin = (node: HTMLElement): Painted => {
    const listeners = new Map<string, (detail: never) => void>();
    const one: Painted = {
      data: [],
      layout: {},
      draws: 0,
      relayouts: [],
      crosses: [],
      emit: (event, detail) => listeners.get(event)?.(detail as never),
    };
    painted.set(node, one);
    Object.assign(node, { on: listeners.set.bind(listeners) });
    return one;
  };
  const plotly: Plotly = {
    async react(node, data, layout) {
      const one = painted.get(node) ?? begin(node);
      Object.assign(one, { data, layout, draws: one.draws + 1 });
      return node as Drawn;
    },
    async relayout(node, changes) {
      painted.get(node)?.relayouts.push(changes);
      return node as Drawn;
    },
    update: async (node) => node as Drawn,
    toImage: async () => "",
    purge() {},
    Fx: {
      hover: (node, at) => painted.get(node)?.crosses.push(at),
      unhover: (node) => painted.get(node)?.crosses.push(null),
    },
  };
  return { plotly, painted };
}
