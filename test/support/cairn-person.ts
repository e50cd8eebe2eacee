/** A person at Cairn, its server, and tries of tasks for them, with all real parts of a worker process. */
import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { ProviderClients } from "../../src/connections/provider-clients.ts";
import type { IngestDeps, IngestRun } from "../../src/ingest/deps.ts";
import { OneAtATime } from "../../src/one-at-a-time.ts";
import { type Behaviour, startServer, type TestServer } from "../../src/providers/kit/testing/server.ts";
import type { Grant, Provider } from "../../src/providers/provider.ts";
import { addProvider } from "../../src/providers/registry.ts";
import { createProviderGuard } from "../../src/security/address-guard.ts";
import type { Connection, ConnectionId } from "../../src/store/connections.ts";
import { type ChoosingConnection, findChoosing } from "../../src/store/data-choices.ts";
import { type FetchTask, findTask, insertTasks, type NewTask } from "../../src/store/fetch-tasks.ts";
import { sealGrants } from "../../src/store/grants.ts";
import { saveProviderConfig } from "../../src/store/provider-configs.ts";
import type { Store } from "../../src/store/store.ts";
import { beginTry } from "../../src/store/task-tries.ts";
import { CallPlanner } from "../../src/sync/planner/planner.ts";
import { cairn } from "./cairn.ts";
import { createEnvironment, startTestStore, type TestEnvironment, type TestStore } from "./database.ts";
import { collectingLog, type LogLine } from "./delivery.ts";
import { parsingOf } from "./parsing.ts";

const anywhere = createProviderGuard({ allowPrivate: true });

export interface ConnectGiven
  extends Partial<Pick<Connection, "provider_user_id" | "reference_id" | "scopes">> {
  readonly environment?: TestEnvironment;
  readonly grant?: Partial<Grant>;
}

/** Registers the hooks of the test file that makes it: each test has a new environment with one person. */
export class CairnPerson {
  #test: TestStore | undefined;
  #server: TestServer | undefined;
  #log = collectingLog();
  environment: TestEnvironment = { environmentId: "", devId: "", apiKey: "" };
  connection = {} as ChoosingConnection;

  constructor() {
    beforeAll(() => addProvider(cairn));
    beforeAll(async () => {
      this.#test = await startTestStore();
      this.#server = await startServer();
    });
    afterAll(async () => {
      await this.#server?.close();
      await this.#test?.close();
    });
    beforeEach(async () => {
      this.#log = collectingLog();
      this.serve({});
      this.environment = await this.configured();
      this.connection = await this.connect();
    });
  }

