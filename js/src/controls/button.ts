// What can be pressed? A word, an icon, or both; an icon alone always has a name.

import { element, explain, set, watch } from "./element";
import { type IconName, icon } from "./icons";

export interface ButtonOptions {
  readonly label: string;
  readonly icon?: IconName;
  /** What it sets or does, by which it can be found. */
  readonly control?: string;
  /** Show the label beside the icon. */
  readonly words?: boolean;
  /** The sentence a person gets on hover and focus; an icon alone shows its label. */
  readonly hint?: string;
  readonly enabled?: () => boolean;
  /** For a button that stays down. */
  readonly pressed?: () => boolean;
  readonly press: () => void;
}

export function button(options: ButtonOptions, signal: AbortSignal): HTMLButtonElement {
  const { label, hint, enabled, pressed } = options;
  const bare = options.icon !== undefined && !options.words;
  const node = element("button", {
    type: "button",
    class: bare ? "lw-icon-button" : "lw-button",
    "data-control": options.control ?? null,
  });
  if (options.icon) node.append(icon(options.icon));
  if (bare) node.setAttribute("aria-label", label);
  else node.append(label);
  explain(node, hint ?? (bare ? label : null));
  if (enabled) watch(signal, () => set(node, "aria-disabled", enabled() ? null : "true"));
  if (pressed) watch(signal, () => set(node, "aria-pressed", String(pressed())));
  node.addEventListener(
    "click",
    () => {
      if (enabled?.() ?? true) options.press();
    },
    { signal },
  );
  return node;
}
