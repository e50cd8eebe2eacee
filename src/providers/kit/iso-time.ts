/**
 * Times, durations and offsets in ISO 8601. A local time is the epoch milliseconds of the wall clock read as if it were
 * UTC; an instant is local minus offset.
 */
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

export interface LocalTime {
  readonly localMs: number;
  /** Minutes east of UTC; null where no offset is written. */
  readonly offsetMinutes: number | null;
}

/**
 * Returns epoch milliseconds. Without an offset the wall clock is taken as UTC: differences within one place stay
 * right.
 */
export function instantMs({ localMs, offsetMinutes }: LocalTime): number {
  return localMs - (offsetMinutes ?? 0) * minuteMs;
}

/** Converts the digits of a fraction to milliseconds; "941" is exactly 941, which `0.941 * 1000` may miss. */
function fractionMs(digits = ""): number {
  return Number(digits.slice(0, 3).padEnd(3, "0")) + (digits.length > 3 ? Number(`0.${digits.slice(3)}`) : 0);
}

/** The usual form: every point of a route has such a duration. */
const plainSeconds = /^PT(\d+)(?:\.(\d+))?S$/;

/**
 * Parses an ISO 8601 duration to milliseconds: `PT6917.941S`, `PT1H29M13S`, `PT10,5S`, `P1W`, `P1DT2H`, `PT1.5H`. Years
 * and months have no fixed length, so only zero of them is accepted.
 */
export function parseDuration(text: string): number {
  const plain = plainSeconds.exec(text);
  if (plain) return Number(plain[1]) * 1000 + fractionMs(plain[2]);
  const match = durationPattern.exec(text);
  if (!match) throw new RangeError("Not an ISO 8601 duration");
  const [, years = 0, months = 0, ...lengths] = match;
  if (Number(years) + Number(months) !== 0) throw new RangeError("A month has no length of its own");
  return lengths.reduce((sum, written, index) => sum + lengthMs(written, unitsMs[index] ?? 0), 0);
}

/** Only the last of the numbers may have a fraction. */
const number = "(\\d+(?:[.,]\\d+(?=[A-Z]$))?)";
const durationPattern = new RegExp(
  `^P(?=.*\\d[A-Z]$)(?:(\\d+)Y)?(?:(\\d+)M)?(?:${number}W)?(?:${number}D)?(?:T(?:${number}H)?(?:${number}M)?(?:${number}S)?)?$`,
);
const unitsMs = [7 * dayMs, dayMs, 60 * minuteMs, minuteMs, 1000];

/** Counts a fraction in whole digits, so that a tenth of a minute is exactly 6,000 ms. */
function lengthMs(written: string | undefined, unitMs: number): number {
  if (written === undefined) return 0;
  const [whole = "", fraction = ""] = written.split(/[.,]/);
  const digits = fraction.slice(0, 9);
  return Number(whole) * unitMs + (Number(digits) * unitMs) / 10 ** digits.length;
}

const timePattern =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** Parses a date and time, with or without seconds, fraction and offset: `2025-09-10T00:00`, `…T23:33:22.675+01:00`. */
export function parseTime(text: string): LocalTime {
  const match = timePattern.exec(text);
  if (!match) throw new RangeError("Not an ISO 8601 date and time");
  const [, year, month, day, hour, minute, second, fraction, offset] = match;
  const clock = clockMs(Number(hour), Number(minute), Number(second ?? 0));
  const localMs = midnightMs(Number(year), Number(month), Number(day)) + clock + fractionMs(fraction);
  return { localMs, offsetMinutes: parseOffset(offset) };
}

/** Computes with plain numbers only, because bodies hold thousands of times. */
function midnightMs(year: number, month: number, day: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && isLeap ? 29 : (daysOfMonth[month - 1] ?? 0);
  if (day < 1 || day > days) throw new RangeError("Not a real date and time");
  // Date.UTC reads a two-digit year as one of the last century, so compute 400 years later.
  return Date.UTC(year + 400, month - 1, day) - daysOf400Years * dayMs;
}

const daysOf400Years = 146_097;

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function clockMs(hour: number, minute: number, second: number): number {
  // 10:00:60 is 10:01:00: a leap second, or 59.6 rounded up. 24:00 is the end of the day.
  const isEndOfDay = hour === 24 && minute === 0 && second === 0;
  if ((hour > 23 && !isEndOfDay) || minute > 59 || second > 60)
    throw new RangeError("Not a real date and time");
  return ((hour * 60 + minute) * 60 + second) * 1000;
}

function parseOffset(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (text === "Z") return 0;
  const [hours, pastHour] = [Number(text.slice(1, 3)), Number(text.slice(3).replace(":", ""))];
  if (hours > 23 || pastHour > 59) throw new RangeError("Not a real date and time");
  const minutes = hours * 60 + pastHour;
  return text.startsWith("-") && minutes > 0 ? -minutes : minutes;
}

const clockPattern = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d|60))?$/;

/** Parses a wall clock without a date to milliseconds since midnight: `23:33`, `0:30`, `00:04:29`. */
export function parseClock(text: string): number {
  const match = clockPattern.exec(text);
  if (!match) throw new RangeError("Not a time of day");
  const [, hour, minute, second = 0] = match;
  return ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000;
}

/** Returns the local day and hour of a date and time: "2025-05-11T06". */
export const dateOf = (text: string): string => hourOf(text).slice(0, 10);
export const hourOf = (text: string): string => localTime(text).slice(0, 13);
/** Returns the local time to the millisecond, without an offset: "2025-05-11T06:59:58.000". */
export const localTime = (text: string): string =>
  new Date(parseTime(text).localMs).toISOString().slice(0, -"Z".length);

const datePattern = /^\d{4}-\d\d-\d\d$/;

export function isDate(text: string): boolean {
  return datePattern.test(text) && isParsed(() => parseTime(`${text}T00:00`));
}

/** Returns the date so many days later. @throws RangeError when it is not a date */
export function shiftDate(date: string, days: number): string {
  if (!isDate(date)) throw new RangeError("Not a date");
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** Tells whether a parser accepts its text. */
export function isParsed(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}
