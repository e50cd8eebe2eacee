/** Events that carry no records: connections made and ended, requests under way. */
import { terraEventSchema } from "../../../../models/index.ts";
import type { OutgoingEvent } from "../../../destination.ts";
import { type Column, columnIndex, type Row, type Value } from "../tables.ts";
import { blank, Extraction } from "./extract.ts";
import { planTable, recordTail } from "./model.ts";
import type { Fields } from "./plan.ts";
import { TableBuilder } from "./table-builder.ts";
import { instantOf } from "./times.ts";

const head: readonly Column[] = [
  { name: "event_id", type: "key" },
  { name: "type", type: "key" },
  { name: "user_id", type: "key" },
  { name: "old_user_id", type: "key" },
  { name: "event_time", type: "instant" },
];

/** Fields that columns of the head hold already, or that belong to events with records. */
const elsewhere = new Set(["type", "version", "user", "new_user", "old_user", "data", "athlete"]);

export const events = plan();

function plan(): { readonly table: TableBuilder["table"]; readonly fields: Fields } {
  const builder = new TableBuilder({
    name: "systole_events",
    head,
    key: ["event_id"],
    index: ["user_id", "event_time"],
  });
  const shapes = terraEventSchema.options.flatMap(({ shape }) => Object.entries(shape));
  const shape = Object.fromEntries(shapes.filter(([name]) => !elsewhere.has(name)));
  const fields = planTable(builder, shape);
  builder.append(...recordTail);
  return { table: builder.table, fields };
}

export function eventRow(event: OutgoingEvent): Row {
  const { table, fields } = events;
  const body = JSON.parse(event.body.toString("utf8")) as Record<string, unknown>;
  const cells = blank(table);
  const given: Value[] = [
    event.id,
    event.type,
    event.userId,
    oldUserId(body.old_user),
    instantOf(event.orderingTimestamp),
  ];
  given.forEach((value, index) => {
    cells[index] = value;
  });
  const extraction = new Extraction(event.id);
  const others = Object.entries(body).filter(([name]) => !elsewhere.has(name));
  extraction.fill(fields, Object.fromEntries(others), cells);
  const { unmapped } = extraction;
  cells[columnIndex(table, "unmapped_count")] = unmapped.length;
  cells[columnIndex(table, "unmapped_fields")] = unmapped.join(", ") || null;
  return cells;
}

function oldUserId(user: unknown): string | null {
  const { user_id: id } = (user ?? {}) as { readonly user_id?: unknown };
  return typeof id === "string" ? id : null;
}
