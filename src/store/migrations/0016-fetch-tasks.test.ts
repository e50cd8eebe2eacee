/** Work that was under way in the previous version, finished by a worker of this one. */
import { randomBytes, randomUUID } from "node:crypto";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createTestDatabase,
  formerPartitionedTables,
  type TestDatabase,
} from "../../../test/support/database.ts";
import { parsingOf } from "../../../test/support/parsing.ts";
import { activityDay } from "../../../test/support/polar-bodies.ts";
import { waitFor } from "../../../test/support/wait.ts";
import type { IngestDeps } from "../../ingest/deps.ts";
import { startIngest } from "../../ingest/worker.ts";
import type { ProviderHttp } from "../../providers/provider.ts";
import { KeyRing } from "../../security/key-ring.ts";
import { createLogger } from "../../telemetry/log.ts";
import { sealGrants } from "../grants.ts";
import { newId, noEnvironment } from "../identifiers.ts";
import { migrate, migrations } from "../migrate.ts";
import { ensurePartitions } from "../partitions.ts";
import { Queue } from "../queue.ts";
import { listSyncLog } from "../sync-log.ts";
import type { Tables } from "../tables.ts";

/** A row as the former version had it. Its trace id is its name here. */
interface FormerRow {
  readonly origin: "provider" | "connect" | "request" | "reconcile" | "backfill";
  readonly event: string | null;
  readonly state: string;
  readonly account?: string;
  readonly code?: string;
  readonly details?: Record<string, unknown>;
  /** Its next try is due in an hour. */
  readonly isLater?: boolean;
}

const announced = { origin: "provider", event: "ACTIVITY_SUMMARY" } as const;

/** Every origin, event and state that existed. */
const rows: Readonly<Record<string, FormerRow & { readonly kind: string | null }>> = {
  accepted: { ...announced, state: "accepted", kind: "announced" },
  postponed: {
    ...announced,
    state: "accepted",
    code: "PROVIDER_BUDGET_SPENT",
    isLater: true,
    kind: "announced",
  },
  "tried before": {
    ...announced,
    state: "accepted",
    code: "PROVIDER_UNAVAILABLE",
    isLater: true,
    kind: "announced",
  },
  "of nobody": {
    ...announced,
    state: "waiting",
    account: "78",
    code: "NOTIFICATION_USER_UNKNOWN",
    kind: "announced",
  },
  "done before": { ...announced, state: "done", details: { records_changed: 1 }, kind: "announced" },
  "given up": { ...announced, state: "failed", code: "PROVIDER_BODY_INVALID", kind: "announced" },
  // The provider's name for an event means nothing to us.
  "an event of theirs": { ...announced, event: "REVOKE", state: "accepted", kind: "announced" },
  repeated: { ...announced, state: "ignored", code: "NOTIFICATION_COALESCED", kind: null },
  forged: {
    origin: "provider",
    event: null,
    state: "refused",
    code: "NOTIFICATION_SIGNATURE_INVALID",
    kind: null,
  },
  connected: { origin: "connect", event: "CONNECTED", state: "accepted", kind: "connect" },
  refreshed: { origin: "request", event: "REFRESH", state: "accepted", kind: "refresh" },
  reconciled: { origin: "reconcile", event: "RECONCILE", state: "accepted", kind: "reconcile" },
  "listed by an index": { origin: "request", event: "RECONCILE", state: "accepted", kind: "refresh" },
  "weeks ago": { origin: "backfill", event: "BACKFILL", state: "accepted", isLater: true, kind: "backfill" },
  "until today": { origin: "connect", event: "BACKFILL", state: "accepted", kind: "connect" },
  file: { origin: "backfill", event: "FOLLOW_UP", state: "accepted", kind: "file" },
  "not there yet": {
    origin: "request",
    event: "SECOND_LOOK",
    state: "accepted",
    isLater: true,
    kind: "second-look",
  },
  leaving: { origin: "request", event: "REVOKE", state: "accepted", kind: "revoke" },
};
const names = Object.keys(rows);
const open = names.filter((name) => rows[name]?.state === "accepted");
const dayOf = (name: string): string => `2026-03-${String(names.indexOf(name) + 1).padStart(2, "0")}`;

