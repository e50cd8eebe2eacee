/** An event in a record format, as a destination asked for it. */
import type { Exported, ExportSettings, LeftOut, RecordFormat } from "./contract.ts";
import { type EventToExport, recordsOfEvent } from "./event-records.ts";
import { type ExportedRecord, type JoinedBody, joined } from "./joined.ts";

/** What becomes of records without a form in the format: sent in Terra's, or not sent. */
export type WhenUnsupported = "terra" | "leave_out";

/** A field, or a whole record, that was not sent. */
export interface LeftOutOfEvent {
  /** The natural key. */
  readonly record: string;
  /** Null: the whole record. */
  readonly field: string | null;
  readonly reason: string;
}

export interface EventForm {
  /** The body that replaces Terra's; null where the event is sent as Terra's JSON, or not at all. */
  readonly body: JoinedBody | null;
  /** Of each record in the event's order: its own body, null where it is left out. */
  readonly records: readonly (JoinedBody | null)[];
  readonly leftOut: readonly LeftOutOfEvent[];
  /** Whether nothing is to be sent. */
  readonly isEmpty: boolean;
}

/**
 * Writes the records of an event. An event is in one format: where one of its records has no form and such records are
 * to be sent as Terra's, the whole event is.
 */
export function eventForm(
  event: EventToExport,
  format: RecordFormat,
  settings: ExportSettings,
  whenUnsupported: WhenUnsupported,
): EventForm {
  const supported = event.records.every(({ type }) => format.supports(type));
  if (!supported && whenUnsupported === "terra") return inTerra;
  const written = recordsOfEvent(event).map((record) => {
    const exported = format.supports(record.type) ? format.write(record, settings) : null;
    return { record, exported };
  });
  if (whenUnsupported === "terra" && written.some(({ exported }) => exported === null)) return inTerra;
  const exports = written.flatMap(({ record, exported }) => (exported === null ? [] : { record, exported }));
  return {
    body: exports.length === 0 ? null : joined(format, exports),
    records: written.map(({ exported }) => exported && bodyOf(format, exported)),
    leftOut: written.flatMap(({ record, exported }) => leftOutOf(format, record, exported)),
    isEmpty: exports.length === 0,
  };
}

const inTerra: EventForm = { body: null, records: [], leftOut: [], isEmpty: false };

const bodyOf = ({ contentType, extension }: RecordFormat, { bytes }: Exported): JoinedBody => ({
  contentType,
  extension,
  bytes,
});

export function leftOutOf(
  { displayName }: RecordFormat,
  { type, naturalKey: record }: ExportedRecord["record"],
  exported: Exported | null,
): LeftOutOfEvent[] {
  if (exported === null)
    return [{ record, field: null, reason: `this ${type} has no form in ${displayName}` }];
  return leftOutFields(record, exported.leftOut);
}

export const leftOutFields = (record: string, fields: readonly LeftOut[]): LeftOutOfEvent[] =>
  fields.map(({ field, reason }) => ({ record, field, reason }));
