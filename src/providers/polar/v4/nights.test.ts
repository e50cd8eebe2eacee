/** Nights of v4: what becomes of invented and captured bodies, alone and together with v3's. */
import { describe, expect, it } from "vitest";
import { leavesOf, unknownLeaves } from "../../ledger-leaves.ts";
import type { Part, ServedResource } from "../../provider.ts";
import { dynamic } from "../names.ts";
import { normalizers } from "../normalizers.ts";
import { capturedFiles, capturedIsThere, fixture, make, partsOf } from "../testing/bodies.ts";
import { parseSeconds, secondsOf } from "./reading.ts";
import { v4Recharge, v4RechargeSamples } from "./resources/nightly-recharge.ts";
import { sleepIndex, v4Sleep } from "./resources/sleep.ts";
import { v4SleepWake } from "./resources/sleep-wake.ts";
import { nightOf, rechargeOf, withSamples } from "./testing/made.ts";

const day = "2026-10-06";
const sleepParts = (body: object = nightOf()) => v4Sleep.parts(day, { nightSleeps: [body] });
const rechargeParts = (body: object = rechargeOf()) =>
  v4Recharge.parts(`${day}..${day}`, { nightlyRechargeResults: [body] });
const sampleParts = (body: object = withSamples()) =>
  v4RechargeSamples.parts(day, { nightlyRechargeResults: { nightlyRechargeResults: [body] } });

describe("what is asked for", () => {
  it("a night with all features, and dates alone of 28 days", () => {
    const features =
      "features=sleep-result&features=original-sleep-result&features=sleep-evaluation&features=sleep-score";
    expect(v4Sleep.request(day, "1").path).toBe(`/v4/data/sleeps?from=2026-10-06&to=2026-10-07&${features}`);
    expect(sleepIndex.request("2026-09-09..2026-10-06", "1").path).toBe(
      "/v4/data/sleeps?from=2026-09-09&to=2026-10-07",
    );
    expect(sleepIndex.entries?.({ nightSleeps: [{ sleepDate: day }] })).toEqual([
      { resource: "v4-sleep", key: day, fingerprint: "there" },
    ]);
  });

  it("a recharge's values of many days, and then the samples of each", () => {
    expect(v4Recharge.request("2026-09-09..2026-10-06", "1").path).toBe(
      "/v4/data/nightly-recharge-results?from=2026-09-09&to=2026-10-07",
    );
    const [part] = rechargeParts();
    const [next] = (part && v4Recharge.followUps?.(part as never)) ?? [];
    expect(next).toEqual({ resource: "v4-nightly-recharge-samples", key: day });
    expect(v4RechargeSamples.request(day, "1").path).toBe(
      "/v4/data/nightly-recharge-results?from=2026-10-06&to=2026-10-07&features=samples",
    );
  });
});

