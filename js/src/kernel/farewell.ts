// What is left in the page of a model that is closed? In JupyterLab all of it: each line to a kernel is kept, and calls it.

import type { AnyModel } from "@anywidget/types";

type Line = Readonly<Record<"on_msg" | "on_close", (run: () => void) => void>>;

/** What ipywidgets' own model is at its end; marimo's has no line, nor a layout that is a model. */
interface Closed {
  readonly comm?: Line;
}

/** Have the lines of a model, and of the layout that ipywidgets makes for it, forget them when they are closed. */
export function forgetAtEnd(model: Pick<AnyModel, "get" | "on">): void {
  for (const one of [model, model.get("layout")]) {
    one?.on?.("destroy", (closed?: Closed) => {
      closed?.comm?.on_msg(nothing);
      closed?.comm?.on_close(nothing);
    });
  }
}

function nothing(): void {}
