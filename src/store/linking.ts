/** Destinations that put linked bodies into another one, which may not be removed for as long. */
import { SystoleError } from "../errors.ts";
import type { DatabaseOrTransaction, DatabaseTransaction } from "./tables.ts";

/**
 * Locks the object store that is linked through until the transaction ends, so that it cannot be removed.
 * @throws SystoleError RESOURCE_NOT_FOUND
 */
export async function holdLinkTarget(
  db: DatabaseOrTransaction,
  environmentId: string,
  destinationId: string | null | undefined,
): Promise<void> {
  if (destinationId === null || destinationId === undefined) return;
  const held = await rowOf(db, environmentId, destinationId).forKeyShare().executeTakeFirst();
  if (held === undefined) throw new SystoleError("RESOURCE_NOT_FOUND", { destination_id: destinationId });
}

/** Returns the other destinations that link through this one, after waiting for those that are just being written. */
export async function listLinkingThrough(
  tx: DatabaseTransaction,
  { environmentId, destinationId }: { readonly environmentId: string; readonly destinationId: string },
): Promise<string[]> {
  await rowOf(tx, environmentId, destinationId).forUpdate().execute();
  const rows = await tx
    .selectFrom("destinations")
    .select("destination_id")
    .where("environment_id", "=", environmentId)
    .where("link_destination_id", "=", destinationId)
    .where("destination_id", "!=", destinationId)
    .orderBy("destination_id")
    .execute();
  return rows.map((linking) => linking.destination_id);
}

const rowOf = (db: DatabaseOrTransaction, environmentId: string, destinationId: string) =>
  db
    .selectFrom("destinations")
    .select("destination_id")
    .where("environment_id", "=", environmentId)
    .where("destination_id", "=", destinationId);
