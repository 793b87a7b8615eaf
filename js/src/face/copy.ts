// What happens when something is copied? It is said, where a screen reader hears it too.

import { element } from "../controls/element";
import { copyText } from "./clipboard";

export function createCopy(root: HTMLElement) {
  const said = element("p", { class: "lw-said", role: "status", hidden: true });
  const say = (sentence: string) => {
    said.textContent = sentence;
    said.hidden = false;
    setTimeout(() => {
      said.hidden = true;
    }, 2000);
  };
  const text = async (content: string) => {
    const done = await copyText(content, root);
    say(done ? "copied" : "the browser does not allow copying here");
  };
  return { said, say, text };
}
