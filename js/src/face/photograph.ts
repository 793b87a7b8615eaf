// How is the picture hidden that stands in where a widget isn't? By a rule that comes and goes with the view.

import { element } from "../controls/element";

/** False where the page holds its images otherwise; `inscription` is what the picture's bytes contain. */
export function hidePhotograph(view: HTMLElement, inscription: string): boolean {
  const isJupyter = document.body.dataset.jpThemeName !== undefined;
  if (isJupyter) {
    const picture = `img[src*="${inscription}"]`;
    view.append(element("style", {}, `.jp-OutputArea-child:has(${picture}) { display: none; }`));
  }
  return isJupyter;
}
