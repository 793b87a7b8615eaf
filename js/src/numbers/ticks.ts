// Which round values lie between two others, few enough to read?

const MULTIPLES = [
  [1, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 1.5, 2, 3, 5, 7],
  [1, 2, 5],
  [1, 3],
  [1],
] as const;

/** Of their size: values closer than this would carry the same label. */
const TOLD_APART = 1e-11;

/** At most `count` multiples of 1, 2 or 5 times a power of ten. */
export function evenly(low: number, high: number, count: number): number[] {
  if (!(high - low > TOLD_APART * Math.max(Math.abs(low), Math.abs(high)))) return [low];
  const step = roundUp((high - low) / count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return range(first, last).map((index) => tidy(index * step));
}

/** At most `count` values that look even on a logarithmic axis; 0 < low < high. */
export function byDecades(low: number, high: number, count: number): number[] {
  if (high / low < 10) return evenly(low, high, count);
  const decades = range(Math.floor(Math.log10(low)), Math.ceil(Math.log10(high)));
  const within = (value: number) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
  for (const multiples of MULTIPLES) {
    const values = decades
      .flatMap((decade) => multiples.map((multiple) => tidy(multiple * 10 ** decade)))
      .filter(within);
    if (values.length <= count) return values;
  }
  const stride = Math.ceil(decades.length / count);
  return decades
    .filter((decade) => decade % stride === 0)
    .map((decade) => tidy(10 ** decade))
    .filter(within);
}

function roundUp(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const digit = [1, 2, 5].find((candidate) => candidate * power >= step * (1 - 1e-9)) ?? 10;
  return digit * power;
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

function tidy(value: number): number {
  return Number(value.toPrecision(12)) + 0;
}
