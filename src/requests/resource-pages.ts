/** FHIR resources of a person's records, a page at a time. */
import type { Converter } from "../converting/converter.ts";
import type { ExportSettings } from "../export/contract.ts";
import type { Served } from "../export/fhir/served.ts";
import type { Connection } from "../store/connections.ts";
import type { RecordPlace } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { type RecordsWanted, recordsInOrder } from "./record-pages.ts";

/**
 * Where a page begins: at a record, whose resources are in the order of their ids, after the one with this id. So a
 * record that changes between two pages neither repeats nor loses what stayed in it.
 */
export interface ResourcePlace extends RecordPlace {
  /** Null: all of the record. An id that comes before all others is empty. */
  readonly after: string | null;
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
export interface Reading extends Pick<Store, "db" | "bodies"> {
  readonly exports: ExportSettings;
  readonly converter: Pick<Converter, "convert">;
}

export async function readResourcePage(
  { db, bodies, exports: settings, converter }: Reading,
  connection: Connection,
  wanted: ResourcesWanted,
): Promise<ResourcePage> {
  const { from } = wanted;
  const page = new Page(wanted);
  for await (const records of recordsInOrder({ db, bodies }, connection, wanted)) {
    const served = await converter.convert("served", { records, settings });
    for (const [index, { json, ...record }] of records.entries()) {
      const isFirst = from?.type === record.type && from.naturalKey === record.naturalKey;
      const end = page.add(record, served[index] ?? [], isFirst ? from.after : null, json.length);
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

  /** Takes what is wanted of a record, after the resource `begun`. Returns where the next page begins; null: not yet. */
  add(
    { type, naturalKey }: RecordPlace,
    resources: readonly Served[],
    begun: string | null,
    bytes: number,
  ): ResourcePlace | null {
    const { count, isWanted } = this.#wanted;
    const left = resources
      .filter(({ id }) => begun === null || id > begun)
      .toSorted((one, other) => (one.id < other.id ? -1 : 1));
    // What the page before has told whole does not count, or a very large record would be the end of every page.
    if (begun !== null && left.length === 0) return null;
    let after = begun;
    for (const resource of left) {
      if (isWanted(resource)) {
        if (this.#chosen.size === count && !this.#chosen.has(resource.id)) return { type, naturalKey, after };
        this.#chosen.set(resource.id, resource);
      }
      after = resource.id;
    }
    this.#records += 1;
    this.#bytes += bytes;
    const isFull = this.#records >= most.records || this.#bytes >= most.bytes;
    return isFull ? { type, naturalKey, after: after ?? "" } : null;
  }
}
