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
  return numberFrom(fields[name], name);
}

export function textIn(fields: Fields, name: string): string {
  return textFrom(fields[name], name);
}

export function listIn(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  if (Array.isArray(value)) return value;
  throw unexpected(name, "a list", value);
}

export function numbersIn(fields: Fields, name: string): readonly number[] {
  return listIn(fields, name).map((value) => numberFrom(value, `each of ${name}`));
}

export function textsIn(fields: Fields, name: string): readonly string[] {
  return listIn(fields, name).map((value) => textFrom(value, `each of ${name}`));
}

/** Any JSON in a few letters, however deep it is. */
export function inWords(value: unknown): string {
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, 80);
  } catch {
    return `a ${typeof value} too deep to be told`;
  }
}

function numberFrom(value: unknown, name: string): number {
  if (typeof value === "number") return value;
  throw unexpected(name, "a number", value);
}

function textFrom(value: unknown, name: string): string {
  if (typeof value === "string") return value;
  throw unexpected(name, "a text", value);
}

function unexpected(name: string, expected: string, value: unknown): ProtocolError {
  return new ProtocolError(`Expected ${name} to be ${expected}; got ${inWords(value)}. ${remedy}`);
}
