/** The training calendar: notes, feelings and weights. Nobody has reported a body. */
import { z } from "zod";
import { text } from "../../../kit/fields.ts";
import { dateOf, isParsed, parseTime } from "../../../kit/iso-time.ts";
import { alsoIn, carried, composite, ignored, type Ledger, mapped, numeric } from "../../../ledger.ts";
import { listed, listedBy, listOfDays } from "../day-index.ts";
import { polling } from "../polling.ts";
import { byDays, dayList, type ListCall } from "../resource.ts";
import { listKey, withOnlyList } from "./only-list.ts";
import { impersonal } from "./personal.ts";
import { physicalInformation } from "./physical-information.ts";

/**
 * GET /v4/data/calendar/list: one entry. The features are documented, their fields are not; each has the name of its
 * feature here. An entry without a time of its own is refused.
 */
const schema = z
  .looseObject({
    startTime: text,
    dateTime: text,
    date: text,
    identifier: impersonal,
    weight: z.number().nullish(),
    physicalInformation: physicalInformation.nullish(),
    notes: impersonal,
    feeling: impersonal,
    feedback: impersonal,
    perceivedRecovery: impersonal,
  })
  .refine((entry) => timeOf(entry) !== null, "Expected a date or a time");

export type V4CalendarEntry = z.output<typeof schema>;

type Times = Readonly<Partial<Record<"startTime" | "dateTime" | "date", string | null | undefined>>>;

/** Returns the entry's time, or its date, as it was sent. */
export function timeOf({ startTime, dateTime, date }: Times): string | null {
  const isTime = (value: string | null | undefined): value is string =>
    typeof value === "string" && isParsed(() => parseTime(value.length === 10 ? `${value}T00:00` : value));
  return [startTime, dateTime, date].find(isTime) ?? null;
}

const dayOf = (entry: Times): string => {
  const found = timeOf(entry) ?? "";
  return found.length === 10 ? found : dateOf(found);
};

const weight = "body.measurements_data.measurements.weight_kg";
const time = carried("when; its date is the record's");

const ledger: Ledger = {
  startTime: alsoIn("body.measurements_data.measurements.measurement_time", time),
  dateTime: alsoIn("body.measurements_data.measurements.measurement_time", time),
  date: time,
  identifier: composite(carried("Polar's id of the entry")),
  weight: mapped(weight, "exact", "kg, as everywhere in v4"),
  "physicalInformation.weight": mapped(weight, "exact", "kg; where the entry itself has none"),
  "physicalInformation.weightSource": alsoIn(weight, carried("where the weight is from")),
  "physicalInformation.height": mapped("body.measurements_data.measurements.height_cm", "exact", "cm"),
  "physicalInformation.restingHeartRate": numeric(carried("bpm, the person's setting")),
  "physicalInformation.maximumHeartRate": numeric(carried("bpm, the person's setting")),
  "physicalInformation.vo2Max": numeric(carried("the person's setting")),
  "physicalInformation.trainingBackground": carried("the person's setting"),
  "physicalInformation.sleepGoal": numeric(carried("ms, the person's setting")),
  "physicalInformation.sex": ignored("the person's, who has a record of their own"),
  "physicalInformation.birthday": ignored("personal, and no measurement needs it"),
  notes: composite(carried("the person's notes")),
  feeling: composite(carried("how the person felt")),
  feedback: composite(carried("Polar's feedback")),
  perceivedRecovery: composite(carried("how recovered the person felt")),
};

const name = "v4-calendar";

const call = {
  path: "/calendar/list",
  scope: "calendar:read",
  place: { list: listKey },
  withTimes: true,
} as const satisfies ListCall;

export const calendarDates = listOfDays({
  of: name,
  call,
  schema,
  ledger,
  day: dayOf,
  read: withOnlyList,
});

export const calendar = listed(
  withOnlyList(
    dayList({
      ...call,
      name,
      features: ["notes", "feeling", "feedback", "perceived-recovery", "weight", "physical-information"],
      schema,
      ledger,
      // With features, a call may ask for one day.
      discovery: byDays({
        daysPerCall: 1,
        reachDays: 90,
        polling: polling.calendar,
        dayIndex: listedBy(name),
      }),
      day: dayOf,
      order: (entry) => timeOf(entry) ?? "",
    }),
  ),
);
