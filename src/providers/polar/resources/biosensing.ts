/**
 * Biosensing. Polar announces none of it. The day is UTC's, as every time in these bodies and in the physical info
 * is, and as from and to are taken to be: temperatures and contacts come without any offset, so no other day could
 * be told of them. A recording that crosses midnight belongs to the day it began on.
 */
import { bodyTemperatureLedger } from "../ledger/body-temperature.ts";
import { ecgLedger } from "../ledger/ecg.ts";
import { skinContactsLedger } from "../ledger/skin-contacts.ts";
import { skinTemperatureLedger } from "../ledger/skin-temperature.ts";
import { spo2Ledger } from "../ledger/spo2.ts";
import {
  bodyTemperatureSchema,
  ecgSchema,
  epochMs,
  skinContactsSchema,
  skinTemperatureSchema,
  spo2Schema,
} from "../schema/biosensing.ts";
import { dateOf } from "../time.ts";
import { dayList } from "./day-lists.ts";
import { ranged } from "./declare.ts";

const pathsOf = (name: string) => {
  const path = `/v3/users/biosensing/${name}`;
  return { all: path, range: path };
};
const isoOf = (testTime: number) => new Date(epochMs(testTime)).toISOString();
const discovery = ranged(28, false);

export const bodyTemperature = dayList({
  name: "body-temperature",
  schema: bodyTemperatureSchema,
  ledger: bodyTemperatureLedger,
  discovery,
  paths: pathsOf("bodytemperature"),
  day: ({ start_time }) => dateOf(start_time),
  order: ({ start_time }) => start_time,
});

/** Of a night, whose date Polar gives. */
export const skinTemperature = dayList({
  name: "skin-temperature",
  schema: skinTemperatureSchema,
  ledger: skinTemperatureLedger,
  discovery,
  paths: pathsOf("skintemperature"),
  day: ({ sleep_date }) => sleep_date,
  order: ({ sleep_date }) => sleep_date,
});

export const skinContacts = dayList({
  name: "skin-contacts",
  schema: skinContactsSchema,
  ledger: skinContactsLedger,
  discovery,
  paths: pathsOf("skincontacts"),
  day: ({ start_time }) => dateOf(start_time),
  order: ({ start_time }) => start_time,
});

export const ecg = dayList({
  name: "ecg",
  schema: ecgSchema,
  ledger: ecgLedger,
  discovery,
  paths: pathsOf("ecg"),
  day: ({ test_time }) => isoOf(test_time).slice(0, 10),
  order: ({ test_time }) => isoOf(test_time),
});

export const spo2 = dayList({
  name: "spo2",
  schema: spo2Schema,
  ledger: spo2Ledger,
  discovery,
  paths: pathsOf("spo2"),
  day: ({ test_time }) => isoOf(test_time).slice(0, 10),
  order: ({ test_time }) => isoOf(test_time),
});
