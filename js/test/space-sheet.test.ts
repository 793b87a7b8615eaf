import { expect, it } from "vitest";
import { isolines } from "../src/space/isolines";
import { piecesOf, shades } from "../src/space/parts";
import { roomOf } from "../src/space/room";
import { type Ground, POINT, placesOn, type Sheet, sheetOf } from "../src/space/sheet";

const spread = (from: number, to: number, points: number) =>
  Array.from({ length: points }, (_, index) => from + ((to - from) * index) / (points - 1));

function room(x: readonly [number, number] = [-1, 1], z: readonly [number, number] = [0, 2]) {
  return roomOf({
    xaxis: { range: x },
    yaxis: { range: [-1, 1] },
    zaxis: { range: z },
    aspectratio: { x: 1, y: 1, z: 1 },
  });
}

function ground(points: number, height: (x: number, y: number) => number): Ground {
  const axis = spread(-1, 1, points);
  const z = axis.map((y) => axis.map((x) => height(x, y)));
  return { x: axis, y: axis, z, surfacecolor: z, cmin: 0, cmax: 2 };
}

const point = ({ points }: Sheet, index: number) => [
  ...points.slice(POINT * index, POINT * (index + 1)),
];

it("has each cell where it is, in the room", () => {
  const sheet = sheetOf(
    ground(129, (x, y) => 1 + x * y),
    room(),
  );
  expect([sheet.columns, sheet.rows]).toEqual([129, 129]);
  expect(sheet.triangles).toHaveLength(6 * 128 * 128);
  // x, y and height half a unit a unit; the colour its share; slopes y and x, as one unit of height is half a room's.
  const [x, y, z, share, alongX, alongY] = point(sheet, 129 * 96 + 64);
  expect([x, y, z, share]).toEqual([0, 0.25, 0, 0.5]);
  expect(alongX).toBeCloseTo(0.5, 6);
  expect(alongY).toBeCloseTo(0, 6);
});

it("is fine where cells are coarse, and goes straight between them", () => {
  const sheet = sheetOf(
    ground(5, (x, y) => 1 + x * y),
    room(),
  );
  expect(sheet.columns).toBe(97);
  for (let index = 0; index < sheet.columns * sheet.rows; index += 7) {
    const [x = 0, y = 0, z = 0] = point(sheet, index);
    expect(z).toBeCloseTo((2 * x * 2 * y) / 2, 6);
  }
});

it("ends where the window does, also between two cells", () => {
  const places = placesOn([-1, -0.5, 0, 0.5, 1], [-0.75, 0.5]);
  expect([places.at[0], places.at.at(-1)]).toEqual([-0.75, 0.5]);
  expect([...places.at].sort((a, b) => a - b)).toEqual([...places.at]);
  expect(new Set(places.at).size).toBe(places.at.length);
  for (const cell of [-0.5, 0]) expect([...places.at]).toContain(cell);
  const sheet = sheetOf(
    ground(5, (x) => 1 + x),
    room([-0.75, 0.3]),
  );
  expect(point(sheet, 0)[0]).toBeCloseTo(-0.5, 6);
  expect(point(sheet, sheet.columns - 1)[0]).toBeCloseTo(0.5, 6);
  expect(point(sheet, sheet.columns - 1)[2]).toBeCloseTo(0.3 / 2, 6);
});

it("keeps to what is known of a window that is wider, and has nothing of one elsewhere", () => {
  const wide = sheetOf(
    ground(129, () => 1),
    room([-2, 2]),
  );
  expect([point(wide, 0)[0], point(wide, wide.columns - 1)[0]]).toEqual([-0.25, 0.25]);
  const away = sheetOf(
    ground(129, () => 1),
    room([2, 3]),
  );
  expect([away.columns, away.triangles.length]).toEqual([0, 0]);
});

it("cuts ground off at a ceiling where it meets it, between two cells", () => {
  const cut = ground(5, (x) => 1 + x);
  const z = cut.z.map((row) => Array.from(row, (height) => Math.min(height, 1.3)));
  const sheet = sheetOf({ ...cut, z, uncut: cut.z, ceiling: 1.3 }, room());
  for (let index = 0; index < sheet.columns; index++) {
    const [x = 0, , height] = point(sheet, index);
    expect(height).toBeCloseTo(Math.min(1 + 2 * x, 1.3) / 2 - 0.5, 5);
  }
});

it("leaves out the four cells around a hole, and stays flat beside it", () => {
  const holed = ground(129, () => 1);
  const z = holed.z.map((row) => [...(row as number[])]);
  (z[50] as number[])[70] = Number.NaN;
  const sheet = sheetOf({ ...holed, z }, room());
  expect(sheet.triangles).toHaveLength(6 * (128 * 128 - 4));
  expect([...sheet.triangles]).not.toContain(50 * 129 + 70);
  for (const index of [50 * 129 + 69, 49 * 129 + 70])
    expect(point(sheet, index)).not.toContain(Number.NaN);
});

it("crosses a level just where the sheet does", () => {
  const sheet = sheetOf(
    ground(129, (x, y) => x * x + y * y),
    room(),
  );
  const levels = [0.25, 0.81];
  const pieces = isolines(
    sheet,
    levels.map((level) => room().at(2, level)),
  );
  expect(pieces.length).toBeGreaterThan(600);
  const radii = new Set<number>();
  for (let piece = 0; piece < pieces.length; piece += 3) {
    const [x = 0, y = 0, z = 0] = pieces.slice(piece, piece + 3);
    const radius = Math.hypot(2 * x, 2 * y);
    expect(radius ** 2).toBeCloseTo(2 * (z + 0.5), 2);
    radii.add(Math.round(10 * radius) / 10);
  }
  expect([...radii].sort()).toEqual([0.5, 0.9]);
});

it("closes a level that runs around: each end is another's beginning", () => {
  const sheet = sheetOf(
    ground(33, (x, y) => x * x + y * y),
    room(),
  );
  const pieces = isolines(sheet, [room().at(2, 0.3)]);
  const ends = new Map<string, number>();
  for (let end = 0; end < pieces.length; end += 3) {
    const key = [...pieces.slice(end, end + 2)].map((at) => at.toFixed(5)).join(" ");
    ends.set(key, (ends.get(key) ?? 0) + 1);
  }
  expect([...ends.values()].every((count) => count % 2 === 0)).toBe(true);
});

it("has no line at a level that nothing reaches", () => {
  const sheet = sheetOf(
    ground(129, () => 1),
    room(),
  );
  expect(isolines(sheet, [room().at(2, 0.5), room().at(2, 1.5)])).toHaveLength(0);
});

it("has the first colour at one end and the last at the other, and a step where two stops meet", () => {
  const colors = shades([
    [0, "#000000"],
    [0.5, "#ff0000"],
    [0.5, "#0000ff"],
    [1, "#00ff00"],
  ]);
  const at = (index: number) => [...colors.slice(4 * index, 4 * index + 4)];
  expect([at(0), at(1023)]).toEqual([
    [0, 0, 0, 255],
    [0, 255, 0, 255],
  ]);
  expect(at(511)[0]).toBeGreaterThan(250);
  expect(at(512)[2]).toBeGreaterThan(250);
});

it("has a piece from each point to the next, and none over a gap", () => {
  const line = { x: [-1, 0, 1, 1], y: [0, 0, 0, 1], z: [0, 1, null, 2] };
  expect([...piecesOf(line, room())]).toEqual([-0.5, 0, -0.5, 0, 0, 0]);
});
