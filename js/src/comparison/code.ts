// Which Python makes this comparison? The code of one landscape, with all members in place of the model. Pure.

import type { Request } from "../protocol";
import type { Matrix, MemberEntry } from "./traits";

const ONE = "widget = lw.explore(\n    model, loss, data,";
/** Each member has a trajectory of its own, and so axes of its own by the same names. */
const TRAVELLED = /^ {4}trajectory=trajectory,\n/m;
const DIRECTIONS = /^ {4}directions=.*\btrajectory\b.*\n/m;

export function comparedCode(
  code: string,
  members: readonly Pick<MemberEntry, "title" | "cell">[],
  matrix: Matrix | null,
  request: Pick<Request, "directions">,
): string {
  const travelled = TRAVELLED.test(code);
  const entries = members.map(
    (member, index) => `${titleCode(member, matrix)}: ${memberCode(index + 1, travelled)}`,
  );
  const all = `comparison = lw.compare(\n    {${entries.join(", ")}}, loss, data,`;
  const asked = code.replace(ONE, all).replace(TRAVELLED, "");
  const said = asked.replace(DIRECTIONS, "").replaceAll(/^widget\b/gm, "comparison");
  if (!DIRECTIONS.test(asked)) return said;
  const axes = JSON.stringify(request.directions).replaceAll("null", "None");
  return said.replace(/^\)\n/m, `)\ncomparison.directions = ${axes}\n`);
}

/** As it was given: text, or the names of row and column. */
function titleCode(
  { title, cell }: Pick<MemberEntry, "title" | "cell">,
  matrix: Matrix | null,
): string {
  if (!cell || !matrix) return JSON.stringify(title);
  const names = [matrix.rows[cell[0]], matrix.columns[cell[1]]];
  return `(${names.map((name) => JSON.stringify(name)).join(", ")})`;
}

function memberCode(number: number, travelled: boolean): string {
  const model = `model_${number}`;
  return travelled ? `lw.Landscape(${model}, trajectory=trajectory_${number})` : model;
}
