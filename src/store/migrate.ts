/** Runs numbered, forward-only migrations under a lock, so that any number of processes may start at once. */
import { type Kysely, sql } from "kysely";
import { SystoleError } from "../errors.ts";
import type { Obstacle } from "./citus/cluster.ts";
import { distribute } from "./citus/distribute.ts";
import { first } from "./migrations/0001-first.ts";
import { delivery } from "./migrations/0002-delivery.ts";
import { budgets } from "./migrations/0003-budgets.ts";
import { sync } from "./migrations/0004-sync.ts";
import { renormalize } from "./migrations/0005-renormalize.ts";
import { unreadableLeaves } from "./migrations/0006-unreadable-leaves.ts";
import { parsing } from "./migrations/0007-parsing.ts";
import { access } from "./migrations/0009-access.ts";
import { summaryIds } from "./migrations/0010-summary-ids.ts";
import { ownReferences } from "./migrations/0011-own-references.ts";
import { notificationTries } from "./migrations/0014-notification-tries.ts";
import { erasure } from "./migrations/0015-erasure.ts";
import { fetchTasks } from "./migrations/0016-fetch-tasks.ts";
import { capabilities } from "./migrations/0017-capabilities.ts";
import { forms } from "./migrations/0018-forms.ts";
import { connectPage } from "./migrations/0019-connect-page.ts";
import { accounts } from "./migrations/0020-accounts.ts";
import { lists } from "./migrations/0021-lists.ts";
import { deletedRecords } from "./migrations/0022-deleted-records.ts";
import { deletedParts } from "./migrations/0024-deleted-parts.ts";
import { receivers } from "./migrations/0025-receivers.ts";
import { attemptsShown } from "./migrations/0026-attempts-shown.ts";
import { environments } from "./migrations/0028-environments.ts";
import { dataChoices } from "./migrations/0029-data-choices.ts";
import { forgottenCoverage } from "./migrations/0030-forgotten-coverage.ts";
import { grownParts } from "./migrations/0031-grown-parts.ts";
import { bodyStore } from "./migrations/0032-body-store.ts";
import { uploads } from "./migrations/0033-uploads.ts";
import { uploadTokens } from "./migrations/0034-upload-tokens.ts";
import { pushes } from "./migrations/0035-pushes.ts";
import { importTries } from "./migrations/0036-import-tries.ts";
import { recordFormats } from "./migrations/0037-record-formats.ts";
import { fhirBirthDate } from "./migrations/0038-fhir-birth-date.ts";
import { unavailableResources } from "./migrations/0039-unavailable-resources.ts";
import { keyEnds } from "./migrations/0040-key-ends.ts";
import { openedApis } from "./migrations/0041-opened-apis.ts";
import { sharedThings } from "./migrations/0042-shared-things.ts";
import { oldestFound } from "./migrations/0043-oldest-found.ts";
import { bodiesOutside } from "./migrations/0044-bodies-outside.ts";
import { rawPayloadsWhole } from "./migrations/0045-raw-payloads-whole.ts";
import { dueDeliveries } from "./migrations/0046-due-deliveries.ts";
import { dueTakenLoaded } from "./migrations/0048-due-taken-loaded.ts";
import { knownAndCovered } from "./migrations/0049-known-and-covered.ts";
import { changedOrder } from "./migrations/0050-changed-order.ts";
import type { Migration } from "./migrations/migration.ts";
import type { Tables } from "./tables.ts";

/** All migrations in order. A released one is never changed, only followed by another. */
export const migrations: readonly Migration[] = [
  first,
  delivery,
  budgets,
  sync,
  renormalize,
  unreadableLeaves,
  parsing,
  access,
  summaryIds,
  ownReferences,
  notificationTries,
  erasure,
  fetchTasks,
  capabilities,
  forms,
  connectPage,
  accounts,
  lists,
  deletedRecords,
  deletedParts,
  receivers,
  attemptsShown,
  environments,
  dataChoices,
  forgottenCoverage,
  grownParts,
  bodyStore,
  uploads,
  uploadTokens,
  pushes,
  importTries,
  recordFormats,
  fhirBirthDate,
  unavailableResources,
  keyEnds,
  openedApis,
  sharedThings,
  oldestFound,
  bodiesOutside,
  rawPayloadsWhole,
  dueDeliveries,
  dueTakenLoaded,
  knownAndCovered,
  changedOrder,
];

/** Any constant will do, as long as every Systole uses the same one. */
const migrationLock = 6_104_203_511;

/**
 * Brings the schema up to date, and distributes tables where the server has Citus with workers.
 * @param wanted the migrations of an older version, for a test that begins with its database
 * @returns why tables that could be distributed are not; null otherwise
 * @throws SystoleError STORE_NEWER_THAN_CODE
 */
export function migrate(db: Kysely<Tables>, wanted = migrations): Promise<Obstacle | null> {
  return db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${migrationLock})`.execute(tx);
    await sql`CREATE TABLE IF NOT EXISTS migrations (
      number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
    )`.execute(tx);
    const applied = await sql<{ number: number }>`SELECT number FROM migrations`.execute(tx);
    const done = new Set(applied.rows.map((row) => row.number));
    refuseNewerSchema(done);
    for (const migration of wanted) {
      if (done.has(migration.number)) continue;
      for (const statement of migration.statements) await sql.raw(statement).execute(tx);
      await migration.carry?.(tx);
      await sql`INSERT INTO migrations (number, name) VALUES (${migration.number}, ${migration.name})`.execute(
        tx,
      );
    }
    return wanted.at(-1) === migrations.at(-1) ? distribute(tx) : null;
  });
}

function refuseNewerSchema(applied: ReadonlySet<number>): void {
  const known = Math.max(...migrations.map((migration) => migration.number));
  const newest = Math.max(0, ...applied);
  if (newest > known) throw new SystoleError("STORE_NEWER_THAN_CODE", { schema: newest, code: known });
}
