/**
 * The objects and rows that an event becomes: an object in the bucket for each of its records, or for itself, and
 * the rows that point to them. A payload's id is made of the record, its revision and the event, so that no object
 * is ever overwritten by another: a newer revision is another object, to which the record's row then points.
 */
import type { OutgoingEvent } from "../destination.ts";
import { recordId, uuidOf } from "../kit/identity.ts";
import { type DataRecord, dataRecords } from "../kit/records.ts";
import { userStates } from "../kit/sql/users.ts";
import { instant, storable } from "./text.ts";

export interface PayloadObject {
  readonly payloadId: string;
  /** The path at which Terra's clients look for it: `{data_type}/{payload_id}.json`. */
  readonly path: string;
  readonly body: Buffer;
}

type Row = Readonly<Record<string, string | number | null>>;

/** The events in the form that `systole_take` of setup.sql takes. */
export interface Rows {
  readonly users: readonly Row[];
  readonly records: readonly Row[];
  readonly events: readonly Row[];
}

export interface Parcel {
  readonly event: OutgoingEvent;
  readonly objects: readonly PayloadObject[];
  readonly rows: Rows;
}

/** @throws SystoleError INTERNAL when the event's body and its list of records disagree */
export function parcelOf(event: OutgoingEvent): Parcel {
  const records = dataRecords(event);
  const users = userRows(event, records);
  if (records.length === 0) {
    const object = payload(uuidOf(event.id), event.type, event.body);
    return { event, objects: [object], rows: { users, records: [], events: [eventRow(event, object)] } };
  }
  const packed = records.map((record) => packRecord(event, record));
  return {
    event,
    objects: packed.map(({ object }) => object),
    rows: { users, records: packed.map(({ row }) => row), events: [] },
  };
}

export function allRows(parcels: readonly Parcel[]): Rows {
  const rows = parcels.map((parcel) => parcel.rows);
  return {
    users: rows.flatMap(({ users }) => users),
    records: rows.flatMap(({ records }) => records),
    events: rows.flatMap(({ events }) => events),
  };
}

const payload = (payloadId: string, type: string, body: Buffer): PayloadObject => ({
  payloadId,
  path: `${type}/${payloadId}.json`,
  body,
});

function packRecord(event: OutgoingEvent, record: DataRecord): { object: PayloadObject; row: Row } {
  const { type, naturalKey, revision, startTime, endTime } = record;
  const id = recordId(event.userId, type, naturalKey);
  const object = payload(uuidOf(id, revision, event.id), type, record.json);
  const row = {
    ...common(event, object),
    data_type: type,
    start_time: instant(startTime),
    end_time: instant(endTime),
    record_id: id,
    natural_key: storable(naturalKey),
    revision,
  };
  return { object, row };
}

/** Both type columns hold the event's type, so that its object is found like a record's. */
const eventRow = (event: OutgoingEvent, object: PayloadObject): Row => ({
  ...common(event, object),
  data_type: event.type,
  payload_type: event.type,
});

const common = (event: OutgoingEvent, { payloadId }: PayloadObject): Row => ({
  payload_id: payloadId,
  user_id: storable(event.userId),
  created_at: new Date(event.orderingTimestamp).toISOString(),
  event_id: storable(event.id),
});

/** The rows of people. The owner of a payload has one, also where the event tells nothing about them. */
function userRows(event: OutgoingEvent, records: readonly DataRecord[]): Row[] {
  const asOf = { ordering_timestamp: event.orderingTimestamp, event_id: storable(event.id) };
  const states = userStates(event, records);
  const rows = states.map(({ userId, referenceId, createdAt, scopes, provider, state }) => ({
    user_id: storable(userId),
    reference_id: storable(referenceId),
    created_at: instant(createdAt),
    granted_scopes: storable(scopes),
    provider: storable(provider),
    state,
    ...asOf,
  }));
  const userId = storable(event.userId);
  if (userId === null || rows.some(({ user_id }) => user_id === userId)) return rows;
  const unknown = { created_at: null, granted_scopes: null, provider: null, state: null };
  const owner = { user_id: userId, reference_id: storable(event.referenceId), ...unknown, ...asOf };
  return [...rows, owner];
}
