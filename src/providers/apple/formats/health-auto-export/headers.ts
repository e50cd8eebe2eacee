/** The headers that Health Auto Export sends beside a body. Those that the reader needs are the key of the raw body. */
import type { IncomingHttpHeaders } from "node:http";

const names = ["automation-period", "automation-aggregation", "session-id"] as const;

/** The length of an id or of a word of the app; the rest of a longer value says nothing. */
const longest = 100;

/** Returns the key of a body. Where the app sent none of the headers, the key is `body`. */
export function keyOf(headers: IncomingHttpHeaders): string {
  const told = names.flatMap((name): [string, string][] => {
    const value = headers[name];
    return typeof value === "string" && value !== "" ? [[name, value.slice(0, longest)]] : [];
  });
  return told.length === 0 ? "body" : new URLSearchParams(told).toString();
}

export type Granularity = "day" | "hour" | "minute";

export interface Sending {
  /** Whether the body tells whole days; otherwise only the time from its first row to its last. */
  readonly isWholeDays: boolean;
  /** The length of a row that tells only its beginning, as the app names it; null when unknown. */
  readonly granularity: Granularity | null;
  /** Equal for the bodies into which the app split one export; null when unknown. */
  readonly session: string | null;
}

/** The periods of an automation that are made of whole days. Of another word, which may be a translation, nothing is assumed. */
const wholeDays = /^(none|default|today|yesterday|(previous|last|past)?\d*(days?|weeks?|months?|years?))+$/;

const granularities: Readonly<Record<string, Granularity>> = { day: "day", hour: "hour", minute: "minute" };

/** Reads a key. A body without headers was exported by hand, in whole days. */
export function sendingOf(key: string): Sending {
  const told = key === "body" ? new URLSearchParams() : new URLSearchParams(key);
  const period = told.get("automation-period");
  const unit = plain(told.get("automation-aggregation") ?? "").replace(/s$/, "");
  return {
    isWholeDays: period === null || wholeDays.test(plain(period)),
    granularity: Object.hasOwn(granularities, unit) ? (granularities[unit] ?? null) : null,
    session: told.get("session-id"),
  };
}

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\d]/gu, "");
