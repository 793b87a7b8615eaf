// What is true of each of the pictures? One sentence once, with the names of those it is true of.

import { element, watch } from "../controls/element";
import { truths } from "../face/truth";
import type { Linked } from "./links";

export function createFacts(all: readonly Linked[], signal: AbortSignal): HTMLElement {
  const list = element("ul", { class: "lw-truths" });
  watch(signal, () => {
    const told = all.map(({ member, store }) => {
      const { facts, how, maps } = store.status.value;
      return { title: member.title, sentences: facts ? truths(facts, how, maps) : [] };
    });
    const gathered = together(told);
    const sentences =
      gathered.length > 0 ? gathered : ["Nothing yet: the directions are still to be drawn."];
    list.replaceChildren(...sentences.map((sentence) => element("li", {}, sentence)));
  });
  return list;
}

export interface Told {
  readonly title: string;
  readonly sentences: readonly string[];
}

/** Pure: what is true of all stands alone, what is true of some has their titles before it. */
export function together(told: readonly Told[]): readonly string[] {
  const titles = new Map<string, string[]>();
  for (const { title, sentences } of told) {
    for (const sentence of sentences)
      titles.set(sentence, [...(titles.get(sentence) ?? []), title]);
  }
  return [...titles].map(([sentence, of]) =>
    of.length === told.length ? sentence : `${of.join(", ")}: ${sentence}`,
  );
}
