/** Deletes the resources that a record lost. */
import type { Db, Document } from "mongodb";
import { attemptMs, batchTime } from "../attempt-time.ts";
import type { Entry } from "../kit/documents/entries.ts";
import { thrownFailure } from "./failure.ts";

/**
 * Compares with the revision that stands now, which may be newer than the one just written. @throws DeliveryError
 */
export async function clearResources(db: Db, records: readonly Entry[], signal: AbortSignal): Promise<void> {
  const newest = await newestRevisions(db, records, signal);
  if (newest.length === 0) return;
  const deletes = newest.map(({ identity, revision }) => ({
    q: { "systole.record": identity, "systole.revision": { $lt: revision } },
    limit: 0,
  }));
  const maxTimeMS = attemptMs(batchTime, records.length, 0);
  const command = { delete: "fhir_resources", deletes, writeConcern: { w: "majority" }, maxTimeMS };
  try {
    await db.command(command, { signal });
  } catch (thrown) {
    throw thrownFailure(thrown, "remove");
  }
}

interface Newest {
  readonly identity: string;
  readonly revision: number;
}

async function newestRevisions(db: Db, records: readonly Entry[], signal: AbortSignal): Promise<Newest[]> {
  const identities = records.map(({ identity }) => identity);
  const command: Document = {
    find: "fhir_records",
    filter: { "systole.identity": { $in: identities } },
    projection: { "systole.identity": 1, "systole.revision": 1 },
    batchSize: identities.length,
    singleBatch: true,
  };
  try {
    const { cursor } = await db.command(command, { signal });
    return (cursor.firstBatch as { systole: Newest }[]).map(({ systole }) => systole);
  } catch (thrown) {
    throw thrownFailure(thrown, "find");
  }
}
