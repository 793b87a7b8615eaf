// What if anywidget has given a model up? It drops what the kernel says to one that wasn't up within two seconds.

import type { AnyModel } from "@anywidget/types";

/** What ipywidgets' own model has behind anywidget's; marimo's has none of it. */
interface Raw {
  readonly comm?: {
    on_msg(run: (message: unknown) => unknown): void;
    send(content: object): unknown;
  };
}

type Hear = (message: unknown) => unknown;

/**
 * Hear what comes as ipywidgets does, past anywidget's wait, and ask for the state that was dropped. False where there is
 * nothing of the kind.
 */
export async function revive(model: AnyModel, address: string): Promise<boolean> {
  const found = await model.widget_manager.get_model(address).catch(() => null);
  const raw = found as unknown as Raw | null;
  const hear = raw && inherited(raw, "_handle_comm_msg");
  if (!raw?.comm || !hear) return false;
  raw.comm.on_msg(hear.bind(raw));
  raw.comm.send({ method: "request_state" });
  return true;
}

/** A method as the class above the model's own has it. */
function inherited(raw: object, name: string): Hear | null {
  const above = Object.getPrototypeOf(Object.getPrototypeOf(raw) ?? {}) as Record<string, unknown>;
  const found = above?.[name];
  return typeof found === "function" ? (found as Hear) : null;
}