const environmentId = randomUUID();
const [userId, formerUserId] = [randomUUID(), randomUUID()];
const keyRing = new KeyRing(randomBytes(32));
const sealedFor = (owner: string, accessToken: string): Buffer =>
  sealGrants(keyRing, { environmentId, userId: owner }, [
    {
      consent: "accesslink-v3",
      accessToken,
      expiresAt: null,
      renewal: null,
      providerUserId: "77",
      scopes: [],
    },
  ]);

let database: TestDatabase;
let db: Kysely<Tables>;
beforeEach(async () => {
  database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.connectionString, max: 10 });
  pool.on("error", () => {});
  db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
});
afterEach(async () => {
  await db.destroy();
  await database.drop();
});

const queueOf = () => Queue.open(database.connectionString, () => {});

/** Makes the database of a former version with work under way and its processes ended. */
async function leaveWork(version: number): Promise<ReadonlyMap<string, string>> {
  await migrate(
    db,
    migrations.filter(({ number }) => number <= version),
  );
  await ensurePartitions(db, new Date(), formerPartitionedTables);
  await sql`INSERT INTO environments (environment_id, dev_id, name) VALUES (${environmentId}, 'd', 'd')`.execute(
    db,
  );
  await sql`INSERT INTO connections
    (environment_id, user_id, provider, provider_user_id, state, grant_sealed)
    VALUES (${environmentId}, ${userId}, 'polar', '77', 'active', ${sealedFor(userId, "of today")})`.execute(
    db,
  );
  const queue = await queueOf();
  const ids = new Map<string, string>();
  for (const [name, row] of Object.entries(rows)) ids.set(name, await leaveRow(queue, name, row, ids));
  await queue.close();
  if (version >= 14)
    await sql`UPDATE notifications SET begun_at = now() WHERE trace_id = 'accepted'`.execute(db);
  return ids;
}

async function leaveRow(
  queue: Queue,
  name: string,
  row: FormerRow,
  ids: ReadonlyMap<string, string>,
): Promise<string> {
  const id = newId();
  const later = row.isLater ? new Date(Date.now() + 3_600_000) : null;
  const { environment, account, priority, owner, fetches, body } = partsOf(name, row);
  const details = name === "repeated" ? { coalesced_with: ids.get("accepted") } : row.details;
  await sql`INSERT INTO notifications (environment_id, notification_id, provider, origin, priority, state, event,
      provider_user_id, user_id, fetches, body, trace_id, next_attempt_at, code, details, received_at)
    VALUES (${environment}, ${id}, 'polar', ${row.origin}, ${priority}, ${row.state}, ${row.event}, ${account},
      ${owner}, ${JSON.stringify(fetches)}, ${body}, ${name}, ${later}, ${row.code ?? null},
      ${JSON.stringify(details ?? null)}, now())`.execute(db);
  const data = { environmentId, notificationId: id } as unknown as { environmentId: string; taskId: string };
  const job = { data, ...(later && { startAfter: later }) };
  if (row.state === "accepted") await queue.enqueue(db, "ingest", [job]);
  return id;
}

/** Returns the other columns of a row, by its origin. */
function partsOf(name: string, { origin, event, account = "77" }: FormerRow) {
  const fetches = [{ resource: "activity", key: dayOf(name) }];
  const ours = { environment: environmentId, account, priority: 2, owner: userId, fetches, body: null };
  if (name === "leaving") {
    const sealed = sealedFor(formerUserId, "of yesterday");
    return { ...ours, account: "76", owner: formerUserId, fetches: [], body: sealed };
  }
  if (event === "SECOND_LOOK") return { ...ours, priority: 3, owner: null };
  if (origin !== "provider") return ours;
  const theirs = { ...ours, priority: 3, owner: null, body: Buffer.from("{}") };
  return event === null ? { ...theirs, environment: noEnvironment, account: null, fetches: [] } : theirs;
}

/** A provider with an active day for every requested one. */
class Provider {
  readonly asked: string[] = [];
  readonly revoked: string[] = [];

