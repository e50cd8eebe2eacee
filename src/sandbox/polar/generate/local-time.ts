/**
 * Local times of generated days. They follow the person's wall clock and are kept as the milliseconds that this clock
 * would have in Greenwich, so that this machine's time zone has no influence.
 */
export type Local = number;

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

export const startOfDay = (date: string): Local => Date.parse(`${date}T00:00:00Z`);

export const dateOf = (time: Local): string => new Date(time).toISOString().slice(0, 10);

/** "23:33" */
export const clockMinute = (time: Local): string => new Date(time).toISOString().slice(11, 16);

/** "23:33:22" */
export const clockSecond = (time: Local): string => new Date(time).toISOString().slice(11, 19);

/** "2025-09-30T23:33:22" */
export const localSecond = (time: Local): string => new Date(time).toISOString().slice(0, 19);

/** "2025-09-26T02:15:30", and "2025-09-26T02:15" when the seconds are zero. */
export const localBrief = (time: Local): string => localSecond(time).replace(/(T\d\d:\d\d):00$/, "$1");

/** "2025-09-30T23:33:22.675+01:00" */
export function withOffset(time: Local, offsetMinutes: number): string {
  const sign = offsetMinutes < 0 ? "-" : "+";
  const pad = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.abs(offsetMinutes);
  const offset = `${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
  return `${new Date(time).toISOString().slice(0, 23)}${offset}`;
}

export const toUtc = (time: Local, offsetMinutes: number): number => time - offsetMinutes * MINUTE;

/** UTC without Z, as SleepWise and biosensing write it. */
export const utcSecond = (time: Local, offsetMinutes: number): string =>
  new Date(toUtc(time, offsetMinutes)).toISOString().slice(0, 19);

/** Formats seconds as "PT1H29M13S", "PT23M", "PT0S". */
export function isoDuration(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const text = `${hours ? `${hours}H` : ""}${minutes ? `${minutes}M` : ""}${rest ? `${rest}S` : ""}`;
  return `PT${text || "0S"}`;
}
