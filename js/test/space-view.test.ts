import fc from "fast-check";
import { expect, it } from "vitest";
import { DEFAULT_CAMERA, turn } from "../src/picture/camera";
import type { Camera } from "../src/protocol";
import { fitting } from "../src/space/fitting";
import { firstHit } from "../src/space/pick";
import { roomOf } from "../src/space/room";
import { viewOf } from "../src/space/view";

const size = { width: 800, height: 400 };
const ahead: Camera = {
  eye: { x: 0, y: -2, z: 0 },
  center: { x: 0, y: 0, z: 0 },
  up: { x: 0, y: 0, z: 1 },
};
const layout = {
  xaxis: { range: [-1, 3] },
  yaxis: { range: [0, 2] },
  zaxis: { range: [0, 10] },
  aspectratio: { x: 1, y: 0.5, z: 0.7 },
};
const room = roomOf(layout);

it("sees the middle in the middle, and a height in its share of the opening", () => {
  const view = viewOf(ahead, size);
  expect(view.spot([0, 0, 0])).toMatchObject({ x: 400, y: 200, depth: 2 });
  // 45° from edge to edge: half of the height is tan 22.5° of the distance.
  const edge = 2 * Math.tan(Math.PI / 8);
  expect(view.spot([0, 0, edge]).y).toBeCloseTo(0, 9);
  expect(view.spot([edge, 0, 0]).x).toBeCloseTo(400 + 200, 9);
  expect(view.spot([0, 2, edge]).y).toBeCloseTo(100, 9);
});

it("is upright when seen straight from above: what is behind is up", () => {
  const above = viewOf({ ...ahead, eye: { x: 0, y: 0, z: 2 } }, size);
  expect(above.spot([0, 0.5, 0]).y).toBeLessThan(200);
  expect(above.spot([0, 0.5, 0]).x).toBeCloseTo(400, 9);
  expect(above.spot([0.5, 0, 0]).x).toBeGreaterThan(400);
});

it("sends a ray through the very place that is seen there", () => {
  const within = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  const place = fc.tuple(within(-0.5, 0.5), within(-0.5, 0.5), within(-0.4, 0.4));
  const angles = fc.tuple(within(-3, 3), within(-0.5, 0.4));
  fc.assert(
    fc.property(place, angles, ([x, y, z], [around, up]) => {
      const view = viewOf(turn(DEFAULT_CAMERA, around, up), size);
      const spot = view.spot([x, y, z]);
      const { from, along } = view.ray(spot.x, spot.y);
      const away = [x - from[0], y - from[1], z - from[2]];
      const length = Math.hypot(...away);
      for (const axis of [0, 1, 2] as const) {
        expect(along[axis]).toBeCloseTo((away[axis] as number) / length, 9);
      }
    }),
  );
});

it("goes from data to the room and back", () => {
  expect([room.at(0, -1), room.at(0, 1), room.at(0, 3)]).toEqual([-0.5, 0, 0.5]);
  expect([room.at(1, 0), room.at(1, 2)]).toEqual([-0.25, 0.25]);
  expect(room.from(2, room.at(2, 7))).toBeCloseTo(7, 12);
});

const axis = (from: number, to: number) =>
  Array.from({ length: 41 }, (_, index) => from + ((to - from) * index) / 40);
const bowl = (x: number, y: number) => 1 + (x - 1) ** 2 + 3 * (y - 1) ** 2;
const [xs, ys] = [axis(-1, 3), axis(0, 2)];
const ground = {
  ...{ x: xs, y: ys },
  z: ys.map((y) => xs.map((x) => bowl(x, y))),
  ...{ surfacecolor: [], cmin: 0, cmax: 1 },
};

it("finds the cell whose place on the picture it is asked for", () => {
  const view = viewOf(turn(DEFAULT_CAMERA, 0, 0.5), size);
  for (const [column, row] of [
    [20, 20],
    [12, 25],
    [30, 28],
  ] as const) {
    const [x, y] = [xs[column] as number, ys[row] as number];
    const spot = view.spot([room.at(0, x), room.at(1, y), room.at(2, bowl(x, y))]);
    const hit = firstHit(ground, room, view.ray(spot.x, spot.y));
    expect(hit?.x).toBeCloseTo(x, 3);
    expect(hit?.y).toBeCloseTo(y, 3);
  }
});

it("finds nothing beside the ground, nor through a hole", () => {
  const view = viewOf(DEFAULT_CAMERA, size);
  expect(firstHit(ground, room, view.ray(2, 2))).toBeNull();
  const holed = { ...ground, z: ys.map(() => xs.map(() => Number.NaN)) };
  expect(firstHit(holed, room, view.ray(400, 200))).toBeNull();
});

const margins = { left: 50, right: 40, top: 30, bottom: 45 };

function outline(camera: Camera, half: readonly [number, number, number], of: typeof size) {
  const view = viewOf(camera, of);
  const corners = [-1, 1].flatMap((x) =>
    [-1, 1].flatMap((y) => [-1, 1].map((z) => view.spot([x * half[0], y * half[1], z * half[2]]))),
  );
  const [across, up] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  return {
    left: Math.min(...across),
    right: of.width - Math.max(...across),
    top: Math.min(...up),
    bottom: of.height - Math.max(...up),
  };
}

it.each([
  [{ width: 800, height: 500 }, [0.5, 0.5, 0.35]],
  [{ width: 300, height: 300 }, [0.5, 0.5, 0.35]],
  [{ width: 600, height: 420 }, [0.5, 0.125, 0.35]],
  [{ width: 600, height: 420 }, [0.5, 0.5, 0.7]],
] as const)("fills a picture of %o with a room of %o, and leaves its margins", (of, half) => {
  const left = outline(fitting(DEFAULT_CAMERA, half, of, margins), half, of);
  for (const side of ["left", "right", "top", "bottom"] as const) {
    expect(left[side]).toBeGreaterThan(margins[side] - 1.5);
  }
  const spare = ["left", "right", "top", "bottom"] as const;
  expect(Math.min(...spare.map((side) => left[side] - margins[side]))).toBeLessThan(1.5);
});
