// What is true of each of the pictures? One sentence once, with the names of those it is true of.

import { element, watch } from "../controls/element";
import { findingsOf } from "../words/evidence";
import { LEVELS } from "../words/why";
import type { Finding } from "../words/why/finding";
import type { Linked } from "./links";

export function createFacts(all: readonly Linked[], signal: AbortSignal): HTMLElement {
  const list = element("ul", { class: "lw-findings" });
  const members = all.map(({ member, store }) => ({ member, found: findingsOf(store) }));
  watch(signal, () => {
    const told = members.map(({ member, found }) => {
      return { title: member.title, sentences: found.value.map(sentenceOf) };
    });
    const gathered = together(told);
    const sentences =
      gathered.length > 0 ? gathered : ["Nothing yet: the directions are still to be drawn."];
    list.replaceChildren(...sentences.map((sentence) => element("li", {}, sentence)));
  });
  return list;
}

/** The grave ones with their mark. */
function sentenceOf({ level, seen }: Finding): string {
  return level === "plain" ? seen : `${LEVELS[level].mark} ${seen}`;
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
