/** FHIR resources of a person's records, a page at a time. */
import type { ExportSettings } from "../export/contract.ts";
import { type Served, servedResources } from "../export/fhir/served.ts";
import type { Connection } from "../store/connections.ts";
import type { RecordPlace } from "../store/records.ts";
import type { Database } from "../store/tables.ts";
import { type RecordsWanted, recordsInOrder } from "./record-pages.ts";

/** Where a page begins: at a record, after some of its resources. */
export interface ResourcePlace extends RecordPlace {
  readonly skip: number;
}

export interface ResourcesWanted {
  readonly from: ResourcePlace | null;
  readonly days: RecordsWanted["days"];
  readonly count: number;
  isWanted(resource: Served): boolean;
}

export interface ResourcePage {
  readonly resources: readonly Served[];
  /** Null on the last page. */
  readonly next: ResourcePlace | null;
}

/**
 * The most that is read for one page, so that a search that few match ends too. The page then has fewer resources than
 * asked for, and a next one.
 */
const most = { records: 500, bytes: 16 * 1024 * 1024 };

export async function readResourcePage(
  { db, exports }: { readonly db: Database; readonly exports: ExportSettings },
  connection: Connection,
  { from, days, count, isWanted }: ResourcesWanted,
): Promise<ResourcePage> {
  const chosen = new Map<string, Served>();
  const page = (next: ResourcePlace | null): ResourcePage => ({ resources: [...chosen.values()], next });
  const read = { records: 0, bytes: 0 };
  for await (const { record, bytes } of recordsInOrder(db, connection, { from, days })) {
    const { type, naturalKey } = record;
    const resources = servedResources(record, exports);
    const isFirst = from?.type === type && from.naturalKey === naturalKey;
    const done = isFirst ? from.skip : 0;
    // What the page before has told whole does not count, or a very large record would be the end of every page.
    if (isFirst && done >= resources.length) continue;
    for (let skip = done; skip < resources.length; skip += 1) {
      const resource = resources[skip] as Served;
      if (chosen.has(resource.id) || !isWanted(resource)) continue;
      if (chosen.size === count) return page({ type, naturalKey, skip });
      chosen.set(resource.id, resource);
    }
    read.records += 1;
    read.bytes += bytes;
    if (read.records >= most.records || read.bytes >= most.bytes)
      return page({ type, naturalKey, skip: resources.length });
  }
  return page(null);
}
