import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { UNCONVERGED } from "../src/cell-state";
import { ProtocolError } from "../src/kernel/bytes";
import { decode, unpack, unpackSurface } from "../src/kernel/decode";
import type { Path } from "../src/protocol";
import { type Fixture, fixture } from "./fixtures";
import { encoded, packed, patchMessage, path, pathMessage, surfaceMessage } from "./messages";

const arrays = {
  surface: ["x", "y", "xLevel", "yLevel", "pointCoordinates", "values", "errors", "states"],
  patch: ["cells", "values", "errors", "states"],
};

describe("what Python wrote", () => {
  test.each(["surface", "line", "patch", "level", "failed", "map", "map-patch"])(
    "%s is read as it was meant",
    (name) => {
      const { content, buffers, expected } = fixture(name);
      const message = decode(content, buffers) as unknown as Record<string, ArrayLike<number>>;
      for (const array of content.kind === "patch" ? arrays.patch : arrays.surface) {
        expect([array, ...numbersIn(message[array])]).toEqual([
          array,
          ...(expected[array] ?? []).map(Number),
        ]);
      }
      const { version, path, ...header } = content;
      expect(message).toMatchObject(header);
      expect(numbersOf(message.path as unknown as Path | null)).toEqual(
        told(expected.path as unknown as Told | null | undefined),
      );
    },
  );

  it("a map says which of its cells did not converge", () => {
    const { content, buffers } = fixture("map");
    const message = decode(content, buffers);
    if (message.kind !== "surface") throw new Error("a map is a surface");
    expect(message.map).toBe("curvature");
    expect(message.states.filter((state) => state === UNCONVERGED)).toHaveLength(1);
    expect(message.metrics[0]).toMatchObject({ label: "|λ_min/λ_max|", limits: [0, 0.5] });
    expect(message.metrics[0]?.colors).toBe("viridis");
  });

  it("a path is read as it was meant", () => {
    const { content, buffers, expected } = fixture("path");
    const message = decode(content, buffers);
    expect(message).toMatchObject({ kind: "path", generation: content.generation });
    if (message.kind === "path") expect(numbersOf(message.path)).toEqual(told(expected));
  });

  test.each(["surface", "line", "map"])(
    "%s packed for the snapshot is the same message",
    (name) => {
      const { content, buffers, packed } = fixture(name);
      expect(unpack(packed)).toEqual(decode(content, buffers));
    },
  );
});

describe("round trips", () => {
  it("returns what was encoded, wherever the buffers lie in memory", () => {
    const cells = fc.uniqueArray(fc.nat(45), { maxLength: 46 });
    fc.assert(
      fc.property(cells, fc.nat(9), (cells, offset) => {
        const message = patchMessage(cells);
        const [content, buffers] = encoded(message);
        const shifted = buffers.map((buffer) => moved(buffer, offset));
        expect(decode(content, shifted)).toEqual(message);
      }),
    );
  });

  it("holds for a surface, sent or packed", () => {
    const message = surfaceMessage();
    expect(decode(...encoded(message))).toEqual(message);
    expect(unpack(packed(message))).toEqual(message);
    expect(unpack(moved(packed(message), 3))).toEqual(message);
  });

  it("holds for a path, alone or with its surface", () => {
    expect(decode(...encoded(pathMessage()))).toEqual(pathMessage());
    const message = surfaceMessage({ path });
    expect(decode(...encoded(message))).toEqual(message);
    expect(unpack(packed(message))).toEqual(message);
  });

  it("reads a path of no checkpoints, and one of a line", () => {
    const none = new Float64Array();
    const empty = { coordinates: none, distances: none, norms: none, steps: none };
    const nothing = { ...path, ...empty, size: 0, epochs: none, learningRates: none, values: [] };
    expect(decode(...encoded(pathMessage({ path: nothing })))).toMatchObject({ path: nothing });
    const coordinates = Float64Array.of(-1, -0.5, 0);
    const line = { ...path, coordinates, explained: [null], byChance: [null] };
    expect(decode(...encoded(pathMessage({ path: line })))).toMatchObject({ path: line });
  });

  it("reads refusals and pongs", () => {
    const refusal = { kind: "refusal", name: "x", reason: "A range needs low below high." };
    expect(decode(refusal, [])).toEqual(refusal);
    expect(decode({ kind: "pong", ping: 3 }, [])).toEqual({ kind: "pong", ping: 3, told: null });
    const told = { kind: "pong", ping: 3, told: { generation: 2, sequence: 9, phase: "done" } };
    expect(decode(told, [])).toEqual(told);
    const page = new DataView(new ArrayBuffer(2));
    expect(decode({ kind: "page" }, [page])).toEqual({ kind: "page", content: page });
  });
});

