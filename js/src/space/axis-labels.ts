// Where do the ticks and the title of an axis stand: outside of the room, clear of each other?

import type { Edge } from "./box";
import { isOn, type Label, movedOnto, PLAIN, reach, touches } from "./label";
import type { Triple } from "./matrix";
import { extentOf, type Font, linesOf, type Measure } from "./text";
import type { View } from "./view";

export interface AxisText {
  readonly edge: Edge;
  /** Shares of the edge, and what they are called. */
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  readonly tickFont: Font;
  readonly title: string;
  readonly titleFont: Font;
}

/** Pixels between the edge and its ticks, and between those and the title. */
const GAPS = { tick: 7, title: 6 } as const;
/** An edge seen from its end says nothing: so many pixels a tick at least. */
const SHORTEST = 14;
const PUSHES = 12;
const PUSH = 5;

/** Titles come first, then the ticks that leave them alone; `taken` is there already. */
export function axisLabels(
  axes: readonly AxisText[],
  view: View,
  measure: Measure,
  taken: readonly Label[],
): readonly Label[] {
  const sides = axes.map((axis) => ({ axis, ...sideOf(axis.edge, view), ticks: [] as Label[] }));
  for (const side of sides) side.ticks = [...ticksOf(side, view, measure)];
  const placed: Label[] = [...taken];
  const titles = sides.flatMap((side) => {
    const others = sides.filter((other) => other !== side).flatMap(({ ticks }) => ticks);
    const title = titleOf(side, view, measure, [...placed, ...others]);
    if (title) placed.push(title);
    return title ?? [];
  });
  const kept = sides.flatMap(({ ticks }) =>
    ticks.filter((tick) => {
      const isFree = isOn(view.size, tick) && !placed.some((other) => touches(tick, other));
      if (isFree) placed.push(tick);
      return isFree;
    }),
  );
  return [...titles, ...kept];
}

interface Side {
  readonly axis: AxisText;
  readonly from: { readonly x: number; readonly y: number };
  readonly to: { readonly x: number; readonly y: number };
  /** Away from the room, one pixel long. */
  readonly outwards: readonly [number, number];
  readonly length: number;
  readonly ticks: readonly Label[];
}

function sideOf(edge: Edge, view: View): Pick<Side, "from" | "to" | "outwards" | "length"> {
  const [from, to, middle] = [view.spot(edge.from), view.spot(edge.to), view.spot([0, 0, 0])];
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const across = [(from.y - to.y) / (length || 1), (to.x - from.x) / (length || 1)] as const;
  const away = across[0] * (from.x - middle.x) + across[1] * (from.y - middle.y);
  const sign = away < 0 ? -1 : 1;
  return { from, to, length, outwards: [sign * across[0], sign * across[1]] };
}

function ticksOf(
  { axis, outwards, length }: Omit<Side, "ticks">,
  view: View,
  measure: Measure,
): readonly Label[] {
  const named = axis.ticks.filter(({ text }) => text !== "");
  if (length < SHORTEST * Math.min(2, named.length)) return [];
  return named.map(({ at, text }) => {
    const lines = linesOf(text);
    const extent = extentOf(lines, axis.tickFont.size, measure);
    const spot = view.spot(between(axis.edge, at));
    const away = GAPS.tick + reach({ ...extent, angle: 0 }, Math.atan2(outwards[1], outwards[0]));
    const [x, y] = [spot.x + away * outwards[0], spot.y + away * outwards[1]];
    return { ...PLAIN, ...extent, ...axis.tickFont, lines, x, y };
  });
}

/** Along its edge, beyond its ticks, pushed outwards until it touches nothing; null where there is none. */
function titleOf(
  { axis, from, to, outwards, length, ticks }: Side,
  view: View,
  measure: Measure,
  taken: readonly Label[],
): Label | null {
  const lines = linesOf(axis.title);
  if (lines.length === 0 || length < 2 * SHORTEST) return null;
  const extent = extentOf(lines, axis.titleFont.size, measure);
  const angle = upright(Math.atan2(to.y - from.y, to.x - from.x));
  const direction = Math.atan2(outwards[1], outwards[0]);
  const beyond = ticks.reduce((most, tick) => Math.max(most, 2 * reach(tick, direction)), 0);
  const start = GAPS.tick + beyond + GAPS.title + extent.height / 2;
  const label = (away: number): Label => ({
    ...PLAIN,
    ...extent,
    ...axis.titleFont,
    lines,
    angle,
    x: (from.x + to.x) / 2 + away * outwards[0],
    y: (from.y + to.y) / 2 + away * outwards[1],
  });
  const tries = Array.from({ length: PUSHES }, (_, push) =>
    movedOnto(view.size, slid(label(start + PUSH * push), { from, to, length }, view)),
  );
  return tries.find((one) => !taken.some((other) => touches(one, other))) ?? (tries[0] as Label);
}

/** Along its edge, as far as that goes, where it would be cut off above or below. */
function slid(
  label: Label,
  { from, to, length }: Pick<Side, "from" | "to" | "length">,
  { size }: View,
): Label {
  const along = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
  const over = movedOnto(size, label).y - label.y;
  if (over === 0 || Math.abs(along.y) < 0.1) return label;
  const by = Math.max(-length / 2, Math.min(over / along.y, length / 2));
  return { ...label, x: label.x + by * along.x, y: label.y + by * along.y };
}

/** Never upside down; what is upright is read from below. */
function upright(angle: number): number {
  const turned = Math.atan(Math.tan(angle));
  return Math.abs(turned - Math.PI / 2) < 1e-3 ? -Math.PI / 2 : turned;
}

function between({ from, to }: Edge, share: number): Triple {
  return [0, 1, 2].map(
    (axis) => (1 - share) * (from[axis] as number) + share * (to[axis] as number),
  ) as unknown as Triple;
}
