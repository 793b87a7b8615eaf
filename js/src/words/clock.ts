// How is a moment written? In the reader's own time zone.

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** "10:41" */
export function clock(time: Date): string {
  return [time.getHours(), time.getMinutes()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

/** "22 Nov 2026, 10:41" */
export function day(time: Date): string {
  return `${time.getDate()} ${MONTHS[time.getMonth()]} ${time.getFullYear()}, ${clock(time)}`;
}
