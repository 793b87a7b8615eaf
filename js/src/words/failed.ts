// How is it told that a cell's loss raised an error? Pure.

/** Letters of an error that fit into a line. */
export const LONGEST_ERROR = 80;

/** "3 cells failed: ValueError: too large", on one line; without the error where nobody knows it. */
export function failedText(what: string, error: string): string {
  const line = error.replace(/\s+/g, " ").trim();
  const short = line.length > LONGEST_ERROR ? `${line.slice(0, LONGEST_ERROR - 1)}…` : line;
  return [what, short].filter(Boolean).join(": ");
}