describe("what can't be read says what was expected and what came", () => {
  const [content, buffers] = encoded(surfaceMessage());
  const [patch, parts] = encoded(patchMessage([0, 1]));
  const [walk, walked] = encoded(pathMessage());
  const replaced = (index: number, length: number) =>
    buffers.map((buffer, i) => (i === index ? new DataView(new ArrayBuffer(length)) : buffer));

  test.each<[string, unknown, readonly DataView[], RegExp]>([
    ["no message", null, [], /Expected a message to be an object; got null/],
    ["a list", [1], [], /Expected a message to be an object; got \[1\]/],
    ["a page without bytes", { kind: "page" }, [], /Expected a page in one buffer; got 0/],
    [
      "an unknown kind",
      { kind: "hint" },
      [],
      /surface, patch, path, refusal, page or pong; got "hint"/,
    ],
    ["a newer version", { ...content, version: 5 }, buffers, /version 4.*got 5.*restart/],
    ["no version", { ...content, version: undefined }, buffers, /version 4.*got undefined/],
    [
      "no generation",
      { ...content, generation: "7" },
      buffers,
      /generation to be a number; got "7"/,
    ],
    [
      "no count of a preview",
      { ...patch, preview: null },
      parts,
      /preview to be a number; got null/,
    ],
    ["no time", { ...content, time: 5 }, buffers, /time to be a text; got 5/],
    ["no map", { ...content, map: undefined }, buffers, /map to be a text; got undefined/],
    ["no metrics", { ...content, metrics: {} }, buffers, /metrics to be a list; got {}/],
    ["a buffer too few", content, buffers.slice(1), /15 buffers of a surface; got 14/],
    ["half a number", content, replaced(0, 12), /x in numbers of 8 bytes; got 12/],
    ["levels of fewer columns", content, replaced(2, 8), /9 levels of x; got 8/],
    ["too few values", content, replaced(5, 88), /92 values; got 22/],
    ["too many states", content, replaced(7, 99), /46 states; got 99/],
    ["rows of a line", { ...content, dimensions: 1 }, buffers, /0 rows of a line; got 5/],
    ["a patch with a buffer too many", patch, buffers, /4 buffers of a patch; got 15/],
    ["a patch with too few states", patch, [...parts.slice(0, 3), bytes(1)], /2 states; got 1/],
    ["a path with a buffer too few", walk, walked.slice(1), /7 buffers of a path; got 6/],
    [
      "a path with too few steps",
      walk,
      [...walked.slice(0, 3), bytes(8), ...walked.slice(4)],
      /3 steps of a path; got 1/,
    ],
    [
      "a path with half a metric",
      walk,
      [...walked.slice(0, 6), bytes(20)],
      /3 values of a path; got 5/,
    ],
    ["a path without shares", { ...walk, explained: null }, walked, /explained to be a list/],
  ])("%s", (_, content, buffers, sentence) => {
    expect(() => decode(content, buffers)).toThrow(ProtocolError);
    expect(() => decode(content, buffers)).toThrow(sentence);
  });

  it("names a snapshot that is cut off, wherever the cut is", () => {
    const whole = packed(surfaceMessage());
    fc.assert(
      fc.property(fc.nat(whole.byteLength - 8), (length) => {
        expect(() => unpack(new DataView(whole.buffer, 0, length))).toThrow(/It is cut off/);
      }),
    );
  });

  it("names a snapshot of something else", () => {
    expect(() => unpackSurface(fixture("patch").packed)).toThrow(
      /Expected a surface in a snapshot/,
    );
    expect(() => unpack(bytes(64))).toThrow(/got no JSON/);
  });
});

function bytes(length: number): DataView {
  return new DataView(new ArrayBuffer(length));
}

function moved(view: DataView, offset: number): DataView {
  const room = new Uint8Array(view.byteLength + offset);
  room.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), offset);
  return new DataView(room.buffer, offset);
}

function numbersIn(array: ArrayLike<number> | undefined): readonly number[] {
  return Array.from(array ?? []);
}

type Told = Fixture["expected"];

/** A path's numbers by name, as the fixture has them. */
function numbersOf(path: Path | null | undefined) {
  if (!path) return null;
  const { size, values, ...arrays } = path;
  const rows = values.flatMap((row) => [...row]);
  return Object.fromEntries(
    Object.entries({ ...arrays, values: rows }).map(([name, array]) => [name, [...array]]),
  );
}

function told(expected: Told | null | undefined) {
  if (!expected) return null;
  const number = (value: number | string | null) => (value === null ? null : Number(value));
  return Object.fromEntries(
    Object.entries(expected).map(([name, array]) => [name, array.map(number)]),
  );
}