  readonly http: ProviderHttp = {
    send: async ({ method, url, headers }) => {
      if (method === "DELETE") {
        this.revoked.push(headers.authorization?.replace("Bearer ", "") ?? "");
        return { status: 204, headers: {}, body: Buffer.alloc(0) };
      }
      const day = /\d{4}-\d{2}-\d{2}/.exec(url)?.[0] ?? "";
      this.asked.push(day);
      const body = Buffer.from(JSON.stringify(activityDay(day)));
      return { status: 200, headers: { "content-type": "application/json" }, body };
    },
  };

  readonly #access = { settings: { api_url: "https://provider.example" }, http: this.http };

  readonly deps = {
    clients: {
      accessFor: async () => this.#access,
      clientFor: async () => ({ access: this.#access, budget: {} }),
      sameClient: async () => [environmentId],
    },
    planner: {
      call: (_: unknown, send: () => unknown) => send(),
      ask: async (_: unknown, send: () => Promise<unknown>) => ({
        answer: await send(),
        settled: Promise.resolve(),
      }),
    },
  };
}

/** Resolves when all open tasks are done, whatever the time of their next try. */
async function workAll(provider: Provider): Promise<void> {
  await ensurePartitions(db, new Date());
  const queue = await queueOf();
  const store = { db, aside: db, queue, keyRing };
  const deps = { store, log: createLogger("silent"), parsing: parsingOf(store), ...provider.deps };
  await startIngest(deps as unknown as IngestDeps);
  await waitFor("the work to be done", async () => {
    await sql`UPDATE pgboss.job SET start_after = now() WHERE state = 'created'`.execute(db);
    const { rows: left } = await sql`SELECT FROM fetch_tasks WHERE state = 'accepted'`.execute(db);
    return left.length === 0;
  });
  await queue.close();
}

describe.each([
  ["the released version", 5],
  ["the version before", 15],
])("work left by %s", (_, version) => {
  it("is done by a worker of this one", async () => {
    const ids = await leaveWork(version);
    await migrate(db);
    const { rows: made } = await sql<{ trace_id: string; kind: string }>`
      SELECT trace_id, kind FROM fetch_tasks`.execute(db);
    const wanted = Object.entries(rows).flatMap(([name, { kind }]) => (kind === null ? [] : [[name, kind]]));
    expect(Object.fromEntries(made.map(({ trace_id, kind }) => [trace_id, kind]))).toEqual(
      Object.fromEntries(wanted),
    );

    const provider = new Provider();
    await workAll(provider);
    const fetched = open.filter((name) => name !== "leaving").map(dayOf);
    expect(provider.asked.sort()).toEqual(fetched.sort());
    expect(provider.revoked).toEqual(["of yesterday"]);
    const records = await db.selectFrom("records").select("start_date").orderBy("start_date").execute();
    expect(records.map(({ start_date }) => start_date)).toEqual(fetched);

    const listed = await listSyncLog(db, [environmentId, noEnvironment], { limit: 100 });
    expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(ids.values()));
    const states = Object.fromEntries(listed.map(({ trace_id, state }) => [trace_id, state]));
    const stateOf = (name: string) => (open.includes(name) ? "done" : rows[name]?.state);
    expect(states).toEqual(Object.fromEntries(names.map((name) => [name, stateOf(name)])));
    expect(listed.find(({ trace_id }) => trace_id === "repeated")?.fetches).toEqual([
      { resource: "activity", key: dayOf("accepted") },
    ]);
  });

  it("keeps what providers sent, and none of our own rows beside it", async () => {
    const ids = await leaveWork(version);
    await migrate(db);
    const kept = await db.selectFrom("notifications").select(["notification_id", "state", "body"]).execute();
    const theirs = names.filter((name) => rows[name]?.origin === "provider");
    expect(new Set(kept.map(({ notification_id }) => notification_id))).toEqual(
      new Set(theirs.map((name) => ids.get(name))),
    );
    for (const { body } of kept) expect(body?.toString()).toBe("{}");
    const counts = Map.groupBy(kept, ({ state }) => state);
    expect([counts.get("refused")?.length, counts.get("ignored")?.length]).toEqual([1, 1]);
    const bodies = await db.selectFrom("fetch_tasks").select("kind").where("body", "is not", null).execute();
    expect(bodies).toEqual([{ kind: "revoke" }]);
  });
});
