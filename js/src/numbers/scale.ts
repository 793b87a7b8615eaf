// How does a value become a height or a colour, and which raw values stand beside it?

import type { Scale } from "../protocol";
import { formatNumber, formatTogether } from "./format";
import { byDecades, evenly } from "./ticks";

export interface Ticks {
  /** Where they stand, in drawn units. */
  readonly values: readonly number[];
  /** What they say, in raw ones. */
  readonly labels: readonly string[];
}

export interface ValueScale {
  readonly kind: "linear" | "log" | "asinh" | "paper";
  /** What the axis has to say about it; empty when there is nothing to say. */
  readonly label: string;
  forward(value: number): number;
  inverse(drawn: number): number;
  /** At most `count` round raw values between two drawn ones. */
  ticks(low: number, high: number, count?: number): Ticks;
}

const TWO_DECADES = 100;
const SIGNED_DECADES = 1e-3;

/** The scale asked for, as far as the values allow it: zeros shift a logarithm, negatives turn it into asinh. */
export function choose(scale: Scale, values: Iterable<number>): ValueScale {
  if (scale === "paper") return paper;
  const { low, high, smallest } = extent(values);
  const wide = low >= 0 && high / smallest > TWO_DECADES;
  if (scale === "linear" || (scale === "auto" && !wide) || smallest === Infinity) return linear;
  if (low < 0) return asinh(powerBelow(SIGNED_DECADES * Math.max(-low, high)));
  return logarithm(low > 0 ? 0 : powerBelow(smallest));
}

/** Flat: what differs is no more than what float32 rounds away. */
export function isFlat(low: number, high: number): boolean {
  return high - low <= 1e-6 * Math.max(Math.abs(low), Math.abs(high));
}

const linear: ValueScale = {
  kind: "linear",
  label: "",
  forward: (value) => value,
  inverse: (drawn) => drawn,
  ticks: (low, high, count = 6) => place(linear, evenly(low, high, count)),
};

function logarithm(shift: number): ValueScale {
  const label = shift === 0 ? "log" : `log of value + ${formatNumber(shift)}`;
  return shifted({ kind: "log", label, shift, log: Math.log10, power: (drawn) => 10 ** drawn });
}

interface Shifted extends Pick<ValueScale, "kind" | "label"> {
  readonly shift: number;
  log(value: number): number;
  power(drawn: number): number;
}

/** The logarithm of value + shift; NaN where that has none. */
function shifted({ kind, label, shift, log, power }: Shifted): ValueScale {
  const scale: ValueScale = {
    kind,
    label,
    forward: (value) => (value > -shift ? log(value + shift) : Number.NaN),
    inverse: (drawn) => power(drawn) - shift,
    ticks(low, high, count = 6) {
      const bottom = power(low) - shift;
      const above = byDecades(Math.max(bottom, shift), power(high) - shift, count);
      if (shift === 0 || bottom > shift / 2) return place(scale, above);
      const clear = low + (high - low) / (2 * count);
      return place(scale, [0, ...above.filter((value) => scale.forward(value) > clear)]);
    },
  };
  return scale;
}

/** As Li et al. (2018) draw their surfaces. */
const paper = shifted({
  kind: "paper",
  label: "ln(value + 0.1)",
  shift: 0.1,
  log: Math.log,
  power: Math.exp,
});

function asinh(unit: number): ValueScale {
  const scale: ValueScale = {
    kind: "asinh",
    label: "asinh, as some are negative",
    forward: (value) => Math.asinh(value / unit),
    inverse: (drawn) => unit * Math.sinh(drawn),
    ticks(low, high, count = 6) {
      const [bottom, top] = [unit * Math.sinh(low), unit * Math.sinh(high)];
      const most = Math.max(-bottom, top);
      const above = most > unit ? byDecades(unit, most, Math.floor(count / 2)) : [];
      const below = above.map((value) => -value).reverse();
      const slack = 1e-9 * most;
      const within = (value: number) => value >= bottom - slack && value <= top + slack;
      return place(scale, [...below, 0, ...above].filter(within));
    },
  };
  return scale;
}

function place(scale: ValueScale, values: readonly number[]): Ticks {
  return { values: values.map(scale.forward), labels: formatTogether(values) };
}

function extent(values: Iterable<number>): { low: number; high: number; smallest: number } {
  let [low, high, smallest] = [Infinity, -Infinity, Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (value !== 0) smallest = Math.min(smallest, Math.abs(value));
  }
  return { low, high, smallest };
}

function powerBelow(value: number): number {
  return 10 ** Math.floor(Math.log10(value));
}
