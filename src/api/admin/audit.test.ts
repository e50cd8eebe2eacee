import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AuditEntry, beginAudit, endAudit, expireAudit, listAudit } from "../../store/audit-log.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";
import { adminOperations } from "../testing/operations.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const entries = (): Promise<AuditEntry[]> => listAudit(api.store.db, {}, { limit: 1_000 });
const newest = async (): Promise<AuditEntry | undefined> => (await entries())[0];
const change = (path: string, method: string, json?: unknown) =>
  api.admin(`/admin/v1${path}`, { method, json });

describe("every requested change", () => {
  test("has an entry, on every route", async () => {
    // Rotating the token ends the one that the test uses, so it comes last.
    const changes = (await adminOperations(api))
      .filter(({ method }) => method !== "GET")
      .sort((a, b) => Number(a.route.includes("/token/")) - Number(b.route.includes("/token/")));
    expect(changes.length).toBeGreaterThan(15);
    const own = await startTestApi();
    try {
      for (const { method, route, path } of changes) {
        const { status } = await own.admin(`/admin/v1${path}`, { method, json: {} });
        const [entry] = await listAudit(own.store.db, {}, { limit: 1 });
        expect(entry).toMatchObject({
          action: `${method} ${route}`,
          target: `/admin/v1${path}`,
          actor_kind: "token",
          actor_name: "admin token",
          address: "127.0.0.1",
          status,
        });
      }
    } finally {
      await own.close();
    }
  });

  test("reading has no entry", async () => {
    const before = (await entries()).length;
    await api.admin("/admin/v1/destinations");
    expect(await entries()).toHaveLength(before);
  });

  test("names the caller, the environment, the address and the request", async () => {
    const made = await change("/operators", "POST", { name: "grace", role: "admin" });
    const headers = {
      authorization: `Bearer ${made.body.token}`,
      "user-agent": "a-browser/1.0",
      "content-type": "application/json",
    };
    const body = JSON.stringify({ label: "x" });
    const answer = await fetch(`${api.url}/admin/v1/keys`, { method: "POST", headers, body });
    const { id, key } = (await answer.json()) as { id: string; key: string };
    const entry = await newest();
    expect(entry).toMatchObject({
      actor_kind: "operator",
      actor_id: made.body.id,
      actor_name: "grace",
      environment_id: api.environment.environmentId,
      action: "POST /admin/v1/keys",
      client: "a-browser/1.0",
      trace_id: answer.headers.get("terra-reference"),
      status: 201,
      after: { id, label: "x" },
    });
    expect(JSON.stringify(await entries())).not.toContain(key);
    expect(JSON.stringify(await entries())).not.toContain(made.body.token);
  });

  test("has the values before and after, without secrets", async () => {
    const secret = "a-signing-secret-of-the-developer-32";
    const settings = { url: "https://one.example/hook", secret };
    const made = await change("/destinations", "POST", { kind: "webhook", settings });
    const path = `/destinations/${made.body.id}`;
    await change(path, "PATCH", { event_types: ["sleep"] });
    expect(await newest()).toMatchObject({
      before: { event_types: null, settings: { url: settings.url, secret: "********" } },
      after: { event_types: ["sleep"], settings: { url: settings.url, secret: "********" } },
    });
    const rotated = await change(`${path}/rotate-secret`, "POST", {});
    await change(path, "DELETE");
    expect(await newest()).toMatchObject({ before: { id: made.body.id }, after: null, status: 204 });
    const client = { client_id: "other", client_secret: "a-client-secret" };
    await change("/providers/polar", "PUT", client);
    expect(await newest()).toMatchObject({ after: { client_id: "other", client_secret: "********" } });
    const all = JSON.stringify(await entries());
    for (const hidden of [secret, String(rotated.body.secret), client.client_secret]) {
      expect(all).not.toContain(hidden);
    }
  });

  test("has the reason of a refusal", async () => {
    const path = "/destinations/01a20000-0000-7000-8000-000000000000";
    await change(path, "DELETE");
    expect(await newest()).toMatchObject({ status: 404, code: "RESOURCE_NOT_FOUND", after: null });
  });

  test("has no outcome when the process dies in between", async () => {
    const actor = { kind: "command", id: "x", name: "x" } as const;
    const id = await beginAudit(api.store.db, { actor, action: "x", target: "x" });
    expect(await newest()).toMatchObject({ audit_id: id, status: null });
    await endAudit(api.store.db, id, { status: 200 });
  });
});