describe("a night of v4 alone", () => {
  const night = make("sleep", [...sleepParts(), ...rechargeParts(), ...sampleParts()]);

  it("has its times, its stages to the millisecond, and none behind its end", () => {
    expect(night.metadata).toMatchObject({
      summary_id: day,
      start_time: "2026-10-06T00:10:05.500000+03:00",
      end_time: "2026-10-06T06:10:05.500000+03:00",
      upload_type: 2,
    });
    expect(night.sleep_durations_data?.hypnogram_samples).toEqual([
      { timestamp: "2026-10-06T00:10:05.500000+03:00", level: 1 },
      { timestamp: "2026-10-06T00:10:35.500000+03:00", level: 4 },
      { timestamp: "2026-10-06T00:11:36.000000+03:00", level: 4 },
      { timestamp: "2026-10-06T01:10:05.500000+03:00", level: 5 },
      { timestamp: "2026-10-06T02:10:05.500000+03:00", level: 6 },
      { timestamp: "2026-10-06T03:10:05.500000+03:00", level: 0 },
    ]);
  });

  it("has its durations in seconds, zeros included, and no efficiency", () => {
    expect(night.sleep_durations_data).toMatchObject({
      sleep_efficiency: null,
      asleep: {
        duration_asleep_state_seconds: 20_400.5,
        duration_deep_sleep_state_seconds: 3_600,
        duration_light_sleep_state_seconds: 13_200.5,
        duration_REM_sleep_state_seconds: 3_600,
      },
      awake: {
        duration_awake_state_seconds: 1_199.5,
        duration_long_interruption_seconds: 0,
        duration_short_interruption_seconds: 1_199.5,
        num_wakeup_events: 0,
      },
      other: { duration_in_bed_seconds: 21_600, duration_unmeasurable_sleep_seconds: 0 },
    });
  });

  it("has the recharge's values; a breath of 0 ms gives no rate, and samples are not averaged", () => {
    expect(night.heart_rate_data?.summary).toMatchObject({ avg_hr_bpm: 75, avg_hrv_rmssd: 47 });
    expect(night.readiness_data?.recovery_level).toBe(4);
    expect(night.scores?.sleep).toBe(81.25);
    expect(night.heart_rate_data?.detailed?.hrv_samples_rmssd).toEqual([
      { timestamp: "2026-10-06T00:40:10.000000+03:00", hrv_rmssd: 35.5 },
      { timestamp: "2026-10-06T00:55:13.000000+03:00", hrv_rmssd: 44.25 },
    ]);
    expect(night.respiration_data?.breaths_data).toMatchObject({
      avg_breaths_per_min: null,
      samples: [
        { timestamp: "2026-10-06T00:40:10.000000+03:00", breaths_per_min: 15.5 },
        { timestamp: "2026-10-06T00:50:10.000000+03:00", breaths_per_min: 12.25 },
      ],
    });
  });

  it("carries the rest, without birth date and age, and says where all is from", () => {
    const { polar } = (night as unknown as { provider_data: { polar: Record<string, unknown> } })
      .provider_data;
    expect(polar.sources).toEqual({ "*": dynamic });
    expect(JSON.stringify(night)).not.toMatch(/1984|42\.5|birth|"age"/);
    expect(polar["v4-sleep"]).toMatchObject({
      sleepDate: day,
      sleepResult: {
        hypnogram: { sleepGoal: "28800s", sleepRating: null, deviceReference: { uuid: "device-a" } },
      },
      sleepScore: { continuityScore: null, scoreRate: 4 },
    });
    expect(polar["v4-nightly-recharge"]).toMatchObject({
      ansStatus: 5.25,
      meanBaselineRri: null,
      sdBaselineRri: 51,
      meanNightlyRecoveryRespirationInterval: null,
    });
  });

  it("carries the sleep-wake vectors of all devices, in one order", () => {
    const vector = (uuid: string) => ({
      date: day,
      deviceReference: { uuid },
      sleepWakeStateChanges: [{ startOffset: 600_000, newState: "SLEEP_WAKE_STATE_SLEEP" }],
    });
    const parts = (...uuids: string[]) =>
      v4SleepWake.parts(`${day}..${day}`, { sleepWakeVectors: uuids.map(vector) });
    const made = make("sleep", [...sleepParts(), ...parts("b", "a")]);
    expect(made).toEqual(make("sleep", [...sleepParts(), ...parts("a", "b")]));
    expect(made).toMatchObject({ provider_data: { polar: { "v4-sleep-wake": [vector("a"), vector("b")] } } });
  });

  it("is none without its times: of a recharge alone, or of dates alone", () => {
    const normalizer = normalizers.find(({ type }) => type === "sleep");
    expect(normalizer?.normalize(rechargeParts(), day)).toBeNull();
    expect(normalizer?.normalize(sleepParts({ sleepDate: day }), day)).toBeNull();
  });

  it("loses nothing but an odd leaf, which is reported", () => {
    const body = nightOf();
    const [first] = body.sleepResult.hypnogram.sleepStateChanges;
    if (first) first.offsetFromStart = "soon";
    body.sleepEvaluation.phaseDurations.rem = "PT1H";
    const parts = sleepParts(body);
    expect(parts[0]?.unreadable?.toSorted()).toEqual([
      "sleepEvaluation.phaseDurations.rem",
      "sleepResult.hypnogram.sleepStateChanges[].offsetFromStart",
    ]);
    const odd = make("sleep", parts);
    expect(odd.sleep_durations_data?.hypnogram_samples).toHaveLength(5);
    expect(odd.sleep_durations_data?.asleep).toMatchObject({
      duration_REM_sleep_state_seconds: null,
      duration_deep_sleep_state_seconds: 3_600,
    });
  });

  it("keeps its instants in a night of changing clocks", () => {
    const body = nightOf("2026-10-25");
    Object.assign(body.sleepResult.hypnogram, {
      sleepStart: "2026-10-25T01:00:00+02:00",
      sleepEnd: "2026-10-25T06:00:00+01:00",
      sleepStateChanges: [
        { offsetFromStart: "0s", newState: "SLEEP_STATE_REM" },
        { offsetFromStart: "7199s", newState: "SLEEP_STATE_WAKE" },
        { offsetFromStart: "7200s", newState: "SLEEP_STATE_REM" },
      ],
    });
    const { sleep_durations_data } = make("sleep", v4Sleep.parts("2026-10-25", { nightSleeps: [body] }));
    expect(sleep_durations_data?.other?.duration_in_bed_seconds).toBe(6 * 3_600);
    expect(sleep_durations_data?.hypnogram_samples?.map(({ timestamp }) => timestamp)).toEqual([
      "2026-10-25T01:00:00.000000+02:00",
      "2026-10-25T02:59:59.000000+02:00",
      "2026-10-25T02:00:00.000000+01:00",
    ]);
  });
});

