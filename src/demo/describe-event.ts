/** Describes an event in one readable line. */
import { ActivityType } from "../models/index.ts";
import type { ReceivedEvent } from "./receiver.ts";

type Fields = Record<string, unknown>;

const activityNames = new Map<unknown, string>(
  Object.entries(ActivityType).map(([name, number]) => [
    number,
    name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase(),
  ]),
);

const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Fields | null | undefined)?.[key], value);

const day = (record: unknown): string => String(at(record, "metadata", "start_time") ?? "").slice(0, 10);
const count = (value: unknown): string => (Array.isArray(value) ? String(value.length) : "0");

function duration(seconds: unknown): string {
  if (typeof seconds !== "number") return "–";
  const minutes = Math.round(seconds / 60);
  return minutes < 60
    ? `${minutes} min`
    : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
}

function kilometres(metres: unknown): string | null {
  return typeof metres === "number" ? `${(metres / 1_000).toFixed(1)} km` : null;
}

const describers: Record<string, (record: unknown) => (string | null)[]> = {
  activity: (record) => [
    activityNames.get(at(record, "metadata", "type")) ?? null,
    duration(at(record, "active_durations_data", "activity_seconds")),
    kilometres(at(record, "distance_data", "summary", "distance_meters")),
    `${count(at(record, "heart_rate_data", "detailed", "hr_samples"))} heart-rate samples`,
  ],
  sleep: (record) => [
    duration(at(record, "sleep_durations_data", "asleep", "duration_asleep_state_seconds")),
    `${count(at(record, "sleep_durations_data", "hypnogram_samples"))} stages`,
    `HRV ${at(record, "heart_rate_data", "summary", "avg_hrv_rmssd") ?? "–"} ms`,
  ],
  daily: (record) => [
    `${at(record, "distance_data", "steps") ?? "–"} steps`,
    `${count(at(record, "heart_rate_data", "detailed", "hr_samples"))} heart-rate samples`,
  ],
  body: (record) => {
    const weight = at(record, "measurements_data", "measurements", "0", "weight_kg");
    return [typeof weight === "number" ? `${weight} kg` : null];
  },
};

export function describeEvent(event: ReceivedEvent): string {
  const [record] = (event.body.data as unknown[] | undefined) ?? [];
  const facts = describers[event.type]?.(record).filter((fact) => fact !== null) ?? [];
  const size = `${(event.bytes / 1_000).toFixed(1)} kB`;
  const signature = event.verified ? "signature ok" : "SIGNATURE WRONG";
  return [event.type.padEnd(9), day(record).padEnd(10), ...[[...facts, size, signature].join(" · ")]].join(
    "  ",
  );
}

/** Returns a key that a record keeps as it grows, so that it counts once; days of two people are two. */
export function recordKey(event: ReceivedEvent): string {
  const [record] = (event.body.data as unknown[] | undefined) ?? [];
  const person = at(event.body, "user", "user_id");
  return `${event.type} ${person} ${at(record, "metadata", "summary_id") ?? day(record)}`;
}
