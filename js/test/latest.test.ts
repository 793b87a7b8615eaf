import { afterEach, expect, it, vi } from "vitest";
import { latest } from "../src/kernel/latest";

afterEach(() => vi.unstubAllGlobals());

/** A run that ends when told. */
function controlled() {
  const runs: number[] = [];
  const ends: (() => void)[] = [];
  const run = latest((value: number) => {
    runs.push(value);
    return new Promise<void>((resolve) => ends.push(resolve));
  });
  const end = async () => {
    ends.shift()?.();
    await settled();
  };
  return { run, runs, end };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

it("runs the first value at once", () => {
  const { run, runs } = controlled();
  run(1);
  expect(runs).toEqual([1]);
});

it("runs only the newest of the values that came meanwhile", async () => {
  const { run, runs, end } = controlled();
  for (const value of [1, 2, 3, 4]) run(value);
  expect(runs).toEqual([1]);
  await end();
  expect(runs).toEqual([1, 4]);
  await end();
  expect(runs).toEqual([1, 4]);
});

it("runs again after it came to rest", async () => {
  const { run, runs, end } = controlled();
  run(1);
  await end();
  run(2);
  expect(runs).toEqual([1, 2]);
});

it("goes on after a run that fails, and says so", async () => {
  const report = vi.fn();
  vi.stubGlobal("reportError", report);
  const failure = new Error("broken");
  const seen: number[] = [];
  const run = latest(async (value: number) => {
    seen.push(value);
    if (value === 1) throw failure;
  });
  run(1);
  run(2);
  await settled();
  expect(seen).toEqual([1, 2]);
  expect(report).toHaveBeenCalledExactlyOnceWith(failure);
});
