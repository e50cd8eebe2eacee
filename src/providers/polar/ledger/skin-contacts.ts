/** Whether the device touched the skin (GET /v3/users/biosensing/skincontacts), item by item. */
import { carried, type Ledger } from "../../ledger.ts";

export const skinContactsLedger: Ledger = {
  source_device_id: carried("id of the device that measured"),
  start_time: carried("UTC: start of the recording; its UTC day is the record's"),
  end_time: carried("UTC: end of the recording"),
  modified_time: carried("UTC: when Polar last changed the recording"),
  "skin_contact_changes[].skin_contact": carried("whether there is contact from here on"),
  "skin_contact_changes[].recording_time_delta_milliseconds": carried("ms since start_time"),
};
