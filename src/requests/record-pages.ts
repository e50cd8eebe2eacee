/** Reads all records of a person in their order, a part at a time, so that memory stays flat. */
import type { RecordText } from "../export/conversions.ts";
import { type Connection, connectionIdOf } from "../store/connections.ts";
import { listPlaces, type PlacesWanted, type RecordEntry, type RecordPlace } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { namedTexts } from "./formatted.ts";

/** A query for places names this many. */
const placesAtOnce = 200;
/** Records are read together until they have this many bytes of JSON, and one at least. */
const batchBytes = 4 * 1024 * 1024;
const batchRecords = 50;
/** The first is a record alone, which may fill a page with what it holds. Each further batch has twice as many. */
const firstBatchRecords = 1;

type Place = RecordPlace & RecordEntry;

export type RecordsWanted = Pick<PlacesWanted, "from" | "days">;

/** Yields the records by type and natural key, in parts; those that are deleted meanwhile are left out. */
export async function* recordsInOrder(
  source: Pick<Store, "db" | "bodies">,
  connection: Connection,
  { from, days }: RecordsWanted,
): AsyncGenerator<readonly RecordText[]> {
  const id = connectionIdOf(connection);
  let start = from;
  for (;;) {
    const places = await listPlaces(source.db, id, { from: start, days, limit: placesAtOnce + 1 });
    for (const batch of batchesOf(places.slice(0, placesAtOnce)))
      yield await readBatch(source, connection, batch);
    start = places[placesAtOnce] ?? null;
    if (start === null) return;
  }
}

async function readBatch(
  source: Pick<Store, "db" | "bodies">,
  connection: Connection,
  batch: readonly Place[],
): Promise<readonly RecordText[]> {
  const [first] = batch;
  if (first === undefined) return [];
  const wanted = { type: first.type, withSamples: true };
  return namedTexts(
    source,
    connection,
    wanted,
    batch.map(({ naturalKey }) => naturalKey),
  );
}

/** Splits the places into those that are read together: of one type, and not too large. */
function batchesOf(places: readonly Place[]): Place[][] {
  const batches: Place[][] = [];
  let bytes = 0;
  for (const place of places) {
    const batch = batches.at(-1);
    bytes += place.bytes;
    const most = Math.min(batchRecords, firstBatchRecords * 2 ** Math.max(0, batches.length - 1));
    const fits = batch?.[0]?.type === place.type && batch.length < most && bytes <= batchBytes;
    if (fits) batch.push(place);
    else {
      batches.push([place]);
      bytes = place.bytes;
    }
  }
  return batches;
}
