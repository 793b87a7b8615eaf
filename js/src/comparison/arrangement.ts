// Where does each member stand? In the matrix a person named, or in as many columns as there is room for. Pure.

import type { Matrix, MemberEntry } from "./traits";

/** Pixels below which a picture says little, and above which it needs no more. */
const NARROWEST = 230;
const FEWEST = 2;
const MOST = 4;

export interface Place {
  readonly row: number;
  readonly column: number;
}

export interface Arrangement {
  readonly rows: number;
  readonly columns: number;
  /** One a member. */
  readonly places: readonly Place[];
}

export function arrange(
  members: readonly Pick<MemberEntry, "cell">[],
  matrix: Matrix | null,
  wanted: number | null,
  width: number,
): Arrangement {
  if (matrix) {
    const places = members.map(({ cell }) => ({ row: cell?.[0] ?? 0, column: cell?.[1] ?? 0 }));
    return { rows: matrix.rows.length, columns: matrix.columns.length, places };
  }
  const columns = wanted ?? fitting(members.length, width);
  const places = members.map((_, index) => ({
    row: Math.floor(index / columns),
    column: index % columns,
  }));
  return { rows: Math.ceil(members.length / columns), columns, places };
}

/** Two to four, as full as their last row can be. */
function fitting(count: number, width: number): number {
  const room = Math.min(MOST, Math.max(FEWEST, Math.floor(width / NARROWEST)));
  const rows = Math.ceil(count / room);
  return Math.min(count, Math.ceil(count / rows));
}
