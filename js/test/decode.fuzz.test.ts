import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProtocolError } from "../src/kernel/bytes";
import { decode, unpack, unpackSurface } from "../src/kernel/decode";
import type { Message, Telling } from "../src/protocol";
import { learn, nothingKnown, shownOf } from "../src/store/known";
import { read } from "../src/surface";
import {
  encoded,
  packed,
  patchMessage,
  path,
  pathMessage,
  request,
  surfaceMessage,
} from "./messages";

type Encoded = readonly [content: object, buffers: readonly DataView[]];

const messages: readonly Telling[] = [
  surfaceMessage(),
  surfaceMessage({ path, map: "curvature" }),
  patchMessage([0, 1, 44]),
  pathMessage(),
];

/** JSON of any shape, and what people write to break a reader. */
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(2 ** 53, -1, 0.5, 1e308, "__proto__", "constructor", null, [], {}),
  fc.constantFrom<unknown>({ toString: 1, valueOf: 1 }, { length: 2 ** 32 }, { size: 2 ** 31 }),
);

/** A message that is right but for one field, or one buffer. */
const mutant: fc.Arbitrary<Encoded> = fc
  .tuple(fc.constantFrom(...messages), fc.nat(), fc.nat(), odd, fc.nat(600), fc.boolean())
  .map(([message, field, buffer, value, length, isField]) => {
    const [content, buffers] = encoded(message);
    const names = Object.keys(content);
    const name = names[field % names.length] as string;
    if (isField) return [{ ...content, [name]: value }, buffers];
    const at = buffer % buffers.length;
    return [content, buffers.map((bytes, i) => (i === at ? random(length, field) : bytes))];
  });

describe("whatever comes", () => {
  test("a message is read or refused in words", () => {
    fc.assert(fc.property(odd, (content) => isReadOrRefused(() => decode(content, []))));
    fc.assert(
      fc.property(mutant, ([content, buffers]) => isReadOrRefused(() => decode(content, buffers))),
      runs(2000),
    );
  });

  test("bytes are read or refused in words", () => {
    const bytes = fc
      .uint8Array({ maxLength: 200 })
      .map((array) => new DataView(array.slice().buffer));
    fc.assert(
      fc.property(bytes, (view) => isReadOrRefused(() => unpack(view))),
      runs(500),
    );
  });

  test("bytes changed in what was packed are read or refused in words", () => {
    const whole = new Uint8Array(packed(surfaceMessage({ path })).buffer);
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(changes, fc.nat(whole.length), (changed, length) => {
        const bytes = whole.slice();
        for (const [at, value] of changed) bytes[at] = value;
        isReadOrRefused(() => unpack(new DataView(bytes.buffer)));
        isReadOrRefused(() => unpackSurface(new DataView(bytes.buffer, 0, length)));
      }),
      runs(1000),
    );
  });

  test("lengths that are claimed take no memory", () => {
    const [content, buffers] = encoded(pathMessage());
    for (const length of [2 ** 31, 2 ** 53, 1e300, -8, "8", null, { valueOf: 1 }]) {
      const bytes = packed({ ...content, kind: "path", padding: " ".repeat(40) });
      const text = new TextDecoder().decode(bytes).slice(4).replace(/\0*$/, "");
      const lying = text.replace('"lengths":[]', `"lengths":[${JSON.stringify(length)}]`);
      const header = new TextEncoder().encode(lying);
      const whole = new DataView(new ArrayBuffer(4 + header.length));
      new Uint8Array(whole.buffer).set(header, 4);
      whole.setUint32(0, header.length, true);
      expect(() => unpack(whole)).toThrow(/cut off|each of lengths to be a number/);
    }
    const size = { size: 2 ** 32, explained: [], by_chance: [] };
    expect(() => decode({ ...content, ...size }, buffers)).toThrow(ProtocolError);
  });

  test("nesting without end is refused in words", () => {
    let deep: unknown = 0;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    const [content, buffers] = encoded(surfaceMessage());
    for (const name of ["kind", "version", "map", "points", "facts", "generation", "metrics"]) {
      expect(() => decode({ ...content, [name]: deep }, buffers)).toThrow(ProtocolError);
    }
    expect(() => decode(deep, [])).toThrow("too deep to be told");
    expect(() => unpack(deep as DataView)).toThrow("Expected a message in bytes");
  });

  test("what a name must be is said", () => {
    const [content, buffers] = encoded(surfaceMessage());
    const named = (points: unknown) => () => decode({ ...content, points }, buffers);
    expect(named([{ toString: 1 }])).toThrow(
      /Expected each of points to be a text; got {"toString":1}/,
    );
    expect(() => decode({ ...content, facts: { notes: [5] } }, buffers)).toThrow(
      /labels to be a list/,
    );
    const flat = { ...content, dimensions: 2 };
    const none = new DataView(new ArrayBuffer(0));
    expect(() =>
      decode(
        flat,
        buffers.map((bytes, i) => (i === 1 ? none : bytes)),
      ),
    ).toThrow(/rows of a plane; got 0/);
  });
});

test("whatever is learnt, patches stay within their surface and nothing but a refusal is thrown", () => {
  const cells = fc.array(fc.integer({ min: -3, max: 60 }), { maxLength: 8 });
  const patch = fc.record({
    cells,
    generation: fc.nat(2),
    sequence: fc.nat(9),
    map: fc.constantFrom(null, "curvature"),
  });
  const told = fc.oneof(
    patch.map(({ cells, ...place }) => patchMessage(cells, place)),
    fc.record({ generation: fc.nat(2), sequence: fc.nat(9) }).map((place) => surfaceMessage(place)),
    fc.record({ generation: fc.nat(2), sequence: fc.nat(9) }).map((place) => pathMessage(place)),
    mutant.map(([content, buffers]) => orNull(() => decode(content, buffers))),
  );
  fc.assert(
    fc.property(fc.array(told, { maxLength: 12 }), (all) => {
      let known = nothingKnown;
      for (const message of all) {
        if (message && "generation" in message) {
          known = orNull(() => learn(known, message, request).known) ?? known;
        }
      }
      for (const surface of [shownOf(known, null), shownOf(known, "curvature")]) {
        if (!surface) continue;
        const { states, x, y, points, values } = surface;
        expect(states).toHaveLength(x.length * Math.max(1, y.length) + points.length);
        expect(values.every((row) => row.length === states.length)).toBe(true);
        for (const cell of [-1, 0, states.length, 1e9]) read(surface, 0, cell);
      }
    }),
    runs(300),
  );
});

/** A few every day; as many as `make fuzz` says by night. */
function runs(numRuns: number) {
  return { numRuns: Number(import.meta.env.VITE_FUZZ_RUNS ?? numRuns), seed: 1 };
}

function isReadOrRefused(run: () => Message): void {
  expect(orNull(run)).toSatisfy((message: Message | null) => message === null || "kind" in message);
}

/** What is read, or null where it was refused as it should be. */
function orNull<Result>(run: () => Result): Result | null {
  try {
    return run();
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
    expect((error as Error).message).toMatch(/^Expected [\s\S]{1,260}/);
    return null;
  }
}

function random(length: number, seed: number): DataView {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 2654435761 + seed) >>> 7);
  return new DataView(bytes.buffer);
}
