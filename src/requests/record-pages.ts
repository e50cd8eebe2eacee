/** Reads all records of a person in their order, a part at a time, so that memory stays flat. */
import type { ExportableRecord } from "../export/contract.ts";
import { type Connection, connectionIdOf } from "../store/connections.ts";
import { listPlaces, type PlacesWanted, type RecordEntry, type RecordPlace } from "../store/records.ts";
import type { Database } from "../store/tables.ts";
import { namedRecords } from "./formatted.ts";

/** A query for places names this many. */
const placesAtOnce = 200;
/** Records are read together until they have this many bytes of JSON, and one at least. */
const batchBytes = 4 * 1024 * 1024;
const batchRecords = 50;

type Place = RecordPlace & RecordEntry;

export interface PlacedRecord {
  readonly record: ExportableRecord;
  /** The length of the record's JSON text. */
  readonly bytes: number;
}

export type RecordsWanted = Pick<PlacesWanted, "from" | "days">;

/** Yields the records by type and natural key; those that are deleted meanwhile are left out. */
export async function* recordsInOrder(
  db: Database,
  connection: Connection,
  { from, days }: RecordsWanted,
): AsyncGenerator<PlacedRecord> {
  const id = connectionIdOf(connection);
  let start = from;
  for (;;) {
    const places = await listPlaces(db, id, { from: start, days, limit: placesAtOnce + 1 });
    for (const batch of batchesOf(places.slice(0, placesAtOnce))) yield* readBatch(db, connection, batch);
    start = places[placesAtOnce] ?? null;
    if (start === null) return;
  }
}

async function* readBatch(
  db: Database,
  connection: Connection,
  batch: readonly Place[],
): AsyncGenerator<PlacedRecord> {
  const [first] = batch;
  if (first === undefined) return;
  const bytesOf = new Map(batch.map(({ naturalKey, bytes }) => [naturalKey, bytes]));
  const wanted = { type: first.type, withSamples: true };
  const records = await namedRecords({ db }, connection, wanted, [...bytesOf.keys()]);
  for (const record of records) yield { record, bytes: bytesOf.get(record.naturalKey) ?? 0 };
}

/** Splits the places into those that are read together: of one type, and not too large. */
export function batchesOf(places: readonly Place[]): Place[][] {
  const batches: Place[][] = [];
  let bytes = 0;
  for (const place of places) {
    const batch = batches.at(-1);
    bytes += place.bytes;
    const fits = batch?.[0]?.type === place.type && batch.length < batchRecords && bytes <= batchBytes;
    if (fits) batch.push(place);
    else {
      batches.push([place]);
      bytes = place.bytes;
    }
  }
  return batches;
}
