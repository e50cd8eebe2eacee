/**
 * The typed layout: a table for each data type with a column for each field, samples and other lists in tables
 * of their own, people and other events in two more. The only JSON is provider data beyond the model.
 */
import type { z } from "zod";
import { dataTypes, models } from "../../../../models/index.ts";
import type { OutgoingEvent } from "../../../destination.ts";
import { recordId } from "../../identity.ts";
import { type DataRecord, dataRecords } from "../../records.ts";
import type { Layout, RecordRows } from "../layout.ts";
import { columnIndex, type Value } from "../tables.ts";
import { activityTypes } from "./activity-types.ts";
import { eventRow, events } from "./events.ts";
import { blank, Extraction } from "./extract.ts";
import { planRecord, recordTail } from "./model.ts";
import type { RecordPlan } from "./plan.ts";
import { providerKeyTable } from "./provider-key-table.ts";
import { providerViews } from "./provider-views.ts";
import { instantOf } from "./times.ts";
import { userRows, users } from "./users.ts";

const keptCharacters = 4_000;

/** Plans are made of the models when the first destination needs them. */
export function typedLayout(): Layout {
  const plans = new Map(dataTypes.map((type) => [type, planRecord(type, models[type] as z.ZodObject)]));
  const views = providerViews(new Map([...plans].map(([type, { table }]) => [type, table])));
  const viewTable = providerKeyTable(views);
  const partsOf = new Map([...plans.values()].map(({ table, parts }) => [table, parts]));
  return {
    tables: [
      ...[...plans.values()].flatMap(({ table, parts }) => [table, ...parts]),
      events.table,
      users,
      activityTypes,
      viewTable,
    ],
    views,
    viewTable,
    partsOf: (table) => partsOf.get(table) ?? [],
    peopleOf: (event, given) => ({ table: users, rows: userRows(event, given) }),
    async rowsOf(event) {
      const given = dataRecords(event);
      const people = this.peopleOf(event, given);
      const records = given.map((record) => recordRows(plans.get(record.type) as RecordPlan, event, record));
      if (records.length > 0) return { rows: [people], records };
      return { rows: [{ table: events.table, rows: [eventRow(event)] }, people], records: [] };
    },
  };
}

function recordRows({ table, fields }: RecordPlan, event: OutgoingEvent, record: DataRecord): RecordRows {
  const id = recordId(event.userId, record.type, record.naturalKey);
  const cells = blank(table);
  const head: Value[] = [
    id,
    event.userId,
    record.naturalKey,
    record.revision,
    event.id,
    instantOf(event.orderingTimestamp),
  ];
  head.forEach((value, index) => {
    cells[index] = value;
  });
  const extraction = new Extraction(id);
  const { provider_data: beside = null, ...modelled } = JSON.parse(record.json.toString("utf8"));
  extraction.fill(fields, modelled, cells);
  const { unmapped, parts } = extraction;
  const tail: Value[] = [
    unmapped.length,
    unmapped.join(", ").slice(0, keptCharacters) || null,
    jsonText(beside),
  ];
  const from = columnIndex(table, recordTail[0]?.name ?? "");
  tail.forEach((value, index) => {
    cells[from + index] = value;
  });
  return { table, row: cells, parts };
}

/** JSON columns of neither server take NUL or half a surrogate pair. */
function jsonText(value: unknown): string | null {
  if (value === null) return null;
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "string" ? inner.replaceAll("\0", "\ufffd").toWellFormed() : inner,
  );
}
