/** FHIR resources of a person's records, a page at a time. */
import type { Converter } from "../converting/converter.ts";
import type { ExportSettings } from "../export/contract.ts";
import type { Served } from "../export/fhir/served.ts";
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

/** The parts that reading resources needs. */
export interface Reading {
  readonly db: Database;
  readonly exports: ExportSettings;
  readonly converter: Pick<Converter, "convert">;
}

export async function readResourcePage(
  { db, exports: settings, converter }: Reading,
  connection: Connection,
  wanted: ResourcesWanted,
): Promise<ResourcePage> {
  const { from } = wanted;
  const page = new Page(wanted);
  for await (const records of recordsInOrder(db, connection, wanted)) {
    const served = await converter.convert("served", { records, settings });
    for (const [index, { json, ...record }] of records.entries()) {
      const isFirst = from?.type === record.type && from.naturalKey === record.naturalKey;
      const end = page.add(record, served[index] ?? [], isFirst ? from.skip : 0, json.length);
      if (end !== null) return { resources: page.resources, next: end };
    }
  }
  return { resources: page.resources, next: null };
}

class Page {
  readonly #wanted: ResourcesWanted;
  readonly #chosen = new Map<string, Served>();
  #records = 0;
  #bytes = 0;

  constructor(wanted: ResourcesWanted) {
    this.#wanted = wanted;
  }

  get resources(): readonly Served[] {
    return [...this.#chosen.values()];
  }

  /** Takes what is wanted of a record, after the resources to skip. Returns where the next page begins; null: not yet. */
  add(
    { type, naturalKey }: RecordPlace,
    resources: readonly Served[],
    done: number,
    bytes: number,
  ): ResourcePlace | null {
    const { count, isWanted } = this.#wanted;
    // What the page before has told whole does not count, or a very large record would be the end of every page.
    if (done > 0 && done >= resources.length) return null;
    for (const [skip, resource] of resources.entries()) {
      if (skip < done || !isWanted(resource)) continue;
      if (this.#chosen.size === count && !this.#chosen.has(resource.id)) return { type, naturalKey, skip };
      this.#chosen.set(resource.id, resource);
    }
    this.#records += 1;
    this.#bytes += bytes;
    const isFull = this.#records >= most.records || this.#bytes >= most.bytes;
    return isFull ? { type, naturalKey, skip: resources.length } : null;
  }
}
