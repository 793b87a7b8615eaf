// How does text reach the clipboard, also where a page is served without https?

import { element } from "../controls/element";

/** True once it is there. */
export async function copyText(text: string, root: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text, root);
  }
}

/** The old way, which needs no permission but a selection inside the page. */
function copyBySelection(text: string, root: HTMLElement): boolean {
  const area = element("textarea", {
    class: "lw-offscreen",
    "aria-hidden": "true",
    readonly: true,
  });
  area.value = text;
  root.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