describe("a night of both APIs", () => {
  const v3 = fixture("sleep-midnight") as { date: string; sleep_score: number };
  const v3Parts = partsOf("sleep", "*", v3);
  const v3Recharge = partsOf("nightly-recharge", "*", fixture("recharge-midnight"));
  const v4Parts = v4Sleep.parts(v3.date, { nightSleeps: [nightOf(v3.date)] });
  const v4Recharges = [
    ...v4Recharge.parts(v3.date, { nightlyRechargeResults: [rechargeOf(v3.date)] }),
    ...v4RechargeSamples.parts(v3.date, { nightlyRechargeResults: [withSamples(v3.date)] }),
  ];

  it("is one record in any order: totals of v3, stages and samples of v4, breathing of v3 where v4 says 0", () => {
    const all = [...v3Parts, ...v3Recharge, ...v4Parts, ...v4Recharges];
    const whole = make("sleep", all);
    expect(make("sleep", all.toReversed())).toEqual(whole);
    const [alone, other] = [
      make("sleep", [...v3Parts, ...v3Recharge]),
      make("sleep", [...v4Parts, ...v4Recharges]),
    ];
    expect(whole.metadata).toEqual(alone.metadata);
    expect(whole.scores).toEqual(alone.scores);
    expect(whole.sleep_durations_data?.asleep).toEqual(alone.sleep_durations_data?.asleep);
    expect(whole.sleep_durations_data?.hypnogram_samples).toEqual(
      other.sleep_durations_data?.hypnogram_samples,
    );
    expect(whole.respiration_data?.breaths_data).toEqual({
      ...alone.respiration_data?.breaths_data,
      samples: other.respiration_data?.breaths_data?.samples,
    });
    expect(whole).toMatchObject({
      provider_data: {
        polar: {
          sources: {
            metadata: "accesslink-v3",
            "sleep_durations_data.hypnogram_samples": dynamic,
            "sleep_durations_data.awake.num_wakeup_events": dynamic,
            "respiration_data.breaths_data.avg_breaths_per_min": "accesslink-v3",
            "respiration_data.breaths_data.samples": dynamic,
          },
        },
      },
    });
  });

  it("is v3's own, byte for byte, while v4 has nothing", () => {
    const alone = make("sleep", [...v3Parts, ...v3Recharge]);
    expect(JSON.stringify(alone)).not.toContain("sources");
  });

  it("takes a v4 recharge where only the night is v3's", () => {
    const whole = make("sleep", [...v3Parts, ...v4Recharges]);
    expect(whole.heart_rate_data?.summary?.avg_hr_bpm).toBe(75);
    expect(whole).toMatchObject({ provider_data: { polar: { sources: { readiness_data: dynamic } } } });
  });
});

