/** A day's activity, of each device: steps, energy and activity classes. There are no totals. */
import { z } from "zod";
import { asSent, date, number, text, unused } from "../../../kit/fields.ts";
import { isParsed } from "../../../kit/iso-time.ts";
import { carried, composite, ignored, type Ledger, mapped, numeric } from "../../../ledger.ts";
import { accesslink } from "../../names.ts";
import { listed, listedBy, listOfDays } from "../day-index.ts";
import { polling } from "../polling.ts";
import { millis, parseDayTime } from "../reading.ts";
import { byDays, dayList, type ListCall } from "../resource.ts";
import { impersonal } from "./personal.ts";

const dayTime = z
  .string()
  .refine((value) => isParsed(() => parseDayTime(value, 0)), "Expected a time of day");
const interval = millis.refine((ms) => ms > 0, "Expected a length");
const series = z.array(z.number().nullable()).nullish();
/** Nobody takes a million steps in an interval; larger numbers would also spoil the sum. */
const counts = z.array(z.int().min(0).max(1_000_000).nullable()).nullish();

const samplesSchema = z.looseObject({
  sportInfos: impersonal,
  inactivityInfos: impersonal,
  activityInfos: z.array(z.looseObject({ activityClass: text, time: dayTime, factor: asSent })).nullish(),
  stepSamples: z.looseObject({ startTime: dayTime, interval, steps: counts }).nullish(),
  metSamples: z.looseObject({ startTime: dayTime, interval, mets: series }).nullish(),
});

export type V4ActivitySamples = z.output<typeof samplesSchema>;

const schema = z.looseObject({
  date,
  target: z.looseObject({ minDailyMetGoal: number }).nullish(),
  physicalInformation: unused,
  activitiesPerDevice: z
    .array(
      z.looseObject({
        deviceReference: z.looseObject({ deviceId: text }).nullish(),
        activitySamples: z.array(samplesSchema).nullish(),
      }),
    )
    .nullish(),
});

export type V4ActivityDay = z.output<typeof schema>;

const levels = [
  "daily.active_durations_data.activity_levels_samples.activity_level",
  "daily.active_durations_data.activity_levels_samples.timestamp",
];
const samples = "activitiesPerDevice[].activitySamples[]";
const stepFields = ["daily.distance_data.detailed.step_samples.steps", "daily.distance_data.steps"];
const mets = "daily.MET_data.MET_samples";

/** Sources: [R] captured bodies; a day was compared with v3's. [L2+] live tests that several people report. */
const ledger: Ledger = {
  date: mapped("daily.metadata.start_time", "key", "[R]"),
  "target.minDailyMetGoal": numeric(carried("the day's goal [R]")),
  physicalInformation: ignored(
    "not needed: height, weight, birth date and settings of the person, once more with every day; v4's account data has them",
  ),
  "activitiesPerDevice[].deviceReference.deviceId": carried("the device, by the id that v4 has for it [R]"),
  [`${samples}.sportInfos`]: composite(carried("what the device took for sport; no real one was seen")),
  [`${samples}.inactivityInfos`]: composite(carried("when the person did not move enough [R: empty]")),
  [`${samples}.activityInfos[].activityClass`]: mapped(
    levels[0] ?? "",
    "converted",
    "SLEEP Rest, SEDENTARY Inactive, LIGHT Low, CONTINUOUS_MODERATE and …INTERMITTENT_MODERATE Medium, …VIGOROUS High, equal to v3's zones [R]; any other Unknown",
  ),
  [`${samples}.activityInfos[].time`]: mapped(levels[1] ?? "", "exact", "local [R]"),
  [`${samples}.activityInfos[].factor`]: carried("a factor of the class; its meaning is not known [R]"),
  [`${samples}.stepSamples.startTime`]: mapped(
    "daily.distance_data.detailed.step_samples.timestamp",
    "derived: the end of each interval",
    "local [R]",
  ),
  [`${samples}.stepSamples.interval`]: mapped(
    "daily.distance_data.detailed.step_samples.timestamp",
    "derived: the end of each interval",
    "ms, 60,000 [R]",
  ),
  [`${samples}.stepSamples.steps`]: mapped(
    stepFields,
    "derived: running sum, and its end",
    "of the device with the most steps: two devices count the same steps, so they are never added [L2+]",
  ),
  [`${samples}.metSamples.startTime`]: mapped(
    `${mets}.timestamp`,
    "derived: start + place × interval",
    "local [R]",
  ),
  [`${samples}.metSamples.interval`]: mapped(
    `${mets}.timestamp`,
    "derived: start + place × interval",
    "ms, 30,000 [R]",
  ),
  [`${samples}.metSamples.mets`]: mapped(`${mets}.level`, "exact", "of the device with the most steps"),
};

const name = "v4-activity";

const call = {
  path: "/activity/list",
  scope: "activity:read",
  place: { list: "activityDays", outer: "activities" },
} as const satisfies ListCall;

export const activityDates = listOfDays({
  of: name,
  call,
  schema: z.looseObject({ date }),
  ledger,
  day: (item) => item.date,
});

export const v4Activity = listed(
  dayList({
    ...call,
    name,
    features: ["samples", "activity-target", "physical-information"],
    schema,
    ledger,
    discovery: byDays({
      daysPerCall: 1,
      announcedBy: accesslink,
      polling: polling.activity,
      dayIndex: listedBy(name),
    }),
    day: (item) => item.date,
    order: () => "",
  }),
);
