// Is this the JSON that was expected? Reads one field at a time and says what came instead.

import { ProtocolError, remedy } from "./bytes";

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Fields;
  }
  throw unexpected(what, "an object", value);
}

export function numberIn(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value === "number") return value;
  throw unexpected(name, "a number", value);
}

export function textIn(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === "string") return value;
  throw unexpected(name, "a text", value);
}

export function listIn(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  if (Array.isArray(value)) return value;
  throw unexpected(name, "a list", value);
}

function unexpected(name: string, expected: string, value: unknown): ProtocolError {
  const came = JSON.stringify(value) ?? String(value);
  return new ProtocolError(
    `Expected ${name} to be ${expected}; got ${came.slice(0, 80)}. ${remedy}`,
  );
}
