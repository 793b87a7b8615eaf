// How is a number written, so that a person reads it at a glance?

const MINUS = "−";
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const MOST_DIGITS = 9;
const SMALLEST_PLAIN = 0.0009995;
const LARGEST_PLAIN = 999_999.5;

export interface NumberFormat {
  readonly significant?: number;
}

/** Three significant digits, never fewer than the whole part: 0.00123, 4.2 × 10⁻⁷, 1,797, −0.5. */
export function formatNumber(value: number, { significant = 3 }: NumberFormat = {}): string {
  if (Number.isNaN(value)) return "NaN";
  const sign = value < 0 ? MINUS : "";
  const size = Math.abs(value);
  if (size === Infinity) return `${sign}∞`;
  if (size === 0) return "0";
  if (size < SMALLEST_PLAIN || size >= LARGEST_PLAIN) return sign + power(size, significant);
  const decimals = significant - 1 - Math.floor(Math.log10(size));
  return sign + group(trim(size.toFixed(Math.max(0, decimals))));
}

/** Just enough digits, and at least three, that values which differ look different. */
export function formatTogether(values: readonly number[]): string[] {
  const different = new Set(values).size;
  for (let significant = 3; ; significant++) {
    const labels = values.map((value) => formatNumber(value, { significant }));
    if (significant === MOST_DIGITS || new Set(labels).size === different) return labels;
  }
}

/** "−1 to 1" */
export function formatRange(low: number, high: number): string {
  return formatTogether([low, high]).join(" to ");
}

/** "± 0.004": one digit, two where one would round coarsely; "± ?" where it can't be known. */
export function formatError(error: number): string {
  if (Number.isNaN(error)) return "± ?";
  const leading = Number(error.toExponential()[0]);
  return `± ${formatNumber(error, { significant: leading < 3 ? 2 : 1 })}`;
}

/** "1,797" */
export function formatCount(count: number): string {
  return group(String(Math.round(count)));
}

/** "89.6°" */
export function formatAngle(degrees: number): string {
  return `${formatNumber(degrees)}°`;
}

/** "2 s", "1 min 20 s", "2 h 5 min" */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return "under 1 s";
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return two(Math.floor(whole / 60), "min", whole % 60, "s");
  const minutes = Math.round(whole / 60);
  return two(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

/** "40 s", "2 min", "1.5 h": for what is only estimated. */
export function formatAbout(seconds: number): string {
  if (seconds < 10) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 57) return `${5 * Math.round(seconds / 5)} s`;
  if (seconds < 59.5 * 60) return `${Math.round(seconds / 60)} min`;
  return `${formatNumber(seconds / 3600, { significant: 2 })} h`;
}

function two(large: number, unit: string, small: number, smallUnit: string): string {
  const first = `${formatCount(large)} ${unit}`;
  return small === 0 ? first : `${first} ${small} ${smallUnit}`;
}

function trim(digits: string): string {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}

function group(digits: string): string {
  const [whole = "", rest] = digits.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return rest === undefined ? grouped : `${grouped}.${rest}`;
}

function power(size: number, significant: number): string {
  const [mantissa = "", exponent = ""] = size.toExponential(significant - 1).split("e");
  const digits = trim(mantissa);
  return `${digits === "1" ? "" : `${digits} × `}10${superscript(Number(exponent))}`;
}

function superscript(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]);
  return (exponent < 0 ? "⁻" : "") + digits.join("");
}
