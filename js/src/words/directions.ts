// How does a choice of directions change the request? Pure.

import { followed, sameRange } from "../numbers/ranges";
import type { Choices, DirectionChoice, DirectionOption, Range, Request } from "../protocol";

/** Another direction for one axis; its own range comes along when it lives on another one. */
export function withDirection(
  request: Request,
  choices: Choices,
  axis: number,
  key: string,
): Partial<Request> {
  const [before, after] = [
    optionOf(choices, request.directions[axis]?.key),
    optionOf(choices, key),
  ];
  const directions = replaced(request.directions, axis, { key });
  if (!after || (before && sameRange(before.range, after.range))) return { directions };
  return axis === 0 ? { directions, x: after.range } : { directions, y: after.range };
}

export function withSeed(request: Request, axis: number, seed: number): Partial<Request> {
  return { directions: replaced(request.directions, axis, { seed }) };
}

/** Null: as every random direction of the picture. */
export function withNormalization(
  request: Request,
  axis: number,
  normalization: string | null,
): Partial<Request> {
  return { directions: replaced(request.directions, axis, { normalization }) };
}

/** No third direction, so that the second axis is what it is. */
export const NOWHERE = {
  key: "none",
  label: "nowhere",
  hint: "Axis 2 stays the direction that it is.",
};

/** Another direction to turn the second axis towards, or none. */
export function withThird(request: Request, choices: Choices, key: string): Partial<Request> {
  if (key === NOWHERE.key) return { third: null, rotation: 0 };
  const seed = optionOf(choices, key)?.seeded ? newSeed(request) : 0;
  return { third: { key, seed, normalization: null } };
}

/** A seed that no direction has, so that no two ever fall together. */
export function newSeed({ directions, third }: Pick<Request, "directions" | "third">): number {
  const all = third ? [...directions, third] : directions;
  return Math.max(...all.map(({ seed }) => seed)) + 1;
}

/** A plane: a second direction beside the one there is, over its own range. */
export function withPlane(request: Request, choices: Choices, key: string): Partial<Request> {
  const second = { key, seed: newSeed(request), normalization: null };
  const y = optionOf(choices, key)?.range ?? request.y;
  return { directions: [...request.directions.slice(0, 1), second], y, kind: "surface" };
}

/** A line: the first direction alone. */
export function withLine(request: Request): Partial<Request> {
  return { directions: request.directions.slice(0, 1), kind: "line" };
}

/** True for a direction that would give both axes the same. */
export function isTaken(request: Request, choices: Choices, axis: number, key: string): boolean {
  const other = request.directions[1 - axis];
  return other?.key === key && !optionOf(choices, key)?.seeded;
}

/** A new range for one axis; a linked one follows in proportion. */
export function withRange(request: Request, name: "x" | "y", range: Range): Partial<Request> {
  const other = name === "x" ? "y" : "x";
  if (!request.linked || !isPlane(request)) return { [name]: range };
  return { [name]: range, [other]: followed(request[other], request[name], range) };
}

export function isPlane(request: Request): boolean {
  return request.directions.length === 2;
}

/** Only what is drawn at random is normalized. */
export function hasRandom({ directions, third }: Request, choices: Choices): boolean {
  const all = third ? [...directions, third] : directions;
  return all.some(({ key }) => optionOf(choices, key)?.seeded);
}

export function optionOf(choices: Choices, key: string | undefined): DirectionOption | undefined {
  return choices.directions.find((option) => option.key === key);
}

function replaced(
  directions: readonly DirectionChoice[],
  axis: number,
  changes: Partial<DirectionChoice>,
): readonly DirectionChoice[] {
  return directions.map((one, index) => (index === axis ? { ...one, ...changes } : one));
}
