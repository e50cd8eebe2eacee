import { addDays } from "../../../kit/clock.ts";
import { Random } from "../../../kit/random.ts";
import { activityDay, SLOT, type Zone } from "../../generate/activity-zones.ts";
import type { Athlete } from "../../generate/athlete.ts";
import { readings } from "../../generate/continuous-heart-rate.ts";
import { DAY, HOUR, type Local, MINUTE, SECOND, startOfDay, toUtc } from "../../generate/local-time.ts";
import { asleepHeartRate } from "../../generate/night-signals.ts";
import { nightEnd, nightOf } from "../../generate/plan.ts";
import type { Json } from "../data.ts";
import type { Switches } from "../switches.ts";
import { deviceUuid } from "./device.ts";

/** Makes a day as `/continuous-samples` returns it: v3's readings, counted from local midnight. */
export function heartRateV4(athlete: Athlete, date: string, until: Local): Json {
  const start = startOfDay(date);
  const all = readings(athlete, date, until);
  const isNear = (index: number, other: number) =>
    Math.abs((all[other]?.time ?? Number.NaN) - (all[index]?.time ?? 0)) === SECOND;
  return {
    date,
    deviceRef: { deviceId: deviceUuid(athlete) },
    samples: all.map(({ time, rate }, index) => ({
      // v3 writes a lost reading as 0; v4 leaves the field out.
      ...(rate > 0 && { heartRate: rate }),
      offsetMillis: time - start,
      triggerType:
        isNear(index, index - 1) || isNear(index, index + 1) ? "TRIGGER_HIGH_247" : "TRIGGER_TIMED_247",
    })),
  };
}

/** Beats above the resting rate while intervals are measured. */
const ABOVE_REST: Partial<Record<Zone, number>> = { SLEEP: 4, SEDENTARY: 13, LIGHT: 24 };

/** Makes a day as `/ppi-samples` returns it, from an hour of the night to all hours, as the switch says. */
export function ppiV4(athlete: Athlete, date: string, until: Local, { ppi_hours }: Switches): Json {
  const [start, end] = measured(athlete, date, until, ppi_hours);
  const midnight = startOfDay(date);
  const samples = intervals(athlete, date, { start, end, until });
  return {
    date,
    modified: `${new Date(toUtc(Math.min(midnight + DAY, until), athlete.utcOffset)).toISOString().slice(0, 19)}Z`,
    ppiSamplesPerDevice: [
      {
        recordingDevice: { uuid: deviceUuid(athlete) },
        ppiSamples: samples,
        recordingTriggerTypeChanges: [
          { triggerType: "TRIGGER_TYPE_AUTOMATIC", offsetMillis: samples[0]?.offsetMillis ?? 0 },
        ],
      },
    ],
  };
}

function measured(
  athlete: Athlete,
  date: string,
  until: Local,
  hours: Switches["ppi_hours"],
): [Local, Local] {
  const midnight = startOfDay(date);
  if (hours === "day") return [midnight, Math.min(midnight + DAY, until)];
  const night = nightOf(athlete, date);
  const start = Math.max(midnight, night.start) + 30 * MINUTE;
  return [start, Math.min(hours === "hour" ? start + HOUR : nightEnd(night), until)];
}

function intervals(
  athlete: Athlete,
  date: string,
  { start, end, until }: { start: Local; end: Local; until: Local },
): { offsetMillis: number; [key: string]: unknown }[] {
  const random = new Random(athlete.seed, date, "ppi");
  const midnight = startOfDay(date);
  const { zones } = activityDay(athlete, date, until);
  const nights = [nightOf(athlete, date), nightOf(athlete, addDays(date, 1))];
  const found: { offsetMillis: number; [key: string]: unknown }[] = [];
  for (let time = start; time < end; ) {
    const zone = zones[Math.floor((time - midnight) / SLOT)] ?? "NON_WEAR";
    const above = ABOVE_REST[zone];
    if (above === undefined) {
      time = midnight + (Math.floor((time - midnight) / SLOT) + 1) * SLOT;
      continue;
    }
    const night = nights.findLast((candidate) => candidate.start <= time);
    const asleep = zone === "SLEEP" && night ? asleepHeartRate(athlete, night, time) : undefined;
    const usual = 60_000 / (asleep ?? athlete.restingHr + above);
    const interval = Math.round(usual + 0.6 * athlete.hrv * random.normal());
    found.push({
      offsetMillis: time - midnight,
      ppInterval: interval,
      errorEstimateMillis: random.int(3, 20),
      skinContact: true,
      movement: zone === "LIGHT",
      offline: false,
    });
    time += interval;
  }
  return found;
}
