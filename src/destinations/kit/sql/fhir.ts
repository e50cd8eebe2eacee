/**
 * The layout of the format `fhir`: a row for each resource. `fhir_records` tells which revision of a record its
 * resources are of, also where none is left: an older revision that comes later finds the newer one there and writes
 * nothing. People, and events without records, are in the tables of the layout that the settings name.
 */
import type { OutgoingEvent } from "../../destination.ts";
import { type FhirResource, fhirResources, isFhir, versionOf } from "../fhir-resources.ts";
import { recordId } from "../identity.ts";
import { type DataRecord, dataRecords } from "../records.ts";
import type { Layout, RecordRows } from "./layout.ts";
import type { Column, Row, Rows, Table, Value } from "./tables.ts";
import { instantOf } from "./typed/times.ts";

/** What brought the row. */
const origin: readonly Column[] = [
  { name: "user_id", type: "key" },
  { name: "data_type", type: "key" },
  { name: "natural_key", type: "text" },
  { name: "revision", type: "integer" },
  { name: "event_id", type: "key" },
  { name: "updated_at", type: "instant" },
];

const records: Table = {
  name: "fhir_records",
  columns: [{ name: "record_id", type: "uuid" }, ...origin],
  key: ["record_id"],
  newestBy: "revision",
};

const resourceColumns: readonly Column[] = [
  { name: "record_id", type: "uuid" },
  { name: "id", type: "uuid" },
  { name: "resource_type", type: "key" },
  { name: "patient_id", type: "uuid" },
  { name: "code", type: "key" },
  { name: "effective", type: "key" },
  { name: "effective_start", type: "instant" },
  { name: "effective_end", type: "instant" },
  ...origin,
  { name: "version", type: "integer" },
  { name: "payload_url", type: "text" },
  { name: "resource", type: "json" },
];

/** Resources of one record: they are replaced together with it. */
const own: Table = {
  name: "fhir_resources",
  columns: resourceColumns,
  // Resources are deleted by their record, and one record must not lock the rows of another.
  key: ["record_id", "id"],
  index: ["user_id", "code", "effective_start"],
  isPart: true,
};

/** The same table for resources that several records have: the Patient and Devices. They are updated, not replaced. */
const { isPart: _, ...same } = own;
const shared: Table = { ...same, newestBy: "version" };

export function fhirLayout(base: Layout): Layout {
  return {
    ...base,
    tables: [records, own, shared, ...base.tables],
    partsOf: (table) => (table === records ? [own] : base.partsOf(table)),
    async rowsOf(event, signal) {
      const given = dataRecords(event);
      if (!given.some(isFhir)) return base.rowsOf(event, signal);
      const { url } = await event.link(signal);
      const resources = given.map((record) => ({ record, all: fhirResources(record) }));
      const rowsOf = (kept: (resource: FhirResource) => boolean): Row[][] =>
        resources.map(({ record, all }) => resourceRows(event, record, all, kept, url));
      const owned = rowsOf(isOwn);
      const others = { table: shared, rows: rowsOf((one) => !isOwn(one)).flat() };
      return {
        rows: [others, peopleOf(base, event)],
        records: given.map((record, index) => recordRows(event, record, owned[index] ?? [])),
      };
    },
  };
}

const isOwn = ({ ownership }: FhirResource): boolean => ownership === "record";

/** People are read from the event's JSON, which is no Bundle, and which has records that have no form in FHIR too. */
function peopleOf(base: Layout, { form, ...event }: OutgoingEvent): Rows {
  const terra = { ...event, body: form?.terra ?? event.body };
  return base.peopleOf(terra, dataRecords(terra));
}

const originOf = (event: OutgoingEvent, { type, naturalKey, revision }: DataRecord): Row => [
  event.userId,
  type,
  naturalKey,
  revision,
  event.id,
  instantOf(event.orderingTimestamp),
];

function recordRows(event: OutgoingEvent, record: DataRecord, rows: readonly Row[]): RecordRows {
  const id = recordId(event.userId, record.type, record.naturalKey);
  const parts: Rows[] = rows.length === 0 ? [] : [{ table: own, rows }];
  return { table: records, row: [id, ...originOf(event, record)], parts };
}

/** A date alone is no instant. */
const instantIn = (text: string | null): Value => (text?.includes("T") ? instantOf(Date.parse(text)) : null);

/** A resource that several records have stands for itself in `record_id`, so that none of them deletes it. */
function resourceRows(
  event: OutgoingEvent,
  record: DataRecord,
  all: readonly FhirResource[],
  kept: (resource: FhirResource) => boolean,
  url: string,
): Row[] {
  const ownId = recordId(event.userId, record.type, record.naturalKey);
  const patient = all.find(({ resourceType }) => resourceType === "Patient")?.id ?? null;
  return all
    .filter(kept)
    .map((resource) => [
      isOwn(resource) ? ownId : resource.id,
      resource.id,
      resource.resourceType,
      patient,
      resource.code,
      resource.effective.start,
      ...[resource.effective.start, resource.effective.end].map(instantIn),
      ...originOf(event, record),
      versionOf(resource, record.revision, event.orderingTimestamp),
      url,
      resource.json,
    ]);
}
