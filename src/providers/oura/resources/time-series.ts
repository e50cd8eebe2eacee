/**
 * Heart rate and battery level: samples with UTC times and no ids, in pages that may end within a day. They are statements
 * about parts that grow, one for each UTC day, so that pages add to one another.
 */
import { z } from "zod";
import { SystoleError } from "../../../errors.ts";
import { invalidBody, unreadablePaths } from "../../kit/body-issues.ts";
import { asItIs, cleanItem } from "../../kit/clean-item.ts";
import { parseRange, ranged } from "../../kit/discovery.ts";
import { time } from "../../kit/fields.ts";
import { declareGrowing } from "../../kit/growing/declare-growing.ts";
import type { GrowingSample, Statement } from "../../kit/growing/fold.ts";
import { instantMs, parseTime, shiftDate } from "../../kit/iso-time.ts";
import { decodeJson } from "../../kit/json-body.ts";
import { readTolerantly } from "../../kit/read-tolerantly.ts";
import { carried, ignored, type Ledger, mapped, numeric } from "../../ledger.ts";
import { unknownLeaves } from "../../ledger-leaves.ts";
import type { Part, ServedResource } from "../../provider.ts";
import { get, mostPages, nextPage, reachDays } from "../collection.ts";
import { ouraApi } from "../names.ts";
import type { ScopeName } from "../scopes.ts";

interface TimeSeries<Row extends z.ZodType<{ readonly timestamp: string }>> {
  readonly name: string;
  readonly collection: string;
  readonly scope: ScopeName;
  /** The growing resource that has the samples. */
  readonly grows: string;
  readonly row: Row;
  readonly reachDays: number;
  readonly ledger: Ledger;
  sample(row: z.output<Row>): object;
}

const utcDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** "At most 30 days a call." A day is from midnight to midnight in UTC. */
function declareTimeSeries<Row extends z.ZodType<{ readonly timestamp: string }>>(
  declared: TimeSeries<Row>,
): ServedResource {
  const { name, collection, scope, ledger, reachDays: reach } = declared;
  return {
    name,
    api: ouraApi,
    scope,
    ledger,
    // Nothing announces samples by themselves: they are fetched with the sleep, activity or workout that is announced,
    // and each look asks for two weeks, since a ring keeps a week for an app that is opened late.
    discovery: ranged({ announced: false, reachDays: reach, daysPerCall: 14 }),
    decode: (body) => decodeJson(name, body),
    request(key) {
      const range = parseRange(key);
      if (range === null) throw new SystoleError("NOTIFICATION_BODY_INVALID", { resource: name, key });
      const query = `start_datetime=${range.from}T00:00:00Z&end_datetime=${shiftDate(range.to, 1)}T00:00:00Z`;
      return get(`/v2/usercollection/${collection}?${query}`);
    },
    nextPage,
    mostPages,
    parts: (key, body) => partsOf(declared, key, body),
    timeOf: () => null,
  };
}

function partsOf<Row extends z.ZodType<{ readonly timestamp: string }>>(
  { name, row, grows, ledger, sample }: TimeSeries<Row>,
  key: string,
  body: unknown,
): Part[] {
  const { value: clean, notFinite, tooDeep } = cleanItem(body, asItIs);
  const read = readTolerantly(z.looseObject({ data: z.array(row) }), clean);
  if ("fatal" in read) throw invalidBody({ resource: name, key }, "later", read.fatal);
  const samples = read.value.data.map((one) => {
    const startMs = instantMs(parseTime(one.timestamp));
    return { id: null, identity: String(startMs), startMs, ...sample(one) } satisfies GrowingSample;
  });
  const days = Map.groupBy(samples, ({ startMs }) => utcDay(startMs));
  const statements = [...days].map(([day, ofDay]): Part => {
    const value: Statement<GrowingSample> = { format: name, samples: ofDay };
    return { resource: grows, key: day, value };
  });
  const rowSteps = [...read.unreadable, ...notFinite, ...tooDeep].map((steps) =>
    steps[0] === "data" ? steps.slice(2) : steps,
  );
  const odd = read.value.data.find((one) => unknownLeaves(ledger, one, 1).length > 0);
  if (odd === undefined && rowSteps.length === 0) return statements;
  // Kept only so that what is not known, or cannot be read, is noticed.
  return [...statements, { resource: name, key, value: odd ?? {}, ...unreadablePaths(ledger, rowSteps) }];
}

