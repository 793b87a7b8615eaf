// The bytes that Python wrote: tests/fixtures/protocol.

import written from "../../tests/fixtures/mail/exchange.json";
import type { Asked, Told } from "../src/kernel/mail";

export interface Fixture {
  readonly content: Readonly<Record<string, unknown>>;
  readonly buffers: readonly DataView[];
  readonly packed: DataView;
  /** Numbers as JSON has them, "NaN" and "Infinity" where it has none. */
  readonly expected: Readonly<Record<string, readonly (number | string)[]>>;
}

interface File {
  readonly content: Fixture["content"];
  readonly buffers: readonly string[];
  readonly packed: string;
  readonly expected: Fixture["expected"];
}

export function fixture(name: string): Fixture {
  const file = files[`../../tests/fixtures/protocol/${name}.json`];
  if (!file) throw new Error(`no fixture ${name}: run python -m tests.fixtures.make_protocol`);
  return { ...file, buffers: file.buffers.map(fromBase64), packed: fromBase64(file.packed) };
}

/** What Python's writer of tables wrote: tests/fixtures/table. */
export function tableFixture(name: string): readonly (readonly string[])[] {
  return tables[`../../tests/fixtures/table/${name}.json`] ?? [];
}

interface Exchange {
  readonly asked: Asked;
  readonly told: readonly (Omit<Told, "letters"> & { readonly letters: readonly Written[] })[];
}

interface Written {
  readonly number: number;
  readonly message: string;
}

/** What Python's post office wrote: tests/fixtures/mail. */
export function mailFixture(): { readonly asked: Asked; readonly told: readonly Told[] } {
  const opened = ({ number, message }: Written) => ({ number, message: fromBase64(message) });
  const told = exchange.told.map(({ read, letters }) => ({ read, letters: letters.map(opened) }));
  return { asked: exchange.asked, told };
}

const exchange = written as Exchange;

const tables = import.meta.glob<readonly (readonly string[])[]>(
  "../../tests/fixtures/table/*.json",
  { eager: true, import: "default" },
);

const files = import.meta.glob<File>("../../tests/fixtures/protocol/*.json", {
  eager: true,
  import: "default",
});

function fromBase64(text: string): DataView {
  return new DataView(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer);
}
