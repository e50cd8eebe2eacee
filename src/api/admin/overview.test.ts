import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEnvironment } from "../../../test/support/database.ts";
import { newId } from "../../store/identifiers.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";
import { connect } from "../testing/data.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const url = "https://receiver.example/hook";
const addWebhook = async (about: ReturnType<TestApi["about"]>): Promise<string> =>
  String((await about.post("/destinations", { kind: "webhook", settings: { url } })).body.id);

interface Attempted {
  readonly environmentId: string;
  readonly destinationId: string;
  readonly outcome: "delivered" | "retry";
  readonly ms: number;
}

const attempt = ({ environmentId, destinationId, outcome, ms }: Attempted) =>
  api.store.db
    .insertInto("attempts")
    .values({
      environment_id: environmentId,
      attempt_id: newId(),
      delivery_id: newId(),
      event_id: newId(),
      destination_id: destinationId,
      number: 1,
      started_at: new Date(),
      duration_ms: ms,
      outcome,
      status: null,
      code: null,
      response: null,
    })
    .execute();

describe("the setup", () => {
  const doneOf = (body: Record<string, unknown>) =>
    (body.steps as { step: string; done: boolean }[]).filter(({ done }) => done).map(({ step }) => step);

  test("counts each step when it is done", async () => {
    const environment = await createEnvironment(api.store);
    const admin = api.about(environment);
    const first = (await admin.get("/setup")).body;
    expect(first).toMatchObject({ dev_id: environment.devId, public_url: api.url, delivered: false });
    expect(doneOf(first)).toEqual(["keys"]);
    const destinationId = await addWebhook(admin);
    await connect(api.store, environment);
    expect(doneOf((await admin.get("/setup")).body)).toEqual(["keys", "destination", "person"]);
    await attempt({ ...environment, destinationId, outcome: "delivered", ms: 1 });
    expect((await admin.get("/setup")).body.delivered).toBe(true);
  });

  test("has the credentials of a provider, and not yet a webhook", async () => {
    const { body } = await api.about(api.environment).get("/setup");
    expect(doneOf(body)).toContain("provider");
    expect(doneOf(body)).not.toContain("webhook");
    expect(body.providers).toContain("polar");
  });
});

describe("a destination's statistics", () => {
  test("are those of its own attempts and of what waits for it", async () => {
    const environment = await createEnvironment(api.store);
    const admin = api.about(environment);
    const [destinationId, other] = [await addWebhook(admin), await addWebhook(admin)];
    const quiet = (await admin.get(`/destinations/${destinationId}/stats`)).body;
    expect(quiet).toMatchObject({
      state: "well",
      pending: 0,
      lag_seconds: null,
      attempts: 0,
      success_rate: null,
    });
    for (const ms of [10, 20, 30]) await attempt({ ...environment, destinationId, outcome: "delivered", ms });
    await attempt({ ...environment, destinationId, outcome: "retry", ms: 8_000 });
    await attempt({ ...environment, destinationId: other, outcome: "delivered", ms: 999 });
    const planned = new Date(Date.now() - 60_000);
    const delivery = {
      environment_id: environment.environmentId,
      event_id: newId(),
      destination_id: destinationId,
    };
    for (const state of ["pending", "dead"] as const) {
      const row = { ...delivery, delivery_id: newId(), state, created_at: planned };
      await api.store.db.insertInto("deliveries").values(row).execute();
    }
    const { body } = await admin.get(`/destinations/${destinationId}/stats?hours=1`);
    expect(body).toMatchObject({ attempts: 4, success_rate: 0.75, pending: 1, dead: 1 });
    expect(body.latency).toEqual({ p50_ms: 20, p95_ms: 30, p99_ms: 30 });
    expect(Math.round(Number(body.lag_seconds) / 60)).toBe(1);
    const elsewhere = await api.about(api.environment).get(`/destinations/${destinationId}/stats`);
    expect(elsewhere.status).toBe(404);
  });

  test("count its newest attempts where there are many, and say that these are not all", async () => {
    const environment = await createEnvironment(api.store);
    const { environmentId } = environment;
    const admin = api.about(environment);
    const [destinationId, other] = [await addWebhook(admin), await addWebhook(admin)];
    // The older half failed; the destination beside it makes as many attempts.
    const id = sql`(lpad(to_hex(${Date.now() - 3_600_000}::bigint + n), 12, '0') || '7000'
      || '8' || substr(md5(d::text || n), 1, 15))::uuid`;
    await sql`INSERT INTO attempts (environment_id, attempt_id, delivery_id, event_id, destination_id, number,
        started_at, duration_ms, outcome)
      SELECT ${environmentId}, ${id}, gen_random_uuid(), gen_random_uuid(), d, 1,
        now() - interval '1 hour', n, CASE WHEN n > 2000 THEN 'delivered' ELSE 'retry' END
      FROM generate_series(1, 4000) n, unnest(${[destinationId, other]}::uuid[]) d`.execute(api.store.db);
    const { body } = await admin.get(`/destinations/${destinationId}/stats`);
    expect(body).toMatchObject({ attempts: 2_000, complete: false, success_rate: 1 });
    // The nearest rank among 2,001, 2,002 … 4,000.
    expect(body.latency).toEqual({ p50_ms: 3_000, p95_ms: 3_900, p99_ms: 3_980 });
  });

  test("say whether it fails, is paused or was switched off", async () => {
    const environment = await createEnvironment(api.store);
    const admin = api.about(environment);
    const destinationId = await addWebhook(admin);
    const stateAfter = async (change: Record<string, unknown>) => {
      await api.store.db
        .updateTable("destinations")
        .set(change)
        .where("destination_id", "=", destinationId)
        .execute();
      return (await admin.get(`/destinations/${destinationId}/stats`)).body.state;
    };
    expect(await stateAfter({ failing_since: new Date() })).toBe("failing");
    const breaker = async () => (await admin.get(`/destinations/${destinationId}`)).body.breaker;
    expect(await breaker()).toBeNull();
    const until = new Date("2026-11-28T14:03:00Z");
    expect(await stateAfter({ paused_until: until, paused_after: 10 })).toBe("failing");
    expect(await breaker()).toEqual({ paused_until: until.toISOString(), failures: 10 });
    // A pause that a process wrote after another one had success.
    await stateAfter({ failing_since: null });
    expect(await breaker()).toBeNull();
    await stateAfter({ failing_since: new Date() });
    expect(await stateAfter({ active: false })).toBe("paused");
    expect(await stateAfter({ disabled_code: "DELIVERY_GONE" })).toBe("disabled");
  });
});

