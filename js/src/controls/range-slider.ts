// Where does a range begin and end? Two thumbs, the bar between them, and two fields that take any value.

import { signal as cell } from "@preact/signals-core";
import { formatNumber } from "../numbers/format";
import { shifted, snap, stepOf, tripled } from "../numbers/ranges";
import type { Range } from "../protocol";
import { type Binding, part } from "./binding";
import { element, scopeOf, watch } from "./element";
import { createGesture, onDrag } from "./gesture";
import { numberField } from "./number-field";
import { clamp, thumb } from "./thumb";

export interface RangeSliderOptions {
  /** The axis, "x" or "y". */
  readonly label: string;
  readonly binding: Binding<Range>;
  /** Cells along this axis: thumbs move from one to the next. */
  readonly points: () => number;
}

export function rangeSlider(options: RangeSliderOptions, signal: AbortSignal): HTMLElement {
  const { label, binding, points } = options;
  const { value } = binding;
  const gesture = createGesture(binding);
  const frame = cell(frameOf(value.peek(), points()));
  const low = (end: number): Range => {
    const { step, track, origin } = frame.peek();
    const high = value.peek()[1];
    return [clamp(snap(end, origin, step), [track[0], high - step]), high];
  };
  const high = (end: number): Range => {
    const { step, track, origin } = frame.peek();
    const start = value.peek()[0];
    return [start, clamp(snap(end, origin, step), [start + step, track[1]])];
  };
  const shared = {
    step: () => frame.value.step,
    page: () => frame.value.step * Math.max(1, Math.round((points() - 1) / 10)),
    text: formatNumber,
    release: gesture.release,
  };
  const from = thumb(
    {
      ...shared,
      label: `${label} from`,
      value: () => value.value[0],
      bounds: () => [frame.value.track[0], value.value[1] - frame.value.step],
      move: (end) => gesture.move(low(end)),
    },
    signal,
  );
  const to = thumb(
    {
      ...shared,
      label: `${label} to`,
      value: () => value.value[1],
      bounds: () => [value.value[0] + frame.value.step, frame.value.track[1]],
      move: (end) => gesture.move(high(end)),
    },
    signal,
  );
  const bar = element("div", { class: "lw-bar" });
  const track = element("div", { class: "lw-track" }, bar, from, to);

  watch(signal, () => {
    const next = frameOf(value.value, points());
    if (gesture.active.value) return;
    const { step, origin } = frame.peek();
    frame.value = track.contains(scopeOf(track).activeElement ?? null)
      ? { ...next, step, origin }
      : next;
  });
  watch(signal, () => {
    const [start, end] = frame.value.track;
    const place = (at: number) => `${(100 * (at - start)) / (end - start)}%`;
    from.style.left = place(value.value[0]);
    to.style.left = place(value.value[1]);
    bar.style.left = place(value.value[0]);
    bar.style.width = `${(100 * (value.value[1] - value.value[0])) / (end - start)}%`;
    track.classList.toggle("lw-held", gesture.active.value);
  });
  const dragged = (node: HTMLElement, moved: (start: Range, by: number) => Range) =>
    onDrag(
      node,
      () => {
        node.focus();
        const start = value.peek();
        frame.value = frameOf(start, points());
        const [first, last] = frame.peek().track;
        const unit = (last - first) / Math.max(track.clientWidth, 1);
        return (pixels) => gesture.move(moved(start, pixels * unit));
      },
      gesture.release,
      signal,
    );
  dragged(from, (start, by) => low(start[0] + by));
  dragged(to, (start, by) => high(start[1] + by));
  dragged(bar, (start, by) => shifted(start, snap(by, 0, frame.peek().step)));

  const field = (name: string, end: Binding<number>) =>
    numberField({ label: `${label} ${name}`, binding: end, text: exact, characters: 6 }, signal);
  return element(
    "div",
    { class: "lw-range", role: "group", "aria-label": `range of ${label}` },
    field(
      "from, a number",
      part<Range, number>(binding, (range) => range[0], withLow),
    ),
    track,
    field(
      "to, a number",
      part<Range, number>(binding, (range) => range[1], withHigh),
    ),
  );
}

/** What stays put while a thumb is held; the step also while keys move it, so that one step back is back. */
function frameOf(range: Range, points: number) {
  return { track: tripled(range), step: stepOf(range, points), origin: range[0] };
}

function withLow(range: Range, low: number): Range {
  return [low, range[1]];
}

function withHigh(range: Range, high: number): Range {
  return [range[0], high];
}

function exact(value: number): string {
  return formatNumber(value, { significant: 4 });
}