const samplesOfOurs: Ledger = {
  "samples[].id": ignored("Oura's samples have no ids"),
  "samples[].identity": ignored("made of the time"),
};

export interface HeartRateSample extends GrowingSample {
  readonly bpm: number;
  readonly source: string | null;
}

const heartRateFields = [
  "daily.heart_rate_data.detailed.hr_samples.timestamp",
  "activity.heart_rate_data.detailed.hr_samples.timestamp",
];
const bpmFields = [
  "daily.heart_rate_data.detailed.hr_samples.bpm",
  "daily.heart_rate_data.summary.max_hr_bpm",
  "daily.heart_rate_data.summary.min_hr_bpm",
  "activity.heart_rate_data.detailed.hr_samples.bpm",
  "activity.heart_rate_data.summary.max_hr_bpm",
  "activity.heart_rate_data.summary.min_hr_bpm",
];
const bpmHow = "exact; derived: largest and smallest sample";
const contextWhy =
  "workout → Active; rest and sleep → NotActive; awake, live and session say nothing of it → NotSet";
const contextFields = [
  "daily.heart_rate_data.detailed.hr_samples.context",
  "activity.heart_rate_data.detailed.hr_samples.context",
];

/** GET /v2/usercollection/heartrate (Oura's OpenAPI, PublicHeartRateRow). */
export const heartRate = declareTimeSeries({
  name: "heartrate",
  collection: "heartrate",
  scope: "heartrate",
  grows: "heart-rate-samples",
  reachDays,
  row: z.looseObject({ timestamp: time, bpm: z.number(), source: z.string().nullish() }),
  ledger: {
    timestamp: mapped(heartRateFields, "exact", "UTC; written in the day's offset where that is known"),
    timestamp_unix: ignored("the same time again, in milliseconds"),
    bpm: mapped(bpmFields, bpmHow, "0 gives no sample"),
    source: mapped(contextFields, "converted", contextWhy),
  },
  sample: ({ bpm, source = null }) => ({ bpm, source }),
});

export const heartRateSamples = declareGrowing<HeartRateSample>({
  name: "heart-rate-samples",
  ledger: {
    ...samplesOfOurs,
    "samples[].startMs": mapped(heartRateFields, "exact"),
    "samples[].bpm": mapped(bpmFields, bpmHow),
    "samples[].source": mapped(contextFields, "converted", contextWhy),
  },
  timeOf: ({ key }) => key,
});

export interface BatterySample extends GrowingSample {
  readonly level: number;
  readonly charging: boolean | null;
  readonly in_charger: boolean | null;
}

const flag = z.boolean().nullish();

/** GET /v2/usercollection/ring_battery_level (Oura's OpenAPI, PublicRingBatteryLevelRow). */
export const battery = declareTimeSeries({
  name: "ring-battery-level",
  collection: "ring_battery_level",
  scope: "heartrate",
  grows: "ring-battery-samples",
  // It is the state of a device: what it was years ago is of no use.
  reachDays: 30,
  row: z.looseObject({ timestamp: time, level: z.number(), charging: flag, in_charger: flag }),
  ledger: {
    timestamp: carried("UTC; at `ring_battery_levels` of the Daily"),
    timestamp_unix: ignored("the same time again, in milliseconds"),
    level: numeric(carried("percent; at `ring_battery_levels` of the Daily")),
    charging: carried("whether the ring was charging"),
    in_charger: carried("whether the ring was in its charger"),
  },
  sample: ({ level, charging = null, in_charger = null }) => ({ level, charging, in_charger }),
});

export const batterySamples = declareGrowing<BatterySample>({
  name: "ring-battery-samples",
  ledger: {
    ...samplesOfOurs,
    "samples[].startMs": carried("the time of the reading"),
    "samples[].level": numeric(carried("percent")),
    "samples[].charging": carried("whether the ring was charging"),
    "samples[].in_charger": carried("whether the ring was in its charger"),
  },
  timeOf: ({ key }) => key,
});
