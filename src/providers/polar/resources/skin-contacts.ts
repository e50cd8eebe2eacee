/** Skin contact of the device: the resource and its ledger. */
import { z } from "zod";
import { asSentInOrderOf, text, time } from "../../kit/fields.ts";
import { dateOf } from "../../kit/iso-time.ts";
import { carried, type Ledger } from "../../ledger.ts";
import { dayList } from "../resource.ts";
import { discovery, pathsOf } from "./biosensing.ts";

/** GET /v3/users/biosensing/skincontacts: one recording. */
const schema = z.looseObject({
  source_device_id: text,
  start_time: time,
  end_time: text,
  modified_time: text,
  skin_contact_changes: asSentInOrderOf("recording_time_delta_milliseconds"),
});

const ledger: Ledger = {
  source_device_id: carried("id of the device that measured"),
  start_time: carried("UTC: start of the recording; its UTC day is the record's"),
  end_time: carried("UTC: end of the recording"),
  modified_time: carried("UTC: when Polar last changed the recording"),
  "skin_contact_changes[].skin_contact": carried("whether there is contact from here on"),
  "skin_contact_changes[].recording_time_delta_milliseconds": carried("ms since start_time"),
};

export const skinContacts = dayList({
  name: "skin-contacts",
  schema,
  ledger,
  discovery,
  paths: pathsOf("skincontacts"),
  day: ({ start_time }) => dateOf(start_time),
  order: ({ start_time }) => start_time,
});
