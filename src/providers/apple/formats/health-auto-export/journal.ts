/**
 * Entries that are kept as written: states of mind, medications, symptoms, notifications about the heart. The app
 * translates names and values of some of them, so nothing here is matched by its words.
 */
import type { JournalEntry } from "../../healthkit/readings.ts";
import type { WrittenTime } from "../../healthkit/written-time.ts";
import { timeOf } from "../fields.ts";

/** The kind of each section's entries, and the fields that tell two of one moment apart. */
const sections = {
  stateOfMind: { kind: "state-of-mind", names: ["kind"] },
  medications: { kind: "medication", names: ["displayText", "scheduledDate"] },
  symptoms: { kind: "symptom", names: ["name", "source"] },
  heartRateNotifications: { kind: "heart-notification", names: ["heartNotification"] },
  cycleTracking: { kind: "other", names: ["name", "value"] },
} as const;

export type JournalSection = keyof typeof sections;

export interface ReadEntry {
  readonly entry: JournalEntry;
  /** Tells entries of one kind and one moment apart. */
  readonly what: string;
}

/** Returns null for an entry without a time. */
export function readEntry(section: JournalSection, item: unknown): ReadEntry | null {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return null;
  const told: Readonly<Record<string, unknown>> = { ...item };
  const start = firstTime(told.start, told.date, told.scheduledDate);
  if (start === null) return null;
  const { kind, names } = sections[section];
  const { id } = told;
  return {
    entry: {
      kind,
      uuid: typeof id === "string" && id !== "" ? id.toLowerCase() : null,
      startMs: start.ms,
      endMs: Math.max(start.ms, firstTime(told.end)?.ms ?? start.ms),
      offsetMinutes: start.offsetMinutes,
      fields: snakeFields(told),
    },
    what: JSON.stringify(names.map((name) => told[name] ?? null)),
  };
}

function firstTime(...written: readonly unknown[]): WrittenTime | null {
  for (const one of written) {
    const time = typeof one === "string" ? timeOf(one) : null;
    if (time !== null) return time;
  }
  return null;
}

const snakeFields = (told: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(told)
      .filter(([key]) => key !== "id")
      .map(([key, value]) => [snake(key), value]),
  );

const snake = (key: string): string =>
  key
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(/[\s-]+/g, "_")
    .toLowerCase();
