// Which words stand around and on the room: ticks and titles of its axes, notes, and what the colours mean?

import type { Layout } from "../plotly";
import { type AxisText, axisLabels } from "./axis-labels";
import type { Box } from "./box";
import type { Label } from "./label";
import { paperNotes, roomNotes } from "./notes";
import { AXES, type AxisName, type Room } from "./room";
import type { Font, Measure } from "./text";
import type { Size, View } from "./view";

export interface Around {
  readonly room: Room;
  readonly view: View;
  readonly box: Box;
}

/** Those that lie on the picture come last. */
export function labelsOf(
  layout: Layout,
  { room, view, box }: Around,
  measure: Measure,
): readonly Label[] {
  const scene = layout.scene as Layout;
  const corner = paperNotes(layout.annotations, view.size, measure);
  const axes = AXES.flatMap((name) => axisText(scene, name, room, box) ?? []);
  const around = axisLabels(axes, view, measure, corner);
  return [...corner, ...around, ...roomNotes(scene.annotations, room, view, measure)];
}

/** Where lines run over the walls, in the room. */
export function tickPlaces(
  layout: Layout,
  room: Room,
): Readonly<Record<AxisName, readonly number[]>> {
  const places = (name: AxisName, axis: 0 | 1 | 2) =>
    (axisOf(layout.scene as Layout, name).tickvals ?? [])
      .map((value) => room.at(axis, value))
      .filter((place) => Math.abs(place) <= room.half[axis] * 1.0001);
  return { x: places("x", 0), y: places("y", 1), z: places("z", 2) };
}

interface Axis extends Layout {
  readonly range: readonly [number, number];
  readonly tickvals?: readonly number[];
  readonly ticktext?: readonly string[];
  readonly tickfont: Font;
  readonly showticklabels?: boolean;
  readonly title: { readonly text: string; readonly font?: Font };
  readonly backgroundcolor: string;
  readonly gridcolor: string;
}

export function axisOf(scene: Layout, name: AxisName): Axis {
  return scene[`${name}axis`] as Axis;
}

function axisText(scene: Layout, name: AxisName, room: Room, box: Box): AxisText | null {
  const edge = box.edges[name];
  if (!edge) return null;
  const axis = axisOf(scene, name);
  const [low, high] = room.ranges[name];
  const values = axis.showticklabels === false ? [] : (axis.tickvals ?? []);
  const ticks = values.map((value, index) => ({
    at: (value - low) / (high - low),
    text: axis.ticktext?.[index] ?? "",
  }));
  return {
    edge,
    ticks: ticks.filter(({ at }) => at >= -1e-9 && at <= 1 + 1e-9),
    tickFont: axis.tickfont,
    title: axis.title.text,
    titleFont: axis.title.font ?? axis.tickfont,
  };
}

/** What of a picture is left for the room: margins and a colour bar take the rest. */
export function insideOf(layout: Layout, size: Size, bar: number) {
  const { l, r, t, b } = layout.margin as Readonly<Record<"l" | "r" | "t" | "b", number>>;
  const width = Math.max(1, size.width - l - r - bar);
  const height = Math.max(1, size.height - t - b);
  return { left: l, top: t, size: { width, height } };
}
