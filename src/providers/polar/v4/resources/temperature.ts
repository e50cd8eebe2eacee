/** Temperatures of the body and the skin: the resource and its ledger. */
import { z } from "zod";
import { number, text, time } from "../../../kit/fields.ts";
import { dateOf } from "../../../kit/iso-time.ts";
import { alsoIn, carried, composite, identifying, type Ledger, mapped } from "../../../ledger.ts";
import { millis } from "../reading.ts";
import { byDays, dayList } from "../resource.ts";
import { impersonal } from "./personal.ts";

/** GET /v4/data/temperature-measurements: one recording. */
const schema = z.looseObject({
  startTime: time,
  endTime: text,
  measurementType: text,
  sensorLocation: text,
  deviceReference: impersonal,
  temperatureMeasurementSamples: z
    .array(z.looseObject({ recordingTimeDeltaMilliseconds: millis, temperatureCelsius: number }))
    .nullish(),
});

export type V4Temperature = z.output<typeof schema>;

const samples = [
  "body.temperature_data.skin_temperature_samples",
  "body.temperature_data.body_temperature_samples",
];
const field = (name: string) => samples.map((path) => `${path}.${name}`);

/** Sources: [C] the code of one implementer; no body has been seen. */
const ledger: Ledger = {
  startTime: identifying(
    mapped(
      field("timestamp"),
      "derived: with a sample's delta",
      "its date is the record's; in the zone it comes with [C]",
    ),
  ),
  endTime: carried("end of the recording"),
  measurementType: alsoIn(
    samples,
    carried(
      "what was measured; a word with SKIN makes samples of the skin, one with CORE of the body, another none",
    ),
  ),
  sensorLocation: carried("where the sensor is"),
  deviceReference: composite(carried("the device that measured")),
  "temperatureMeasurementSamples[].temperatureCelsius": mapped(field("temperature_celsius"), "exact"),
  "temperatureMeasurementSamples[].recordingTimeDeltaMilliseconds": mapped(
    field("timestamp"),
    "derived: startTime + delta",
  ),
};

export const temperature = dayList({
  name: "v4-temperature",
  path: "/temperature-measurements",
  scope: "temperature_measurement:read",
  place: { list: "temperatureMeasurementPeriod" },
  schema,
  ledger,
  discovery: byDays({ daysPerCall: 28 }),
  day: ({ startTime }) => dateOf(startTime),
  order: ({ startTime }) => startTime,
});
