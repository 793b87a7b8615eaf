// Does every message get through, once, where a trait's value may be overtaken by the next?

import { expect, it } from "vitest";
import { unpack } from "../src/kernel/decode";
import { type Asked, createMail, type Letter, type Told } from "../src/kernel/mail";
import { mailFixture } from "./fixtures";

const nothing: Told = { read: {}, letters: [] };

function setUp(before: Told = nothing) {
  const written: Asked[] = [];
  const mail = createMail(before, (asked) => written.push(asked));
  const last = () => written.at(-1) as Asked;
  const numbers = () => last().messages.map(({ number }) => number);
  return { mail, written, last, numbers };
}

function letter(number: number): Letter {
  return { number, message: new DataView(new ArrayBuffer(8 * number)) };
}

it("asks again until the kernel has read it, and no longer", () => {
  const { mail, last, numbers } = setUp();
  mail.post({ kind: "pause" });
  mail.post({ kind: "resume" });
  expect(numbers()).toEqual([1, 2]);
  mail.open({ read: { [last().page]: 1 }, letters: [] });
  mail.post({ kind: "stop" });
  expect(numbers()).toEqual([2, 3]);
});

it("doesn't take another page's answer for its own", () => {
  const { mail, numbers } = setUp();
  mail.post({ kind: "pause" });
  mail.open({ read: { another: 9 }, letters: [] });
  mail.post({ kind: "resume" });
  expect(numbers()).toEqual([1, 2]);
});

it("opens each letter once, and says how far it has read", () => {
  const { mail, last, written } = setUp();
  const [first, second] = [letter(1), letter(2)];
  expect(mail.open({ read: {}, letters: [first] })).toEqual([first.message]);
  expect(last().read).toBe(1);
  expect(mail.open({ read: {}, letters: [first, second] })).toEqual([second.message]);
  expect(last().read).toBe(2);
  expect(mail.open({ read: {}, letters: [first, second] })).toEqual([]);
  expect(written).toHaveLength(2);
});

it("leaves letters alone that were there before it", () => {
  const { mail } = setUp({ read: {}, letters: [letter(7)] });
  expect(mail.open({ read: {}, letters: [letter(7)] })).toEqual([]);
  expect(mail.open({ read: {}, letters: [letter(7), letter(8)] })).toHaveLength(1);
});

it("reads what Python writes, and writes what Python reads", () => {
  const { asked, told } = mailFixture();
  const { mail, last } = setUp();
  for (const { content } of asked.messages) mail.post(content);
  const letters = mail.open(told[0] ?? nothing).map(unpack);
  expect(letters).toEqual([
    { kind: "refusal", name: "samples", reason: "too many" },
    { kind: "pong", ping: 7, told: null },
  ]);
  expect({ ...last(), page: asked.page }).toEqual(asked);
  expect(told[1]).toEqual({ read: { [asked.page]: 2 }, letters: [] });
});