describe("GET /admin/v1/audit", () => {
  test("pages and filters", async () => {
    for (const devId of ["audit-a", "audit-b"]) await change("/environments", "POST", { dev_id: devId });
    await change("/keys?environment=audit-a", "POST", { label: "filtered" });
    const list = async (query: string) => (await api.admin(`/admin/v1/audit?${query}`)).body;
    const first = await list("limit=1");
    expect(first.data).toMatchObject([{ action: "POST /admin/v1/keys", environment: "audit-a" }]);
    const second = await list(`limit=1&before=${first.next}`);
    expect(second.data).toMatchObject([{ action: "POST /admin/v1/environments", environment: null }]);
    expect((await list("environment=audit-a")).data).toHaveLength(1);
    expect((await list("environment=audit-b")).data).toEqual([]);
    const [entry] = first.data as { at: string }[];
    const until = encodeURIComponent(String(entry?.at));
    const named = await list(`operator=admin%20token&action=/environments&until=${until}&limit=2`);
    expect((named.data as { target: string }[]).map(({ target }) => target)).toEqual([
      "/admin/v1/environments",
      "/admin/v1/environments",
    ]);
    expect((await list("operator=nobody")).data).toEqual([]);
    expect((await list(`since=${encodeURIComponent("2999-01-01T00:00:00Z")}`)).data).toEqual([]);
    expect((await api.admin("/admin/v1/audit?environment=unknown")).status).toBe(404);
  });
});

describe("a written entry", () => {
  test("cannot be changed or deleted with Systole's database role", async () => {
    const { db } = api.store;
    const before = await entries();
    expect(before.length).toBeGreaterThan(0);
    for (const statement of [
      "UPDATE audit_log SET actor_name = 'somebody else'",
      "UPDATE audit_outcomes SET status = 200",
      "DELETE FROM audit_log",
      "DELETE FROM audit_outcomes",
      "TRUNCATE audit_log, audit_outcomes",
      "TRUNCATE audit_outcomes",
      "SET systole.expiring_audit = 'yes'; DELETE FROM audit_outcomes",
    ]) {
      await expect(sql.raw(statement).execute(db), statement).rejects.toMatchObject({ code: "42501" });
    }
    const asked = new Date(Date.now() + 1_000);
    expect(await expireAudit(db, asked)).toBe(0);
    expect(await entries()).toEqual(before);
  });

  test("is deleted when its retention is over", async () => {
    const { db } = api.store;
    const day = 24 * 3_600_000;
    const ages = [40, 33, 29];
    for (const age of ages) {
      const at = new Date(Date.now() - age * day);
      const id = `00000000-0000-7000-8000-0000000000${age}`;
      await db
        .insertInto("audit_log")
        .values({
          audit_id: id,
          at,
          environment_id: null,
          actor_kind: "process",
          actor_id: "old",
          actor_name: "old",
          action: "old",
          target: "old",
        })
        .execute();
      await db.insertInto("audit_outcomes").values({ audit_id: id, at, status: 200 }).execute();
    }
    const left = async () =>
      (await entries()).filter(({ action }) => action === "old").map(({ audit_id }) => audit_id.slice(-2));
    expect(await expireAudit(db, new Date(Date.now() - 35 * day))).toBe(1);
    expect(await left()).toEqual(["33", "29"]);
    expect(await expireAudit(db, new Date())).toBe(1);
    expect(await left()).toEqual(["29"]);
  });
});
