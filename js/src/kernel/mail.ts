// How do messages travel where only traits do? As letters in a trait, told again until they are read.

import type { Outgoing } from "../protocol";
import { same } from "../store/same";

/** A packed message of the kernel. */
export interface Letter {
  readonly number: number;
  readonly message: DataView;
}

/** What the kernel tells: all letters that nobody has read, and how far it has read itself, page by page. */
export interface Told {
  readonly read: Readonly<Record<string, number>>;
  readonly letters: readonly Letter[];
}

interface Numbered {
  readonly number: number;
  readonly content: Outgoing;
}

/** What a page asks: all messages that the kernel hasn't read, and how far the page has read. */
export interface Asked {
  readonly page: string;
  readonly read: number;
  readonly messages: readonly Numbered[];
}

export interface Mail {
  /** A ping that is still unread is as good as another one. */
  post(content: Outgoing): void;
  /** The letters that are new, in their order. */
  open(told: Told): readonly DataView[];
}

/**
 * A trait's value may be overtaken by a later one before anybody has seen it, so each holds all that is unread. Letters
 * that were there before the page, as in a saved notebook, aren't news. The twin of landscape_widget/live/mail.py.
 */
export function createMail(before: Told, write: (asked: Asked) => void): Mail {
  const page = Math.random().toString(36).slice(2);
  let read = lastOf(before);
  let posted = 0;
  let messages: readonly Numbered[] = [];

  const tell = () => write({ page, read, messages });

  return {
    post(content) {
      if (content.kind === "ping" && messages.some((one) => same(one.content, content))) return;
      posted += 1;
      messages = [...messages, { number: posted, content }];
      tell();
    },
    open(told) {
      const answered = told.read[page] ?? 0;
      messages = messages.filter(({ number }) => number > answered);
      const news = told.letters.filter(({ number }) => number > read);
      if (news.length > 0) {
        read = lastOf(told);
        tell();
      }
      return news.map(({ message }) => message);
    },
  };
}

function lastOf({ letters }: Told): number {
  return letters.at(-1)?.number ?? 0;
}
