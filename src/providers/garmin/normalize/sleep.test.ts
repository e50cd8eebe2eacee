/** A night of Garmin's, and its naps, as Sleeps. */
import { describe, expect, it } from "vitest";
import * as bodies from "../testing/bodies.ts";
import { make, partsOf } from "../testing/make.ts";

const day = "2025-05-12";
const days = `${day}..${day}`;
const nights = (...list: readonly object[]) => partsOf("sleep", days, list);

describe("a night", () => {
  it("is written in the offset that local − GMT is, and belongs to its own day, not to that of the next need", () => {
    const record = make("sleep", day, nights(bodies.night), partsOf("hrv", day, bodies.hrvNight));
    expect(record?.metadata).toMatchObject({
      start_time: "2025-05-12T01:00:00.000000+02:00",
      end_time: "2025-05-12T08:00:00.000000+02:00",
      is_nap: false,
    });
    expect(record?.sleep_durations_data?.asleep).toMatchObject({
      duration_asleep_state_seconds: 24_000,
      duration_REM_sleep_state_seconds: 5_500,
    });
    expect(record?.heart_rate_data).toMatchObject({
      summary: { avg_hr_bpm: 49, avg_hrv_rmssd: 46 },
      detailed: {
        hrv_samples_rmssd: [
          { timestamp: "2025-05-12T01:05:00.000000+02:00", hrv_rmssd: 45 },
          { timestamp: "2025-05-12T01:10:00.000000+02:00", hrv_rmssd: 47 },
        ],
      },
    });
    expect(record?.scores?.sleep).toBe(81);
    expect(make("sleep", "2025-05-13", nights(bodies.night))).toBeNull();
  });

  it("keeps its identity when its start is edited, which changes Garmin's id", () => {
    const edited = {
      ...bodies.night,
      id: bodies.night.id + 600_000,
      sleepStartTimestampGMT: bodies.night.sleepStartTimestampGMT + 600_000,
      sleepStartTimestampLocal: bodies.night.sleepStartTimestampLocal + 600_000,
    };
    expect(nights(bodies.night, edited).map(({ key }) => key)).toEqual([day]);
    expect(make("sleep", day, nights(edited))?.metadata.start_time).toBe("2025-05-12T01:10:00.000000+02:00");
  });

  it("without sleep is no record", () => {
    expect(make("sleep", "2025-05-13", nights(bodies.noNight))).toBeNull();
  });

  it("has its naps beside it, each a record; a nap that was taken away is none", () => {
    expect(make("sleep", bodies.napKey, nights(bodies.night))?.metadata).toMatchObject({
      start_time: "2025-05-12T15:00:00.000000+02:00",
      end_time: "2025-05-12T15:27:00.000000+02:00",
      is_nap: true,
    });
    expect(make("sleep", bodies.napKey, nights({ ...bodies.night, dailyNapDTOS: [] }))).toBeNull();
  });

  it("of a device that cannot tell REM has no REM", () => {
    const record = make(
      "sleep",
      day,
      nights({ ...bodies.night, deviceRemCapable: false, remSleepSeconds: 0 }),
    );
    expect(record?.sleep_durations_data?.asleep?.duration_REM_sleep_state_seconds).toBeNull();
  });
});
