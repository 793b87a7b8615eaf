import fc from "fast-check";
import { expect, it } from "vitest";
import type { PatchMessage, SurfaceMessage, Telling } from "../src/protocol";
import { type Arrivals, answers, arrive, noArrivals } from "../src/store/arrivals";
import { applyPatch, fromMessage } from "../src/store/tell";
import {
  firstLevel,
  patchMessage,
  path,
  pathMessage,
  request,
  secondLevel,
  surfaceMessage,
} from "./messages";

const after = (messages: readonly Telling[], start: Arrivals = noArrivals) =>
  messages.reduce((arrivals, message) => arrive(arrivals, message).arrivals, start);

/** What the kernel says when it is asked for the whole after these patches. */
function everything(patches: readonly PatchMessage[]): SurfaceMessage {
  const surface = patches.reduce(applyPatch, fromMessage(surfaceMessage()));
  const joined = (rows: readonly Float32Array[]) =>
    Float32Array.from(rows.flatMap((row) => [...row]));
  const { states, values, errors } = surface;
  return surfaceMessage({ sequence: 5, states, values: joined(values), errors: joined(errors) });
}

const coarse = patchMessage(firstLevel, { sequence: 2 });
const fine = patchMessage(secondLevel, { sequence: 3 });
const next = surfaceMessage({ generation: 2, sequence: 4 });

it("shows the first surface at once, though nothing is known of it", () => {
  const { shown, incoming } = after([surfaceMessage()]);
  expect(shown?.level).toBe(-1);
  expect(incoming).toBeNull();
});

it("keeps the old surface until the new one's first level is finished", () => {
  const old = after([surfaceMessage(), coarse]);
  const waiting = after([next], old);
  expect(waiting.shown).toBe(old.shown);
  expect(waiting.incoming?.generation).toBe(2);
  const part = after([patchMessage(firstLevel.slice(1), { generation: 2, sequence: 5 })], waiting);
  expect(part.shown).toBe(old.shown);
  const done = after([patchMessage([0], { generation: 2, sequence: 6 })], part);
  expect(done.shown).toMatchObject({ generation: 2, level: 0 });
  expect(done.incoming).toBeNull();
});

it("keeps the very object and its coordinates meanwhile", () => {
  const zoomed = surfaceMessage({
    generation: 2,
    x: Float64Array.from({ length: 9 }, (_, i) => i),
  });
  const old = after([surfaceMessage(), coarse]);
  const before = structuredClone(old.shown);
  expect(after([zoomed], old).shown).toEqual(before);
});

it("shows a surface at once that brings its first level along", () => {
  const known = after([surfaceMessage({ generation: 2 }), { ...coarse, generation: 2 }]).shown;
  const states = known?.states ?? new Uint8Array();
  const carried = surfaceMessage({ generation: 3, sequence: 4, states });
  const old = after([surfaceMessage(), coarse]);
  expect(after([carried], old)).toMatchObject({ shown: { generation: 3 }, incoming: null });
});

it("drops what belongs to an older generation", () => {
  const present = after([surfaceMessage(), coarse, next]);
  for (const late of [fine, surfaceMessage()]) {
    expect(arrive(present, late)).toEqual({
      arrivals: present,
      applied: false,
      incomplete: false,
    });
  }
});

it("asks for the whole when a patch comes before its surface, or one is missing", () => {
  expect(arrive(noArrivals, coarse)).toMatchObject({ applied: false, incomplete: true });
  const present = after([surfaceMessage()]);
  expect(arrive(present, { ...coarse, generation: 2 })).toMatchObject({
    arrivals: present,
    applied: false,
    incomplete: true,
  });
  expect(arrive(present, coarse)).toMatchObject({ applied: true, incomplete: false });
  expect(arrive(present, fine)).toMatchObject({ applied: true, incomplete: true });
});

