/** Parses times typed on the command line. */
import { UsageError } from "./usage.ts";

const unitMs = { m: 60_000, h: 3_600_000, d: 24 * 3_600_000 } as const;
const ago = /^(\d{1,6})([mhd])$/;
/** A day begins in UTC; a time of day needs its offset, since it is unknown which clock was meant. */
const written = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** Parses `2026-11-22`, `2026-11-22T10:00:00+02:00`, or `90m`, `6h`, `2d` before now. @throws UsageError */
export function parseInstant(option: string, text: string, now: Date): Date {
  const [, count, unit] = ago.exec(text) ?? [];
  if (count !== undefined)
    return new Date(now.getTime() - Number(count) * unitMs[unit as keyof typeof unitMs]);
  const at = written.test(text) ? new Date(text) : new Date(Number.NaN);
  if (!Number.isNaN(at.getTime())) return at;
  throw new UsageError(`--${option} ${text} is no time: use 2026-11-22, 2026-11-22T10:00:00Z or 6h`);
}
