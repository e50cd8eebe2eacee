/** Makes the lines of the field table from the writers' declarations. */
import { below, type FieldFate, leftOut, type ModelFields, written } from "../field-table.ts";
import { type Carried, splitPath } from "./carried.ts";
import { mainDevice, otherDevices } from "./device.ts";

export const noField = leftOut("FIT has no field for it");
export const another = (what: string): FieldFate => leftOut(`the same as ${what}`);

export const fateOf = ({ message, fields, unit, how, note }: Carried): FieldFate =>
  written(`${message.name}.${fields.join(", ")}`, unit, how, note);

/** Returns the lines of the declarations, and of the times of their samples. */
export function linesOf(declared: readonly Carried[]): ModelFields {
  const lines: Record<string, FieldFate> = {};
  for (const carried of declared) {
    lines[carried.path] = fateOf(carried);
    if (isSeries(carried.path)) lines[`${splitPath(carried.path).list}[].timestamp`] = timeOf(carried);
  }
  return lines;
}

const isSeries = (path: string): boolean => /samples(_\w+)?\[\]\./.test(path) && !path.startsWith("TSS_data");

function timeOf({ message }: Carried): FieldFate {
  const names = ["timestamp", "update_time", "stress_level_time"];
  const field = names.find((name) => name in message.fields) ?? "timestamp";
  // An hrv message has no time; the monitoring message before it has.
  const owner = message.name === "hrv" ? "monitoring" : message.name;
  return written(`${owner}.${field}`, "s since 1989", "derived", "the second that it is in, in UTC");
}

/** The lines of `device_data`, which are the same in every model. */
export const device: ModelFields = {
  ...linesOf([...mainDevice, ...otherDevices]),
  ...below("device_data", {
    last_upload_date: noField,
    data_provided: noField,
    activation_timestamp: noField,
    "other_devices[].last_upload_date": noField,
    "other_devices[].data_provided": noField,
  }),
};

/** Returns lines with one fate for `timer_duration_seconds` of the samples of each list. */
export const timersOf = (fate: FieldFate, ...lists: readonly string[]): ModelFields =>
  Object.fromEntries(lists.map((list) => [`${list}[].timer_duration_seconds`, fate]));

export const zoneStart = leftOut("the end of the zone below");
export const enrichment: ModelFields = { data_enrichment: leftOut("Terra's own scores") };