describe("health", () => {
  test("is figures, and no problem where all is well", async () => {
    const environment = await createEnvironment(api.store);
    const { status, body } = await api.about(environment).get("/health");
    expect(status).toBe(200);
    expect(body).toMatchObject({ problems: [], oldest_undelivered_at: null, provider_errors: [] });
    expect((body.queues as { queue: string }[]).map(({ queue }) => queue).sort()).toEqual([
      "deliver",
      "import",
      "ingest",
      "renormalize",
      "request",
    ]);
    const { bytes, tables } = body.database as {
      bytes: number;
      tables: { table: string; kept_days: unknown }[];
    };
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(tables.find(({ table }) => table === "events")?.kept_days).toBe(42);
    expect(tables.some(({ table }) => /_\d{8}$/.test(table))).toBe(false);
  });

  test("says in a sentence what fails, and what to do", async () => {
    const environment = await createEnvironment(api.store);
    const admin = api.about(environment);
    const destinationId = await addWebhook(admin);
    const twoHoursAgo = new Date(Date.now() - 2 * 3_600_000);
    await api.store.db
      .updateTable("destinations")
      .set({ failing_since: twoHoursAgo })
      .where("destination_id", "=", destinationId)
      .execute();
    const person = await connect(api.store, environment);
    await api.store.db
      .updateTable("connections")
      .set({ error_code: "PROVIDER_UNAVAILABLE", error_since: twoHoursAgo })
      .where("user_id", "=", person.user_id)
      .execute();
    const { problems, provider_errors } = (await admin.get("/health")).body as {
      problems: { text: string; severity: string; remedy: string }[];
      provider_errors: unknown[];
    };
    expect(problems.map(({ severity }) => severity)).toEqual(["error", "warning"]);
    expect(problems[0]?.text).toBe(
      `The webhook destination ${destinationId} has been failing for 2 hours; 0 deliveries wait for it.`,
    );
    expect(problems[1]?.text).toBe("polar refuses or fails for 1 person (PROVIDER_UNAVAILABLE).");
    expect(problems.every(({ remedy }) => remedy !== "")).toBe(true);
    expect(provider_errors).toEqual([
      { provider: "polar", code: "PROVIDER_UNAVAILABLE", people: 1, since: twoHoursAgo.toISOString() },
    ]);
  });
});

describe("a provider", () => {
  test("has no quota before its first call, and none at all without credentials", async () => {
    expect((await api.about(api.environment).get("/providers/polar/quota")).body).toEqual({ data: [] });
    const without = await api.about(await createEnvironment(api.store)).get("/providers/polar/quota");
    expect(without.body.code).toBe("PROVIDER_NOT_CONFIGURED");
    expect((await api.about(api.environment).get("/providers/none/quota")).body.code).toBe(
      "PROVIDER_UNKNOWN",
    );
  });

  test("has its webhook made when that is asked for", async () => {
    const admin = api.about(api.environment);
    const { status, body } = await admin.post("/providers/polar/webhook/repair");
    expect([status, (body.subscription as { state: string }).state]).toEqual([200, "active"]);
  });

  test("has a ledger of every field", async () => {
    const { status, body } = await api.admin("/admin/v1/providers/polar/ledger");
    const leaves = body.data as { fate: string; to: string[]; why: string | null; carried_in: string[] }[];
    expect(status).toBe(200);
    expect(new Set(leaves.map(({ fate }) => fate))).toEqual(new Set(["mapped", "carried", "ignored"]));
    for (const leaf of leaves.filter(({ fate }) => fate === "mapped")) expect(leaf.to).not.toEqual([]);
    for (const leaf of leaves.filter(({ fate }) => fate !== "mapped")) expect(leaf.why).toBeTruthy();
  });
});
