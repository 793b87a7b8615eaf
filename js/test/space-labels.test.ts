import { expect, it } from "vitest";
import { DEFAULT_CAMERA, turn } from "../src/picture/camera";
import { boxOf } from "../src/space/box";
import { type Label, PLAIN, touches } from "../src/space/label";
import { roomOf } from "../src/space/room";
import { linesOf } from "../src/space/text";
import { viewOf } from "../src/space/view";
import { insideOf, labelsOf } from "../src/space/words";
import { draw } from "./figures";
import { landscape, spread } from "./landscapes";

const size = { width: 640, height: 420 };
const measure = (line: string, font: number) => 0.55 * font * line.length;
const { layout } = draw(
  landscape((x, y) => x * x + 3 * y * y, { x: spread(-1, 1, 9), y: spread(-1, 1, 9) }),
);
const room = roomOf(layout.scene as never);

function labels(camera = DEFAULT_CAMERA, of = size): readonly Label[] {
  const inside = insideOf(layout, of, 80).size;
  const view = viewOf(camera, inside);
  return labelsOf(layout, { room, view, box: boxOf(room, view) }, measure);
}

const texts = (all: readonly Label[]) => all.map(({ lines }) => lines.join(" "));

it("writes what the layout says: titles, ticks, and what the height is", () => {
  const written = texts(labels());
  expect(written).toContain("height: loss");
  expect(written).toContain("direction 1: random, seed 0 filter-normalized steps");
  expect(
    written.filter((text) => ["−1", "−0.5", "0", "0.5", "1"].includes(text)).length,
  ).toBeGreaterThan(6);
});

it.each([0, 0.7, 1.5, 2.4, 3.9, 5.2])("lets no two touch, turned by %f", (around) => {
  for (const up of [-0.9, -0.4, 0, 0.5]) {
    const around_ = labels(turn(DEFAULT_CAMERA, around, up)).filter(({ stem }) => stem === null);
    const pairs = around_.flatMap((one, index) =>
      around_.slice(index + 1).map((other) => [one, other] as const),
    );
    for (const [one, other] of pairs) {
      if (touches(one, other)) expect([texts([one, other]), around, up]).toEqual([]);
    }
  }
});

it("cuts none off, however small the picture", () => {
  for (const width of [300, 420, 640]) {
    for (const label of labels(turn(DEFAULT_CAMERA, 0.4, -0.2), { width, height: 320 })) {
      if (label.stem) continue;
      const reach = Math.hypot(label.width, label.height) / 2;
      const inside = { width: width - 96, height: 300 };
      if (label.angle === 0) expect(label.x - label.width / 2).toBeGreaterThan(-1);
      expect(label.x).toBeLessThan(inside.width + reach);
    }
  }
});

it("takes turned labels as they lie, not as their boxes do", () => {
  const long = {
    ...PLAIN,
    lines: ["a"],
    size: 10,
    color: "#000000",
    width: 100,
    height: 10,
    x: 0,
    y: 0,
  };
  const turned = { ...long, angle: Math.PI / 4 };
  const beside = { ...long, width: 10, x: 30, y: -30 };
  expect(touches(turned, beside)).toBe(false);
  expect(touches(turned, { ...beside, y: 30 })).toBe(true);
});

it("has walls behind and names in front, from wherever one looks", () => {
  for (const around of [0, 1, 2, 3, 4, 5, 6]) {
    const view = viewOf(turn(DEFAULT_CAMERA, around, 0), size);
    const { back, edges } = boxOf(room, view);
    const [x, y] = view.eye.map((at) => (at >= 0 ? -1 : 1));
    expect(back).toEqual([x, y, -1]);
    expect(edges.x?.from[2]).toBe(-room.half[2]);
    expect(edges.z && view.spot(edges.z.from).x).toBeLessThan(view.spot([0, 0, 0]).x);
  }
});

it("reads lines and entities, and nothing else, as markup", () => {
  expect(linesOf("<br>a &lt;b&gt; &amp; c<br>d")).toEqual(["a <b> & c", "d"]);
});

it("names stand outside of the room, also when it is seen from above, where the height has none", () => {
  const above = {
    eye: { x: 0, y: 0, z: 2.4 },
    center: { x: 0, y: 0, z: 0 },
    up: { x: 0, y: 1, z: 0 },
  };
  const { edges } = boxOf(room, viewOf(above, size));
  expect(edges.z).toBeNull();
  expect([edges.x?.from[2], edges.y?.from[2]]).toEqual([room.half[2], room.half[2]]);
});

it("has the ceiling behind everything once the eye is below the floor, and not before", () => {
  const backAt = (z: number) =>
    boxOf(room, viewOf({ ...DEFAULT_CAMERA, eye: { x: 1, y: -1, z } }, size)).back[2];
  expect([backAt(1), backAt(-0.2), backAt(-1)]).toEqual([-1, -1, 1]);
});