const resources: readonly ServedResource[] = [v4Sleep, v4Recharge, v4RechargeSamples];

describe("the ledgers", () => {
  it.each([
    [v4Sleep, sleepParts()],
    [v4Recharge, rechargeParts()],
    [v4RechargeSamples, sampleParts()],
  ] as const)("know every leaf of $0.name", (resource, parts: readonly Part[]) => {
    expect(parts.flatMap(({ value }) => unknownLeaves(resource.ledger, value))).toEqual([]);
  });
});

describe.skipIf(!capturedIsThere)("captured bodies of v4", () => {
  const body = (name: string) =>
    JSON.parse(capturedFiles("v4").find((file) => file.name.startsWith(name))?.text ?? "null");
  const captured = (): Part[] => [
    ...v4Sleep.parts("2025-06-13", body("sleeps")),
    ...v4Recharge.parts("2025-06-13", body("nightly_recharge")),
    ...v4RechargeSamples.parts("2025-06-13", body("nightly_recharge")),
  ];

  it("are read whole, and have no leaf without a fate", () => {
    for (const part of captured()) {
      expect(part.unreadable, part.resource).toBeUndefined();
      const { ledger } = resources.find(({ name }) => name === part.resource) ?? v4Sleep;
      expect(unknownLeaves(ledger, part.value)).toEqual([]);
      expect(leavesOf(part.value).length).toBeGreaterThan(10);
    }
  });

  it("have stages that add up to Polar's own totals, from the first sleep to the last change", () => {
    const [{ sleepResult, sleepEvaluation }] = body("sleeps").nightSleeps;
    const changes: { offsetFromStart: string; newState: string }[] = sleepResult.hypnogram.sleepStateChanges;
    const sums = new Map<string, number>();
    for (const [index, { offsetFromStart, newState }] of changes.entries()) {
      const next = changes[index + 1];
      if (index === 0 || next === undefined) continue;
      const length = (parseSeconds(next.offsetFromStart) - parseSeconds(offsetFromStart)) / 1000;
      const stage = newState.startsWith("SLEEP_STATE_NON_REM2") ? "light" : newState;
      sums.set(stage, (sums.get(stage) ?? 0) + length);
    }
    const { light, deep, rem, wake } = sleepEvaluation.phaseDurations;
    expect(Object.fromEntries(sums)).toEqual({
      light: secondsOf(light),
      SLEEP_STATE_NON_REM3: secondsOf(deep),
      SLEEP_STATE_REM: secondsOf(rem),
      SLEEP_STATE_WAKE: secondsOf(wake),
    });
  });

  it("make a night whose stages lie between its ends", () => {
    const night = make("sleep", captured());
    const stages = night.sleep_durations_data?.hypnogram_samples ?? [];
    expect(stages[0]).toEqual({ timestamp: "2025-06-13T00:55:14.900000+02:00", level: 1 });
    expect(stages.at(-1)).toEqual({ timestamp: "2025-06-13T08:40:14.900000+02:00", level: 5 });
    expect(stages).toHaveLength(87);
    expect(JSON.stringify(night)).not.toContain("REMOVED");
    expect(night.heart_rate_data?.detailed?.hrv_samples_rmssd?.[1]).toEqual({
      timestamp: "2025-06-13T01:02:45.000000+02:00",
      hrv_rmssd: 44.36107463718366,
    });
  });
});
