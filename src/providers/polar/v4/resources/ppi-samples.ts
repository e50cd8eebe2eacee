/** A day's times between heart beats, measured by light (PPI), of each device: up to 100,000 a day. */
import { z } from "zod";
import { date, number, text, unused } from "../../../kit/fields.ts";
import { carried, composite, ignored, type Ledger, mapped } from "../../../ledger.ts";
import { accesslink } from "../../names.ts";
import { listed, listedBy, listOfDays } from "../day-index.ts";
import { polling } from "../polling.ts";
import { millis } from "../reading.ts";
import { byDays, dayList, type ListCall } from "../resource.ts";
import { impersonal } from "./personal.ts";

const flag = z.boolean().nullish();

const schema = z.looseObject({
  date,
  modified: unused,
  ppiSamplesPerDevice: z
    .array(
      z.looseObject({
        recordingDevice: z.looseObject({ uuid: text }).nullish(),
        ppiSamples: z
          .array(
            z.looseObject({
              offsetMillis: millis,
              ppInterval: number,
              errorEstimateMillis: number,
              skinContact: flag,
              movement: flag,
              offline: flag,
            }),
          )
          .nullish(),
        recordingTriggerTypeChanges: impersonal,
      }),
    )
    .nullish(),
});

export type V4PpiDay = z.output<typeof schema>;

const quality = (what: string) =>
  ignored(`${what}; in provider_data.polar.ppi as one text or list for all samples, since each has one [R]`);

/** Sources: [R] captured bodies. */
const ledger: Ledger = {
  date: mapped("body.metadata.start_time", "key", "[R]"),
  modified: ignored("when Polar changed the day"),
  "ppiSamplesPerDevice[].recordingDevice.uuid": carried("the device, by the id that v4 has for it [R]"),
  "ppiSamplesPerDevice[].ppiSamples[].offsetMillis": mapped(
    "body.heart_data.rr_interval_samples.timestamp",
    "derived: local midnight + offset",
    "the body names no zone [R]",
  ),
  "ppiSamplesPerDevice[].ppiSamples[].ppInterval": mapped(
    "body.heart_data.rr_interval_samples.rr_interval_ms",
    "exact",
    "ms [R]; 0 is none",
  ),
  "ppiSamplesPerDevice[].ppiSamples[].errorEstimateMillis": quality("ms by which the interval may be wrong"),
  "ppiSamplesPerDevice[].ppiSamples[].skinContact": quality("whether the device touched the skin"),
  "ppiSamplesPerDevice[].ppiSamples[].movement": quality("whether the arm moved"),
  "ppiSamplesPerDevice[].ppiSamples[].offline": quality("whether the beat was found later"),
  "ppiSamplesPerDevice[].recordingTriggerTypeChanges": composite(
    carried("why the device measured, from each `offsetMillis` on [R]"),
  ),
};

const name = "v4-ppi-samples";

const call = {
  path: "/ppi-samples",
  scope: "ppi_data:read",
  place: { list: "dailyPpiSamples" },
} as const satisfies ListCall;

export const ppiDates = listOfDays({
  of: name,
  call,
  schema: z.looseObject({ date }),
  ledger,
  day: (item) => item.date,
});

export const v4PpiSamples = listed(
  dayList({
    ...call,
    name,
    features: ["samples"],
    schema,
    ledger,
    // A day is 6 to 7 MB, and can spill into the next, which has a call of its own.
    discovery: byDays({
      daysPerCall: 1,
      announcedBy: accesslink,
      polling: polling.ppi,
      dayIndex: listedBy(name),
    }),
    day: (item) => item.date,
    order: ({ modified }) => (typeof modified === "string" ? modified : ""),
  }),
);
