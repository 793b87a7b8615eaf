// What does each network reach, and how wide is its valley? The table under the pictures.

import { element, explain, watch } from "../controls/element";
import { formatNumber } from "../numbers/format";
import type { TableRow, TableValue } from "./traits";

interface Column {
  readonly key: string;
  readonly label: string;
  readonly hint: string;
  readonly text: (row: TableRow) => string;
}

const UNKNOWN = "—";

const COLUMNS: readonly Column[] = [
  plain("loss", "loss", "At the origin, on all the samples asked for."),
  plain("accuracy", "accuracy, %", "At the origin, on the training data."),
  plain("test_error", "test error, %", "100 % less the accuracy on the test data."),
  plain(
    "norm",
    "‖θ‖",
    "The length of the weights that move: of large weights, a step is a smaller part.",
  ),
  width("0.1", "width at +0.1"),
  width("1.0", "width at +1.0"),
];

export function createTable(rows: () => readonly TableRow[], signal: AbortSignal): HTMLElement {
  const head = element("thead");
  const body = element("tbody");
  const node = element(
    "div",
    { class: "lw-table" },
    element("table", { "aria-label": "the networks compared" }, head, body),
  );
  watch(signal, () => {
    const shown = rows();
    const columns = COLUMNS.filter(({ key }) => shown.some((row) => key in row));
    node.hidden = shown.length === 0;
    head.replaceChildren(
      element(
        "tr",
        {},
        element("td"),
        ...columns.map(({ label, hint }) =>
          explain(element("th", { scope: "col", tabindex: 0 }, label), hint),
        ),
      ),
    );
    body.replaceChildren(
      ...shown.map((row) =>
        element(
          "tr",
          {},
          element(
            "th",
            { scope: "row" },
            `${row.title} `,
            element("span", { class: "lw-quiet" }, String(row.about ?? "")),
          ),
          ...columns.map(({ text }) => element("td", {}, text(row))),
        ),
      ),
    );
  });
  return node;
}

function plain(key: string, label: string, hint: string): Column {
  return { key, label, hint, text: (row) => numberText(row[key]) };
}

/** "0.84 (0.71 to 0.96)", "> 2": the median over the lines, lowest to highest. */
function width(rise: string, label: string): Column {
  const key = `width_${rise}`;
  const hint =
    `How far one can go along a random direction, to both sides, before the loss has risen by ${rise}: ` +
    "the median over several directions, lowest to highest. “>”: it had not risen at the end of the line.";
  const text = (row: TableRow) => {
    const median = numberText(row[key]);
    if (median === UNKNOWN) return median;
    const least = row[`${key}_open`] === true ? "> " : "";
    const [low, high] = [numberText(row[`${key}_low`]), numberText(row[`${key}_high`])];
    return low === high ? `${least}${median}` : `${least}${median} (${low} to ${high})`;
  };
  return { key, label, hint, text };
}

function numberText(value: TableValue | undefined): string {
  if (value === null || value === undefined) return UNKNOWN;
  return formatNumber(Number(value));
}
