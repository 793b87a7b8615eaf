// What did a figure come to? Traces by name, numbers as plain lists.

import { type Figure, figure } from "../src/figure";
import { LIGHT } from "../src/picture/theme";
import type { Layout, Trace } from "../src/plotly";
import type { Barrier, Request } from "../src/protocol";
import type { Surface } from "../src/surface";
import { request } from "./fake-store";

export function draw(
  surface: Surface | null,
  changes: Partial<Request> = {},
  barrier: Barrier | null = null,
): Figure {
  return figure(surface, { ...request, ...changes }, LIGHT, false, barrier);
}

export function named({ data }: Figure, name: string): Trace {
  const found = data.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no trace is called ${name}: ${data.map((trace) => trace.name)}`);
  return found;
}

export function list<T = number>(value: unknown): T[] {
  return Array.from(value as ArrayLike<T>);
}

export function part(layout: unknown, ...path: string[]): Layout {
  return path.reduce((inner, name) => inner[name] as Layout, layout as Layout);
}
