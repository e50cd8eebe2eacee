/**
 * The zone of the person's settings. It tells the offset of a record that lacks Garmin's GMT or its local time. A later
 * change of the setting rewrites no record: it says nothing about earlier days.
 */
import { current } from "../../kit/discovery.ts";
import { minuteMs } from "../../kit/iso-time.ts";
import { refsTo, valueFrom } from "../../kit/parts.ts";
import { offsetIn } from "../../kit/zone-offset.ts";
import type { Part, PartsRef } from "../../provider.ts";
import { userSettings } from "../resources/person.ts";
import { offsetOf } from "../times.ts";

/** An IANA name; null where the settings are not known. */
export type Zone = string | null;

/** The part that the zone is in. */
export const zoneRefs: readonly PartsRef[] = refsTo([userSettings], current);

export function zoneIn(parts: readonly Part[]): Zone {
  const zone = valueFrom(parts, userSettings)?.time_zone;
  return typeof zone === "string" ? zone : null;
}

type Maybe = number | null | undefined;

/** Returns Local − GMT in minutes, else the offset of the zone at that instant; null where neither is known. */
export function offsetWith(zone: Zone, gmtMs: Maybe, localMs: Maybe): number | null {
  const told = offsetOf(gmtMs, localMs);
  return told ?? (zone === null || gmtMs == null ? null : offsetIn(zone, gmtMs));
}

/** Returns the offset at a day's first midnight in the zone. */
export const midnightOffset = (zone: Zone, day: string): number | null =>
  offsetAtLocal(zone, Date.parse(`${day}T00:00:00Z`));

/** Returns the offset in the zone when its clocks show this time. */
export function offsetAtLocal(zone: Zone, localMs: number): number | null {
  if (zone === null) return null;
  const near = offsetIn(zone, localMs);
  return near === null ? null : offsetIn(zone, localMs - near * minuteMs);
}