  get store(): Store {
    if (this.#test === undefined) throw new Error("There is no store before the tests begin");
    return this.#test.store;
  }

  get connectionString(): string {
    return this.#test?.connectionString ?? "";
  }

  get server(): TestServer {
    if (this.#server === undefined) throw new Error("There is no server before the tests begin");
    return this.#server;
  }

  get lines(): readonly LogLine[] {
    return this.#log.lines;
  }

  get id(): ConnectionId {
    return idOf(this.connection);
  }

  /** Answers by path; 404 for everything else. Forgets earlier requests. */
  serve(answers: Readonly<Record<string, Behaviour>>): void {
    this.server.asked.splice(0);
    this.server.script = ({ url }) => answers[url] ?? { status: 404 };
  }

  /** The requested paths, in order. */
  asked(): string[] {
    return this.server.asked.map(({ url }) => url);
  }

  /** Creates an environment with Cairn's credentials. */
  async configured(clientId: string = randomUUID()): Promise<TestEnvironment> {
    const environment = await createEnvironment(this.store);
    const { db, keyRing } = this.store;
    const config = { environmentId: environment.environmentId, provider: "cairn" };
    await saveProviderConfig(db, keyRing, config, { api_url: this.server.url, client_id: clientId }, "admin");
    return environment;
  }

  async connect({
    environment = this.environment,
    grant = {},
    ...given
  }: ConnectGiven = {}): Promise<ChoosingConnection> {
    const { environmentId } = environment;
    const userId = randomUUID();
    const providerUserId = given.provider_user_id ?? randomUUID();
    const granted: Grant = {
      consent: "cairn",
      accessToken: "token",
      expiresAt: null,
      renewal: null,
      providerUserId,
      scopes: ["days"],
      ...grant,
    };
    const connection = await this.store.db
      .insertInto("connections")
      .values({
        environment_id: environmentId,
        user_id: userId,
        provider: "cairn",
        reference_id: null,
        state: "active",
        scopes: "days",
        consents: ["cairn"],
        ...given,
        provider_user_id: providerUserId,
        grant_sealed: sealGrants(this.store.keyRing, { environmentId, userId }, [granted]),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return { ...connection, chosen_types: null, sends_samples: true };
  }

  async reread(connection: Connection = this.connection): Promise<ChoosingConnection> {
    const found = await findChoosing(this.store.db, idOf(connection));
    if (found === null) throw new Error("the connection is gone");
    return found;
  }

  get clients(): ProviderClients {
    return new ProviderClients(this.store, anywhere);
  }

  deps(given: Partial<IngestDeps> = {}): IngestDeps {
    const { store, clients } = this;
    return {
      store,
      clients,
      log: this.#log.log,
      planner: new CallPlanner(store, clients, () => {}),
      publicUrl: "https://systole.example",
      parsing: parsingOf(store),
      ...given,
    };
  }

  /** Creates a task for the person, marked as being tried. */
  async task(given: Partial<NewTask> = {}): Promise<FetchTask> {
    const {
      environment_id: environmentId,
      provider_user_id: providerUserId,
      user_id: userId,
    } = this.connection;
    const kind = given.kind ?? "backfill";
    const wanted: NewTask = {
      environmentId,
      provider: "cairn",
      providerUserId,
      kind,
      traceId: "trace",
      fetches: [{ resource: "day", key: "2025-03-01" }],
      // An announced task is for every connection of the account.
      ...(kind !== "announced" && { userId }),
      ...given,
    };
    const [taskId = ""] = await insertTasks(this.store.db, [wanted]);
    const id = { environmentId, taskId };
    const task = (await beginTry(this.store.db, id)) ?? (await findTask(this.store.db, id));
    if (task === null) throw new Error("the task was not written");
    return task;
  }

  async run(
    given: Partial<NewTask> = {},
    others: { provider?: Provider; deps?: Partial<IngestDeps> } = {},
  ): Promise<IngestRun> {
    const { connection, id } = this;
    const task = await this.task(given);
    return {
      deps: this.deps(others.deps),
      provider: others.provider ?? cairn,
      connection,
      id,
      task,
      keeping: new OneAtATime(),
    };
  }

  /**
   * Returns all tasks of the environment but the named ones: in the order of writing, then of their times,
   * then of their fetches.
   */
  async tasks(...except: readonly FetchTask[]): Promise<FetchTask[]> {
    const rows = await this.store.db
      .selectFrom("fetch_tasks")
      .selectAll()
      .where("environment_id", "=", this.environment.environmentId)
      .orderBy("created_at")
      .orderBy(sql`next_attempt_at NULLS FIRST`)
      .orderBy(sql`fetches::text`)
      .execute();
    return rows.filter(({ task_id }) => !except.some((one) => one.task_id === task_id));
  }

  /** Returns the jobs of the environment's tasks. */
  async jobs(): Promise<{ taskId: string; priority: number; inSeconds: number }[]> {
    const { rows } = await sql<{ taskId: string; priority: number; inSeconds: number }>`
      SELECT data->>'taskId' AS "taskId", priority,
        extract(epoch FROM start_after - created_on)::float8 AS "inSeconds"
      FROM pgboss.job WHERE name = 'ingest' AND data->>'environmentId' = ${this.environment.environmentId}
      ORDER BY created_on`.execute(this.store.db);
    return rows;
  }

  /** Returns the person's records by day: their steps, the text of their note, their revision. */
  async days(
    connection = this.connection,
  ): Promise<Record<string, [steps: number | null, note: string | null, revision: number]>> {
    const rows = await this.store.db
      .selectFrom("records")
      .selectAll()
      .where("environment_id", "=", connection.environment_id)
      .where("user_id", "=", connection.user_id)
      .orderBy("natural_key")
      .execute();
    return Object.fromEntries(
      rows.map(({ natural_key, summary, revision }) => {
        const { distance_data, device_data } = summary as unknown as {
          distance_data: { steps: number | null };
          device_data: { name: string | null };
        };
        return [natural_key, [distance_data.steps, device_data.name, revision]];
      }),
    );
  }

  /** Returns the stored bodies of the person, oldest first, by resource and key. */
  async bodies(): Promise<{ of: string; rawPayloadId: string; path: string }[]> {
    const rows = await this.store.db
      .selectFrom("raw_payloads")
      .selectAll()
      .where("environment_id", "=", this.id.environmentId)
      .where("user_id", "=", this.id.userId)
      .orderBy("raw_payload_id")
      .execute();
    return rows.map((row) => ({
      of: `${row.resource} ${row.resource_key}`,
      rawPayloadId: row.raw_payload_id,
      path: row.request_path,
    }));
  }

  /** Erases the person. */
  async leave(connection = this.connection): Promise<void> {
    await this.store.db.deleteFrom("connections").where("user_id", "=", connection.user_id).execute();
  }
}

export const idOf = (connection: Connection): ConnectionId => ({
  environmentId: connection.environment_id,
  userId: connection.user_id,
});

/** Returns Cairn's answer with these days. */
export const daysReply = (days: Readonly<Record<string, number>>, next: string | null = null): Behaviour => ({
  status: 200,
  body: { days: Object.entries(days).map(([day, steps]) => ({ day, steps })), next },
});
export const noteReply = (text: string): Behaviour => ({ status: 200, body: { text } });
