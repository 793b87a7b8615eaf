// Does a model that anywidget has given up hear its kernel again?

import type { AnyModel } from "@anywidget/types";
import { expect, it } from "vitest";
import { revive } from "../src/kernel/revival";

type Hear = (message: string) => unknown;

class Widget {
  readonly heard: string[] = [];
  readonly sent: object[] = [];
  comm?: { on_msg(run: Hear): void; send(content: object): void };
  _handle_comm_msg(message: string): void {
    this.heard.push(message);
  }
}

/** anywidget's: it waits for what never comes. */
class GivenUp extends Widget {
  override _handle_comm_msg(): void {}
}

function setUp(found: Promise<unknown>) {
  const asked: string[] = [];
  const get_model = (id: string) => {
    asked.push(id);
    return found;
  };
  return { asked, model: { widget_manager: { get_model } } as unknown as AnyModel };
}

it("hears what comes, and asks for what was dropped", async () => {
  const widget = new GivenUp();
  let listener: Hear = (message) => Reflect.apply(widget._handle_comm_msg, widget, [message]);
  widget.comm = {
    on_msg(run) {
      listener = run;
    },
    send: (content) => widget.sent.push(content),
  };
  const { model, asked } = setUp(Promise.resolve(widget));
  listener("before");
  expect(await revive(model, "abc")).toBe(true);
  listener("after");
  expect(widget.heard).toEqual(["after"]);
  expect(widget.sent).toEqual([{ method: "request_state" }]);
  expect(asked).toEqual(["abc"]);
});

it("leaves alone what has no line, or isn't there", async () => {
  expect(await revive(setUp(Promise.resolve(new GivenUp())).model, "abc")).toBe(false);
  expect(await revive(setUp(Promise.resolve({})).model, "abc")).toBe(false);
  expect(await revive(setUp(Promise.reject(new Error("none"))).model, "abc")).toBe(false);
});
