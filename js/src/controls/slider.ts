// How much of one thing? A thumb on a track, and a field that takes any value.

import type { ReadonlySignal } from "@preact/signals-core";
import type { Range } from "../protocol";
import type { Binding } from "./binding";
import { element, watch } from "./element";
import { createGesture, onDrag } from "./gesture";
import { numberField } from "./number-field";
import { clamp, thumb } from "./thumb";

/** The ground a track covers: where its thumb may go and how values lie along it. */
export interface Ground {
  readonly range: Range;
  readonly step: number;
  readonly page: number;
  /** Monotone, to spread out small values; thumbs are placed and dragged in its image. */
  forward(value: number): number;
  inverse(place: number): number;
  /** The value a thumb may rest on. */
  settle(value: number): number;
}

export interface SliderOptions {
  readonly label: string;
  readonly binding: Binding<number>;
  readonly ground: ReadonlySignal<Ground>;
  readonly text: (value: number) => string;
  readonly words?: Readonly<Record<string, number>>;
  readonly characters?: number;
}

export function slider(options: SliderOptions, signal: AbortSignal): HTMLElement {
  const { label, binding, ground, text } = options;
  const gesture = createGesture(binding);
  const inside = () => clamp(binding.value.value, ground.value.range);
  const settled = (value: number) =>
    clamp(ground.peek().settle(clamp(value, ground.peek().range)), ground.peek().range);
  const knob = thumb(
    {
      label,
      value: inside,
      bounds: () => ground.value.range,
      step: () => ground.value.step,
      page: () => ground.value.page,
      text: () => text(binding.value.value),
      move: (value) => gesture.move(settled(value)),
      release: gesture.release,
    },
    signal,
  );
  const bar = element("div", { class: "lw-bar lw-fill" });
  const track = element("div", { class: "lw-track" }, bar, knob);
  const share = (value: number) => {
    const [low, high] = ground.value.range.map(ground.value.forward) as [number, number];
    return high > low ? (ground.value.forward(value) - low) / (high - low) : 1;
  };
  watch(signal, () => {
    const place = `${100 * share(inside())}%`;
    knob.style.left = place;
    bar.style.width = place;
    track.classList.toggle("lw-held", gesture.active.value);
  });
  const at = (fraction: number) => {
    const { range, forward, inverse } = ground.peek();
    const [low, high] = [forward(range[0]), forward(range[1])];
    return settled(inverse(low + clamp(fraction, [0, 1]) * (high - low)));
  };
  onDrag(
    track,
    (event) => {
      knob.focus();
      const box = track.getBoundingClientRect();
      const width = Math.max(box.width, 1);
      const grabbed = event.target === knob;
      const start = grabbed ? share(inside()) : (event.clientX - box.left) / width;
      if (!grabbed) gesture.move(at(start));
      return (pixels) => gesture.move(at(start + pixels / width));
    },
    gesture.release,
    signal,
  );
  const field = numberField({ ...options, label: `${label}, a number` }, signal);
  return element("div", { class: "lw-slider" }, track, field);
}

/** Values that spread evenly by ratio: 5, 50 and 500 are equally far apart. */
export function byRatio(range: Range, settle: (value: number) => number, step = 1): Ground {
  return {
    range,
    step,
    page: Math.max(step, settle((range[1] - range[0]) / 10)),
    forward: Math.log,
    inverse: Math.exp,
    settle,
  };
}
