/** The time in zones of the heart rate. */
import type { HeartRateSummary, HeartRateZone } from "../../models/index.ts";
import { type Carried, carry, into } from "./carried.ts";
import { Message } from "./message.ts";
import type { Omissions } from "./omissions.ts";
import { HR_ZONE, SESSION, TIME_IN_ZONE } from "./profile.ts";

const list = "heart_rate_data.summary.hr_zone_data[]";
/** A field has at most 255 bytes, which is 63 times. */
const mostZones = 63;
const percentOfMaximum = 1;

export const zoneName = into(HR_ZONE)(`${list}.name`, "name", null);
export const zoneIndex = into(HR_ZONE)(`${list}.zone`, "message_index", null, "exact", {
  note: "also the place in time_in_zone.time_in_hr_zone",
});
export const zoneTime = into(TIME_IN_ZONE)(`${list}.duration_seconds`, "time_in_hr_zone", "s", "exact", {
  note: "to 1 ms; session.time_in_hr_zone too",
});
export const zoneEnd = into(HR_ZONE)(`${list}.end_percentage`, "high_bpm", "bpm", "derived", {
  note: "of user_max_hr_bpm, rounded; time_in_zone.hr_zone_high_boundary too",
});
export const zoneMaximum = into(TIME_IN_ZONE)(
  "heart_rate_data.summary.user_max_hr_bpm",
  "max_heart_rate",
  "bpm",
  "derived",
  { note: "rounded to whole beats" },
);
export const zoneResting = into(TIME_IN_ZONE)(
  "heart_rate_data.summary.resting_hr_bpm",
  "resting_heart_rate",
  "bpm",
  "derived",
  { note: "rounded to whole beats" },
);

interface PlacedZone {
  readonly index: number;
  readonly zone: HeartRateZone;
}

/** Returns the zones in the order of their numbers; one without a number has its place in the list. */
function placed(summary: HeartRateSummary | null | undefined, omissions: Omissions): PlacedZone[] {
  const byIndex = new Map<number, HeartRateZone>();
  for (const [place, zone] of (summary?.hr_zone_data ?? []).entries()) {
    const index = zone.zone ?? place;
    const isPlace = Number.isInteger(index) && index >= 0 && index < mostZones && !byIndex.has(index);
    if (isPlace) byIndex.set(index, zone);
    else omissions.add(zoneIndex.path, "no number of a zone, or one that another zone has");
  }
  return [...byIndex].map(([index, zone]) => ({ index, zone })).sort((a, b) => a.index - b.index);
}

/** Returns a list with a place for each zone up to the last one that has a value; null in place of missing ones. */
function listed(
  zones: readonly PlacedZone[],
  valueIn: (zone: HeartRateZone) => number | null,
): (number | null)[] {
  const values: (number | null)[] = [];
  for (const { index, zone } of zones) {
    const value = valueIn(zone);
    if (value === null) continue;
    while (values.length < index) values.push(null);
    values.push(value);
  }
  return values;
}

export interface ZoneMessages {
  /** The zones themselves. */
  readonly zones: Message[];
  /** The times in them; empty when there are none. */
  readonly times: Message[];
  /** For the session; empty when there are none. */
  readonly secondsInZones: readonly (number | null)[];
}

/** Returns the messages about zones; the times in them are told at `second`, and of the session where it says so. */
export function zoneMessages(
  summary: HeartRateSummary | null | undefined,
  omissions: Omissions,
  { second, ofSession }: { second: number; ofSession: boolean },
): ZoneMessages {
  const zones = placed(summary, omissions);
  const secondsInZones = listed(zones, (zone) => secondsOf(zone, omissions));
  const boundaries = listed(zones, (zone) => boundaryOf(zone, summary));
  const message = new Message(TIME_IN_ZONE, { timestamp: second });
  if (ofSession) message.set({ reference_mesg: SESSION.number, reference_index: 0 });
  const before = message.fields.length;
  if (secondsInZones.length > 0) message.put("time_in_hr_zone", secondsInZones);
  if (boundaries.length > 0)
    message.set({ hr_zone_high_boundary: boundaries, hr_calc_type: percentOfMaximum });
  carry(message, zoneMaximum, summary?.user_max_hr_bpm, omissions);
  carry(message, zoneResting, summary?.resting_hr_bpm, omissions);
  return {
    zones: zones.map((zone) => zoneMessage(zone, summary, omissions)),
    times: message.fields.length > before ? [message] : [],
    secondsInZones,
  };
}

function secondsOf({ duration_seconds: seconds }: HeartRateZone, omissions: Omissions): number | null {
  if (seconds === null || seconds === undefined) return null;
  if (seconds >= 0 && seconds * 1000 < 0xffffffff) return seconds;
  omissions.add(zoneTime.path, "not a number of seconds that FIT can hold");
  return null;
}

/** Returns the beats at the zone's upper end, where the person's maximum is known. */
function boundaryOf(
  { end_percentage: percentage }: HeartRateZone,
  summary: HeartRateSummary | null | undefined,
): number | null {
  const bpm = ((percentage ?? Number.NaN) / 100) * (summary?.user_max_hr_bpm ?? Number.NaN);
  return bpm >= 0 && Math.round(bpm) < 0xff ? bpm : null;
}

function zoneMessage(
  { index, zone }: PlacedZone,
  summary: HeartRateSummary | null | undefined,
  omissions: Omissions,
): Message {
  const message = new Message(HR_ZONE, { message_index: index, high_bpm: boundaryOf(zone, summary) });
  carry(message, zoneName, zone.name, omissions);
  if (
    zone.end_percentage !== null &&
    zone.end_percentage !== undefined &&
    boundaryOf(zone, summary) === null
  ) {
    omissions.add(zoneEnd.path, "FIT has beats, and the person's maximum is not known");
  }
  return message;
}

export const zoneFields: readonly Carried[] = [
  zoneIndex,
  zoneName,
  zoneTime,
  zoneEnd,
  zoneMaximum,
  zoneResting,
];
