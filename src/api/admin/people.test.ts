import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEnvironment, type TestEnvironment } from "../../../test/support/database.ts";
import type { Connection } from "../../store/connections.ts";
import { type AdminCalls, startTestApi, type TestApi } from "../testing/api.ts";
import { activity, connect, keep } from "../testing/data.ts";

let api: TestApi;
let environment: TestEnvironment;
let admin: AdminCalls;
let people: Connection[];
beforeAll(async () => {
  api = await startTestApi();
  environment = await createEnvironment(api.store);
  admin = api.about(environment);
  people = [];
  for (const referenceId of ["ann-1", "ann-2", "a_n", "a%n", "bob"]) {
    people.push(await connect(api.store, environment, { referenceId }));
  }
});
afterAll(() => api.close());

const found = async (query: string): Promise<unknown[]> => {
  const { status, body } = await admin.get(`/people${query}`);
  expect(status).toBe(200);
  return (body.data as { reference_id: string }[]).map(({ reference_id }) => reference_id);
};

describe("people", () => {
  test("are listed newest first, page by page, each once, whatever their times", async () => {
    // All of them in one moment: the id decides then.
    await sql`UPDATE connections SET created_at = '2026-01-01 00:00:00.123456+00'
      WHERE environment_id = ${environment.environmentId} AND reference_id LIKE 'a%'`.execute(api.store.db);
    const seen: unknown[] = [];
    let next: unknown = null;
    do {
      const { body } = await admin.get(`/people?limit=2${next === null ? "" : `&before=${next}`}`);
      seen.push(...(body.data as { reference_id: string }[]).map(({ reference_id }) => reference_id));
      next = body.next;
    } while (next !== null);
    expect(seen[0]).toBe("bob");
    expect([...seen].sort()).toEqual(["a%n", "a_n", "ann-1", "ann-2", "bob"]);
  });

  test("are found by the beginning of their reference, signs of patterns included", async () => {
    expect((await found("?search=ann")).sort()).toEqual(["ann-1", "ann-2"]);
    expect(await found("?search=a_")).toEqual(["a_n"]);
    expect(await found(`?search=${encodeURIComponent("a%")}`)).toEqual(["a%n"]);
    expect(await found("?search=nn")).toEqual([]);
  });

  test("are found by user_id, in their environment only", async () => {
    const search = `/people?search=${people[0]?.user_id}`;
    expect((await admin.get(search)).body.data).toHaveLength(1);
    expect((await api.about(api.environment).get(search)).body.data).toEqual([]);
  });

  test("are found by provider and state", async () => {
    const [first, second] = people;
    await sql`UPDATE connections SET error_code = 'PROVIDER_UNAVAILABLE' WHERE user_id = ${first?.user_id}`.execute(
      api.store.db,
    );
    await sql`UPDATE connections SET active = false WHERE user_id = ${second?.user_id}`.execute(api.store.db);
    expect(await found("?state=trouble")).toEqual(["ann-1"]);
    expect(await found("?state=paused")).toEqual(["ann-2"]);
    expect((await found("?state=active")).sort()).toEqual(["a%n", "a_n", "bob"]);
    expect(await found("?state=revoked")).toEqual([]);
    expect(await found("?provider=polar&limit=1")).toHaveLength(1);
    expect(await found("?provider=other")).toEqual([]);
  });

  test("behind a place that is none are refused", async () => {
    const places = [
      "x",
      Buffer.from('["a","b"]').toString("base64url"),
      Buffer.from("[]").toString("base64url"),
    ];
    for (const before of places) {
      const { status, body } = await admin.get(`/people?before=${before}`);
      expect([status, body.code]).toEqual([400, "REQUEST_INVALID"]);
    }
  });
});

describe("a person's calendar", () => {
  test("counts records by type and local day", async () => {
    const person = await connect(api.store, environment);
    await keep(api.store, person, "activity", activity("2025-10-01T23:30:00.000000-05:00"));
    await keep(api.store, person, "activity", activity("2025-10-01T06:00:00.000000-05:00"));
    await keep(api.store, person, "activity", activity("2025-10-03T06:00:00.000000-05:00"));
    const days = async (query: string) =>
      (await admin.get(`/users/${person.user_id}/calendar?${query}`)).body.data;
    expect(await days("from=2025-10-01&to=2025-10-31")).toEqual([
      { type: "activity", day: "2025-10-01", records: 2 },
      { type: "activity", day: "2025-10-03", records: 1 },
    ]);
    expect(await days("from=2025-10-02&to=2025-10-02")).toEqual([]);
  });

  test("has a span that is forwards and not endless", async () => {
    const calendar = `/users/${people[0]?.user_id}/calendar`;
    expect((await admin.get(`${calendar}?from=2025-10-02&to=2025-10-01`)).body.code).toBe(
      "DATE_RANGE_REVERSED",
    );
    expect((await admin.get(`${calendar}?from=2020-01-01&to=2025-10-01`)).body.code).toBe("REQUEST_INVALID");
    const elsewhere = await api.about(api.environment).get(`${calendar}?from=2025-10-01&to=2025-10-02`);
    expect([elsewhere.status, elsewhere.body.code]).toEqual([404, "USER_NOT_FOUND"]);
  });
});

describe("one record", () => {
  test("is answered whole, byte for byte, with its samples", async () => {
    const person = await connect(api.store, environment);
    const record = activity("2025-10-01T06:00:00.000000-05:00", 500);
    await keep(api.store, person, "activity", record);
    const key = encodeURIComponent(String(record.metadata?.summary_id));
    const { status, body, text } = await admin.get(`/users/${person.user_id}/records/activity/${key}`);
    expect([status, body.record]).toEqual([200, record]);
    expect(text).toContain(`"record":${JSON.stringify(record)}}`);
    expect((await admin.get(`/users/${person.user_id}/records/activity/none`)).status).toBe(404);
    expect((await admin.get(`/users/${people[0]?.user_id}/records/activity/${key}`)).status).toBe(404);
  });
});
