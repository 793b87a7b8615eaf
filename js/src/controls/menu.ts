// What else can be done? A button and the short list it opens, inside the widget so that full window shows it too.

import { type ButtonOptions, button } from "./button";
import { element, set } from "./element";

export function menu(
  options: Pick<ButtonOptions, "label" | "icon" | "control" | "hint">,
  items: readonly ButtonOptions[],
  signal: AbortSignal,
): HTMLElement {
  const show = (open: boolean) => {
    list.hidden = !open;
    set(opener, "aria-expanded", String(open));
  };
  const press = () => show(list.hidden === true);
  const opener = button({ icon: "more", ...options, press }, signal);
  set(opener, "aria-haspopup", "true");
  const entries = items.map((item) =>
    button(
      {
        ...item,
        press: () => {
          show(false);
          opener.focus();
          item.press();
        },
      },
      signal,
    ),
  );
  const list = element(
    "div",
    { class: "lw-menu", role: "group", "aria-label": options.label },
    ...entries,
  );
  const node = element("div", { class: "lw-menu-anchor" }, opener, list);
  node.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape" && !list.hidden) {
        show(false);
        opener.focus();
      }
    },
    { signal },
  );
  node.addEventListener(
    "focusout",
    ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !node.contains(relatedTarget)) show(false);
    },
    { signal },
  );
  document.addEventListener(
    "pointerdown",
    (event) => {
      if (!event.composedPath().includes(node)) show(false);
    },
    { signal },
  );
  show(false);
  return node;
}
