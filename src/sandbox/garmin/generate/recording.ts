/** Plays the device of an activity: what it would have recorded, so that its file agrees with the totals. */

import { zipOf } from "../../../zip/zip.ts";
import { Random, wandering } from "../../kit/random.ts";
import { fitOf, type Moment, type Recording } from "../files/fit.ts";

export interface Recorded {
  readonly id: number;
  readonly sport: string;
  /** UTC, in ms. */
  readonly start: number;
  /** Without the pause. */
  readonly seconds: number;
  readonly pauseSeconds: number;
  readonly metres: number;
  readonly averageHeartRate: number;
  readonly key: readonly (string | number)[];
}

/** By the sport: the number in the FIT profile, and what its device measures beside the heart rate. */
const devices: Readonly<
  Record<string, { readonly fit: number; readonly cadence?: number; readonly watts?: number }>
> = {
  running: { fit: 1, cadence: 84, watts: 240 },
  cycling: { fit: 2, cadence: 86, watts: 180 },
  mountain_biking: { fit: 2, cadence: 74 },
  hiking: { fit: 17, cadence: 52 },
  resort_skiing: { fit: 13 },
};
const outdoor = new Set([
  "running",
  "cycling",
  "mountain_biking",
  "hiking",
  "resort_skiing",
  "wheelchair_push_run",
]);
const place = { latitude: 60, longitude: 25 };
const metresOfDegree = 111_320;

/** The ZIP file with the FIT file, named as Garmin names it. */
export const fileOf = (recorded: Recorded): Buffer =>
  zipOf([{ name: `${recorded.id}_ACTIVITY.fit`, bytes: fitOf(recordingOf(recorded)), isDeflated: true }]);

function recordingOf(recorded: Recorded): Recording {
  const { start, seconds, pauseSeconds, sport, metres } = recorded;
  const from = start + Math.floor(seconds / 2) * 1_000;
  return {
    start,
    end: start + (seconds + pauseSeconds) * 1_000,
    pauses: pauseSeconds > 0 ? [{ from, to: from + pauseSeconds * 1_000 }] : [],
    sport: devices[sport]?.fit ?? 0,
    lapMetres: metres > 0 ? 1_000 : null,
    moments: momentsOf(recorded),
  };
}

function momentsOf(recorded: Recorded): Moment[] {
  const { start, seconds, pauseSeconds, sport, metres, averageHeartRate } = recorded;
  const random = new Random(...recorded.key, "recording");
  const pulse = wandering(random, 0.02, 1.2);
  const device = devices[sport];
  const isOutdoor = outdoor.has(sport);
  return Array.from({ length: seconds + 1 }, (_, second): Moment => {
    const share = second / seconds;
    const distance = metres * share;
    return {
      at: start + (second + (second > Math.floor(seconds / 2) ? pauseSeconds : 0)) * 1_000,
      heartRate: Math.round(averageHeartRate + pulse()),
      temperature: 19,
      ...(metres > 0 && { distance, speed: metres / seconds }),
      ...(isOutdoor && {
        ...pointOf(share, metres),
        altitude: 40 + Math.round(12 * Math.sin(share * 6)) / 2,
      }),
      ...(device?.cadence && { cadence: device.cadence + random.int(-2, 2) }),
      ...(device?.watts && { watts: device.watts + random.int(-20, 20) }),
    };
  });
}

/** A round that ends where it began. */
function pointOf(share: number, metres: number): Pick<Moment, "latitude" | "longitude"> {
  const radius = metres / (2 * Math.PI) / metresOfDegree;
  const angle = share * 2 * Math.PI;
  return {
    latitude: place.latitude + radius * Math.sin(angle),
    longitude: place.longitude + 2 * radius * (1 - Math.cos(angle)),
  };
}
