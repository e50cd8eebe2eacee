/** Checks the time that a signature covers, so that nobody can send a recorded message again later. */

export interface TimeWindow {
  readonly unit: "seconds" | "milliseconds";
  /** How far the sender's clock may be from ours, either way. */
  readonly withinMs: number;
}

/** Tells whether a header's epoch time lies within the window around now. False for anything but digits. */
export function isWithinWindow(
  written: string | undefined,
  { unit, withinMs }: TimeWindow,
  nowMs = Date.now(),
): boolean {
  if (written === undefined || !/^\d{1,16}$/.test(written)) return false;
  const sentMs = Number(written) * (unit === "seconds" ? 1_000 : 1);
  return Math.abs(nowMs - sentMs) <= withinMs;
}
