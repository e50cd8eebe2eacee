/** People and their connections, as columns. */
import type { OutgoingEvent } from "../../../destination.ts";
import type { DataRecord } from "../../records.ts";
import type { Column, Row, Table } from "../tables.ts";
import { userStates } from "../users.ts";
import { timeColumns } from "./times.ts";

const known = (name: string, type: Column["type"]): Column => ({ name, type, keepsKnown: true });

export const users: Table = {
  name: "systole_users",
  columns: [
    { name: "user_id", type: "key" },
    { name: "reference_id", type: "text" },
    known("provider", "text"),
    known("granted_scopes", "text"),
    known("state", "text"),
    known("created_at", "instant"),
    known("created_at_local", "local"),
    known("created_at_utc_offset_seconds", "integer"),
    { name: "ordering_timestamp", type: "integer" },
    { name: "event_id", type: "key" },
  ],
  key: ["user_id"],
  newestBy: "ordering_timestamp",
};

export function userRows(event: OutgoingEvent, records: readonly DataRecord[]): Row[] {
  return userStates(event, records).map((user) => [
    user.userId,
    user.referenceId,
    user.provider,
    user.scopes,
    user.state,
    ...((user.createdAt === null ? null : timeColumns(user.createdAt)) ?? [null, null, null]),
    event.orderingTimestamp,
    event.id,
  ]);
}