it("loses nothing when the whole surface is sent again, or a snapshot was first", () => {
  const again = { ...everything([coarse]), sequence: 4 };
  expect(after([surfaceMessage(), coarse, again]).shown).toMatchObject({ level: 0, revision: 2 });
  const messages = [surfaceMessage({ sequence: 0 }), surfaceMessage(), coarse, fine];
  expect(after(messages).shown?.level).toBe(1);
});

it("gives the same surface for any order of a generation's messages after its first", () => {
  const origin = patchMessage([45], { sequence: 4 });
  const messages: Telling[] = [everything([coarse, fine, origin]), coarse, fine, origin];
  const whole = after([surfaceMessage(), ...messages]);
  fc.assert(
    fc.property(fc.shuffledSubarray(messages, { minLength: 4 }), (shuffled) => {
      expect(after([surfaceMessage(), ...shuffled])).toEqual(whole);
    }),
  );
});

it("begins anew when the kernel takes back what it said, and hears none of it again", () => {
  const known = after([surfaceMessage(), coarse, fine]);
  const anew = after([surfaceMessage({ sequence: 4 })], known);
  expect(anew.shown).toMatchObject({ level: -1, renewed: 4 });
  expect(anew.shown?.revision).toBeGreaterThan(known.shown?.revision ?? 0);
  expect(arrive(anew, fine)).toMatchObject({ applied: false, arrivals: { shown: anew.shown } });
  const next = after([patchMessage(firstLevel, { sequence: 5 })], anew);
  expect(next.shown).toMatchObject({ level: 0, renewed: 4 });
});

it("takes nothing back for a snapshot, which is older than it looks", () => {
  const known = after([surfaceMessage(), coarse]);
  expect(after([surfaceMessage({ sequence: 0 })], known).shown).toMatchObject({
    level: 0,
    renewed: 0,
  });
});

it("answers a request when axes, samples and directions are those asked for", () => {
  const surface = fromMessage(surfaceMessage());
  expect(answers(surface, request, request)).toBe(true);
  const others = [
    { x: [-1, 0.5] as const },
    { y: [-2, 1] as const },
    { resolution: [9, 9] as const },
    { samples: 200 },
    { normalization: "layer" },
    { batch_norm: "reestimate" as const },
    { third: { key: "random", seed: 2, normalization: null }, rotation: 30 },
    { directions: [{ key: "random", seed: 0, normalization: null }] },
  ];
  for (const other of others) {
    expect([other, answers(surface, { ...request, ...other }, request)]).toEqual([other, false]);
  }
  expect(answers(surface, { ...request, metric: "accuracy", clip: 3 }, request)).toBe(true);
  expect(answers(surface, { ...request, rotation: 30 }, request)).toBe(true);
});

it("shows the path that was told last, in whatever order it came", () => {
  const shorter = { ...path, size: 2 };
  const first = pathMessage({ path: shorter, sequence: 3 });
  const second = pathMessage({ sequence: 4 });
  for (const messages of [
    [surfaceMessage(), first, second],
    [surfaceMessage(), second, first],
    [surfaceMessage({ path: shorter }), second, coarse, surfaceMessage({ sequence: 0 })],
  ]) {
    expect(after(messages).shown).toMatchObject({ path, pathSequence: 4 });
  }
});

it("asks for the whole when a path comes before its surface", () => {
  expect(arrive(noArrivals, pathMessage())).toMatchObject({ applied: false, incomplete: true });
});

it("remembers how many checkpoints there were when the surface came", () => {
  const shorter = { ...path, size: 2 };
  const grown = [pathMessage({ sequence: 4 }), surfaceMessage({ path, sequence: 5 })];
  expect(after([surfaceMessage({ path: shorter }), ...grown]).shown?.pathBegan).toBe(2);
  expect(after([surfaceMessage(), ...grown]).shown?.pathBegan).toBe(3);
  expect(after([surfaceMessage()]).shown?.pathBegan).toBe(0);
});
