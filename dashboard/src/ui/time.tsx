/** Times of the server, told as how long ago they are; the exact instant is in UTC, and says so. */
import { Text, Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

function howLongAgo(instant: string, now: number): string {
  const seconds = (Date.parse(instant) - now) / 1000;
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return Math.abs(seconds) < 10 ? "just now" : relative.format(Math.trunc(seconds), "second");
}

/** `2026-11-28 09:01:12 UTC` */
export const inUtc = (instant: string): string =>
  `${new Date(instant).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** `14:03:12 UTC` */
export const timeInUtc = (instant: string): string => inUtc(instant).slice(11);

export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

export function When({ at, none = "–" }: { readonly at: string | null | undefined; readonly none?: string }) {
  const now = useNow(10_000);
  if (at === null || at === undefined)
    return (
      <Text span inherit c="dimmed">
        {none}
      </Text>
    );
  return (
    <Tooltip label={inUtc(at)}>
      <time dateTime={at} style={{ whiteSpace: "nowrap" }}>
        {howLongAgo(at, now)}
      </time>
    </Tooltip>
  );
}

/** A record's own wall-clock time: `Sat, 28 Nov 2026, 07:31`, wherever the browser is. */
export function recordTime(text: string, { withTime = true } = {}): string {
  const day = recordDay.format(new Date(`${text.slice(0, 19)}Z`));
  return withTime ? `${day}, ${text.slice(11, 16)}` : day;
}

const recordDay = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** `UTC+01:00`, or what is known when the provider gave none. */
export function offsetOf(text: string): string {
  const [, offset] = /(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  if (offset === undefined) return "local time, offset unknown";
  return offset === "Z" ? "UTC" : `UTC${offset}`;
}
