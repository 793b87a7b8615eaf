// What is known of a cell, and which of two tellings of it holds?

/** Not measured, and nothing said about it: its value means nothing. */
export const UNKNOWN = 0;
export const EXACT = 1;
/** Measured on fewer samples than asked for, and to be replaced. */
export const PREVIEW = 2;
/** Not measured: the value that the spline through the measured cells has there. */
export const INTERPOLATED = 3;
/** Measured as well as could be, and final; but an iteration in it came to no end. */
export const UNCONVERGED = 4;
/** Its loss raised an error: it has no value, and isn't measured again. */
export const FAILED = 5;

/** Somebody has been there; what failed is as much of a hole as what is not finite. */
export function isMeasured(state: number | undefined): boolean {
  return isFinal(state) || state === PREVIEW;
}

/** Measured, and never to be replaced. */
export function isFinal(state: number | undefined): boolean {
  return state === EXACT || state === UNCONVERGED || state === FAILED;
}

/** True if a cell in state `news` says at least as much as one in state `known`, whichever came first. */
export function holds(news: number, known: number): boolean {
  return (WORTH[news] ?? 0) >= (WORTH[known] ?? 0);
}

/** By state. */
const WORTH = [0, 4, 2, 1, 4, 3];
