/** The records inside an event, each with its own bytes, for targets that store records instead of events. */
import { SystoleError } from "../../errors.ts";
import type { EventRecord, FormedBody, OutgoingEvent } from "../destination.ts";
import { elements, members, type Slice } from "./json-slices.ts";

export interface DataRecord extends EventRecord {
  /** `metadata.start_time` and `end_time` as they are written; null where there are none. */
  readonly startTime: string | null;
  readonly endTime: string | null;
  /** The record's JSON, byte for byte. */
  readonly json: Buffer;
  /** The record in the event's format, where that is not Terra's. */
  readonly formed?: FormedBody;
}

/**
 * Returns none for an event without records, and none of the records that are left out of the event's format. @throws SystoleError INTERNAL when body and list disagree
 */
export function dataRecords(event: OutgoingEvent): DataRecord[] {
  if (event.records.length === 0) return [];
  const { form } = event;
  const terra = form?.terra ?? event.body;
  const slices = recordSlices(terra, event.type);
  if (slices.length !== event.records.length) {
    throw new SystoleError("INTERNAL", { reason: "an event's records are not those of its body" });
  }
  return event.records.flatMap((record, index) => {
    const formed = form?.records[index];
    if (formed === null) return [];
    const { from, to } = slices[index] as Slice;
    const json = terra.subarray(from, to);
    return { ...record, ...times(json), json, ...(formed !== undefined && { formed }) };
  });
}

/** Returns the event's body with this record alone in its `data`, for targets with an object for each record. */
export function bodyWithOnly(event: OutgoingEvent, record: DataRecord): Buffer {
  if (record.formed !== undefined) return record.formed.bytes;
  if (event.records.length === 1) return event.body;
  const data = members(event.body).get("data") as Slice;
  const [before, after] = [event.body.subarray(0, data.from), event.body.subarray(data.to)];
  return Buffer.concat([before, Buffer.from("["), record.json, Buffer.from("]"), after]);
}

/** A data event has a list of records; an athlete event has one object. */
function recordSlices(body: Buffer, type: string): Slice[] {
  const top = members(body);
  if (type === "athlete") return [top.get("athlete")].filter((slice) => slice !== undefined);
  const data = top.get("data");
  return data === undefined ? [] : elements(body, data.from);
}

function times(json: Buffer): Pick<DataRecord, "startTime" | "endTime"> {
  const metadata = members(json).get("metadata");
  if (metadata === undefined) return { startTime: null, endTime: null };
  const { start_time = null, end_time = null } = JSON.parse(
    json.toString("utf8", metadata.from, metadata.to),
  ) as { start_time?: string | null; end_time?: string | null };
  return { startTime: start_time, endTime: end_time };
}
