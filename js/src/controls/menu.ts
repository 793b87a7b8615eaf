// What else can be done? A button and the short list it opens, inside the widget so that full window shows it too.

import { type ButtonOptions, button } from "./button";
import { element, set } from "./element";

/** Stands above the items that belong together. */
export interface Heading {
  readonly heading: string;
}

export function menu(
  options: Pick<ButtonOptions, "label" | "icon" | "control" | "hint">,
  items: readonly (ButtonOptions | Heading)[],
  signal: AbortSignal,
): HTMLElement {
  const show = (open: boolean) => {
    list.hidden = !open;
    set(opener, "aria-expanded", String(open));
  };
  const press = () => show(list.hidden === true);
  const opener = button({ icon: "more", ...options, press }, signal);
  set(opener, "aria-haspopup", "true");
  const entries = items.map((item) => {
    if ("heading" in item) return element("p", { class: "lw-menu-heading" }, item.heading);
    return button(
      {
        ...item,
        press: () => {
          show(false);
          opener.focus();
          item.press();
        },
      },
      signal,
    );
  });
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
      const pressable = entries.filter((entry) => entry instanceof HTMLButtonElement);
      const here = pressable.findIndex((entry) => event.composedPath().includes(entry));
      const next = pressable[beside(event.key, here, pressable.length)];
      if (!next) return;
      event.preventDefault();
      show(true);
      next.focus();
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

/** Which entry an arrow leads to, from the opener too; −1 for other keys. */
function beside(key: string, here: number, count: number): number {
  switch (key) {
    case "ArrowDown":
      return (here + 1) % count;
    case "ArrowUp":
      return here < 0 ? count - 1 : (here + count - 1) % count;
    case "Home":
      return here < 0 ? -1 : 0;
    case "End":
      return here < 0 ? -1 : count - 1;
    default:
      return -1;
  }
}
