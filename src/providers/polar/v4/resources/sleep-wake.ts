/** When the person slept and woke, as the device saw it before any night was made of it. */
import { z } from "zod";
import { date, text } from "../../../kit/fields.ts";
import { carried, composite, type Ledger } from "../../../ledger.ts";
import { accesslink } from "../../names.ts";
import { polling } from "../polling.ts";
import { byDays, dayList } from "../resource.ts";
import { impersonal } from "./personal.ts";

const schema = z.looseObject({
  date,
  deviceReference: z.looseObject({ uuid: text }).nullish(),
  sleepWakeStateChanges: impersonal,
});

export type V4SleepWake = z.output<typeof schema>;

const ledger: Ledger = {
  date: carried("the vector's day [R]"),
  "deviceReference.uuid": carried("the device, by the id that v4 has for it [R]"),
  sleepWakeStateChanges: composite(
    carried(
      "changes between SLEEP_WAKE_STATE_SLEEP and …_WAKE, with `startOffset` in ms [R]; Polar does not say from when",
    ),
  ),
};

export const v4SleepWake = dayList({
  name: "v4-sleep-wake",
  path: "/sleep-wake-vectors",
  scope: "sleep:read",
  place: { list: "sleepWakeVectors" },
  schema,
  ledger,
  discovery: byDays({ daysPerCall: 7, announcedBy: accesslink, polling: polling.sleepWake }),
  day: (vector) => vector.date,
  order: ({ deviceReference }) => deviceReference?.uuid ?? "",
});
