/** People of the previous version, and people erased by it, after the migration. */
import { randomUUID } from "node:crypto";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  createTestDatabase,
  formerPartitionedTables,
  type TestDatabase,
} from "../../../test/support/database.ts";
import { newId } from "../identifiers.ts";
import { migrate, migrations } from "../migrate.ts";
import { ensurePartitions } from "../partitions.ts";
import type { Tables } from "../tables.ts";
import { compress } from "../zstd.ts";

let database: TestDatabase;
let db: Kysely<Tables>;
const environmentId = randomUUID();
const [oldest, older, present, erased] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];

beforeAll(async () => {
  database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.connectionString, max: 2 });
  pool.on("error", () => {});
  db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  await migrate(
    db,
    migrations.filter(({ number }) => number < 15),
  );
  await ensurePartitions(db, new Date(), formerPartitionedTables);
  await sql`INSERT INTO environments (environment_id, dev_id, name) VALUES (${environmentId}, 'e', 'e')`.execute(
    db,
  );
  await sql`INSERT INTO connections (environment_id, user_id, provider, provider_user_id, state, grant_sealed)
    VALUES (${environmentId}, ${present}, 'polar', '1', 'active', '')`.execute(db);
  await tellReplacement(oldest, older);
  await tellReplacement(older, present);
  await keepRevocation("done");
  await keepRevocation("accepted");
  await sql`INSERT INTO unknown_leaves
    (environment_id, provider, resource, path, kind, times, raw_payload_id, first_seen_at, last_seen_at)
    VALUES (${environmentId}, 'polar', 'exercise', 'own.words', 'unknown', 1, ${newId()}, now(), now())`.execute(
    db,
  );
  const filter = JSON.stringify({ userIds: [present, erased], types: null, from: null, to: null });
  await sql`INSERT INTO renormalizations
    (environment_id, renormalization_id, state, filter, options, cursor, totals, counts, differences)
    VALUES (${environmentId}, ${newId()}, 'done', ${filter}, '{}',
      ${JSON.stringify({ phase: "payloads", after: [erased, "r", "k", erased] })}, '{}', '{}', '[]')`.execute(
    db,
  );
  await migrate(
    db,
    migrations.filter(({ number }) => number <= 15),
  );
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

async function tellReplacement(from: string, to: string): Promise<void> {
  const body = await compress(JSON.stringify({ old_user: { user_id: from }, new_user: { user_id: to } }));
  await sql`INSERT INTO events (environment_id, event_id, type, user_id, records, reference, trace_id, body, body_bytes,
      created_at)
    VALUES (${environmentId}, ${newId()}, 'user_reauth', ${to}, '[]', 'r', 't', ${body}, 1, now())`.execute(
    db,
  );
}

async function keepRevocation(state: string): Promise<void> {
  await sql`INSERT INTO notifications (environment_id, notification_id, provider, origin, state, event, fetches, trace_id,
      received_at, provider_user_id, user_id, body, finished_at)
    VALUES (${environmentId}, ${newId()}, 'polar', 'request', ${state}, 'REVOKE', '[]', 'trace', now(), '9', ${erased},
      'sealed', ${state === "done" ? new Date() : null})`.execute(db);
}

it("a connection has its former ids, over several replacements", async () => {
  const rows = await db.selectFrom("connections").select("former_user_ids").execute();
  expect(rows).toEqual([{ former_user_ids: [oldest, older] }]);
});

it("an erased person is in no finished task, no job, and no path of an unknown leaf", async () => {
  const { rows: orders } = await sql`SELECT state, provider_user_id, user_id, body FROM notifications
    ORDER BY state`.execute(db);
  expect(orders).toEqual([
    { state: "accepted", provider_user_id: "9", user_id: erased, body: Buffer.from("sealed") },
    { state: "done", provider_user_id: null, user_id: null, body: null },
  ]);
  const jobs = await db.selectFrom("renormalizations").select(["filter", "cursor"]).execute();
  expect(jobs).toEqual([
    {
      filter: { userIds: [present], types: null, from: null, to: null },
      cursor: { phase: "payloads", after: null },
    },
  ]);
  expect(await db.selectFrom("unknown_leaves").select("path").execute()).toEqual([]);
});
