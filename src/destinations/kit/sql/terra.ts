/**
 * Terra's tables. Terra's columns keep their names and their meaning. Ours stand beside them: the record's
 * identity (`payload_id`, of the person, the type and the `natural_key`), the revision that is kept, the event
 * that brought it, and the JSON itself.
 */
import { formatTimestamp } from "../../../models/index.ts";
import type { OutgoingEvent } from "../../destination.ts";
import { recordId } from "../identity.ts";
import { type DataRecord, dataRecords } from "../records.ts";
import type { Layout } from "./layout.ts";
import type { Column, ColumnType, Row, Rows, Table } from "./tables.ts";
import { userStates } from "./users.ts";

const column =
  (type: ColumnType) =>
  (name: string): Column => ({ name, type });
const known = (name: string): Column => ({ name, type: "text", keepsKnown: true });

const users: Table = {
  name: "terra_users",
  columns: [
    { name: "user_id", type: "key" },
    { name: "reference_id", type: "text" },
    ...["created_at", "granted_scopes", "provider", "state"].map(known),
    { name: "ordering_timestamp", type: "integer" },
    { name: "event_id", type: "key" },
  ],
  key: ["user_id"],
  newestBy: "ordering_timestamp",
};

const dataPayloads: Table = {
  name: "terra_data_payloads",
  columns: [
    ...["user_id", "data_type", "created_at", "payload_id", "start_time", "end_time"].map(column("key")),
    ...["payload_url", "natural_key"].map(column("text")),
    { name: "revision", type: "integer" },
    { name: "event_id", type: "key" },
    { name: "payload", type: "json" },
  ],
  key: ["payload_id"],
  newestBy: "revision",
  index: ["user_id", "data_type", "start_time"],
};

const otherPayloads: Table = {
  name: "terra_other_payloads",
  columns: [
    ...["user_id", "data_type", "payload_type", "created_at", "payload_id"].map(column("key")),
    { name: "payload_url", type: "text" },
    { name: "event_id", type: "key" },
    { name: "payload", type: "json" },
  ],
  key: ["payload_id"],
  index: ["user_id", "payload_type"],
};

export const terraLayout: Layout = {
  // Users last: other deliveries write the same few rows and wait while they are locked.
  tables: [dataPayloads, otherPayloads, users],
  views: [],
  viewTable: null,
  partsOf: () => [],
  peopleOf: (event, records) => ({ table: users, rows: userRows(event, records) }),
  async rowsOf(event, signal) {
    const { url } = await event.link(signal);
    const createdAt = formatTimestamp(event.orderingTimestamp, 0);
    const records = dataRecords(event);
    const payloads = records.length > 0 ? data(event, records, createdAt, url) : other(event, createdAt, url);
    return { rows: [payloads, this.peopleOf(event, records)], records: [] };
  },
};

function data(event: OutgoingEvent, records: readonly DataRecord[], createdAt: string, url: string): Rows {
  const rows = records.map(
    ({ type, naturalKey, revision, startTime, endTime, json }): Row => [
      event.userId,
      type,
      createdAt,
      recordId(event.userId, type, naturalKey),
      startTime,
      endTime,
      url,
      naturalKey,
      revision,
      event.id,
      json,
    ],
  );
  return { table: dataPayloads, rows };
}

/** Both type columns hold the event's type: Terra's documentation names them without an explanation. */
function other({ userId, type, id, body }: OutgoingEvent, createdAt: string, url: string): Rows {
  return { table: otherPayloads, rows: [[userId, type, type, createdAt, id, url, id, body]] };
}

function userRows(event: OutgoingEvent, records: readonly DataRecord[]): Row[] {
  return userStates(event, records).map(({ userId, referenceId, createdAt, scopes, provider, state }) => [
    userId,
    referenceId,
    createdAt,
    scopes,
    provider,
    state,
    event.orderingTimestamp,
    event.id,
  ]);
}
