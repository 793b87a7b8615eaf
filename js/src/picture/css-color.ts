// What does a colour in a style sheet come to, on the paper that it lies on?

export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/** #rgb, #rrggbb, #rrggbbaa, rgb() and rgba(); undefined for what is written otherwise. */
export function parseColor(text: string): Rgba | undefined {
  const [red, green, blue, alpha = 1] = fromHex(text) ?? fromFunction(text) ?? [];
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  return [red, green, blue, alpha];
}

export function isDark([red, green, blue]: Rgba): boolean {
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}

/** The same to the eye but without transparency, as #rrggbb: WebGL draws lines and text opaque. */
export function flattened([red, green, blue, alpha]: Rgba, [r, g, b]: Rgba): string {
  const channels = [r + (red - r) * alpha, g + (green - g) * alpha, b + (blue - b) * alpha];
  return `#${channels.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`;
}

function fromHex(text: string): number[] | undefined {
  const digits = /^#([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i.exec(text)?.[1];
  if (digits === undefined) return undefined;
  const pairs = digits.length < 6 ? [...digits].map((digit) => digit + digit) : digits.match(/../g);
  const [red = 0, green = 0, blue = 0, alpha = 255] = (pairs ?? []).map((pair) =>
    Number.parseInt(pair, 16),
  );
  return [red, green, blue, alpha / 255];
}

function fromFunction(text: string): number[] | undefined {
  return /^rgba?\(([\d\s.,/]+)\)$/
    .exec(text)?.[1]
    ?.split(/[\s,/]+/)
    .filter((part) => part !== "")
    .map(Number);
}
