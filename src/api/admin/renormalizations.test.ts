import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createEnvironment, type TestEnvironment } from "../../../test/support/database.ts";
import { finish, KeptPerson, nextVersion } from "../../../test/support/kept-person.ts";
import { activityDay } from "../../../test/support/polar-bodies.ts";
import { findRenormalization, type Renormalization } from "../../store/renormalizations.ts";
import { type AdminCalls, type Answer, startTestApi, type TestApi } from "../testing/api.ts";

let api: TestApi;
let environment: TestEnvironment;
let admin: AdminCalls;
let person: KeptPerson;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  environment = await createEnvironment(api.store);
  admin = api.about(environment);
  person = await KeptPerson.connect(api.store, environment);
  await person.keep("activity", "*", [activityDay("2026-03-01"), activityDay("2026-03-02")]);
});

const worked = async ({ body }: Answer): Promise<Answer> => {
  const id = { environmentId: environment.environmentId, renormalizationId: String(body.id) };
  const job = (await findRenormalization(api.store.db, id)) as Renormalization;
  const corrected = nextVersion("daily", (record) => ({
    ...record,
    calories_data: { total_burned_calories: 1 },
  }));
  await finish(api.store, job, corrected);
  return admin.get(`/renormalizations/${body.id}`);
};

test("a job is started, shown and listed: counts and paths, never values", async () => {
  const begun = await admin.post("/renormalizations", {
    all: true,
    dry_run: true,
    records_per_second: 1_000,
  });
  expect([begun.status, begun.body]).toMatchObject([
    202,
    {
      state: "running",
      filter: { user_ids: null, types: null, since: null, until: null },
      dry_run: true,
      send_events: false,
      records_per_second: 1_000,
      progress: { phase: "records", records: 0, records_total: 2, payloads: 0, payloads_total: 1 },
      types: {},
      differences: [],
      finished_at: null,
    },
  ]);
  const done = await worked(begun);
  expect(done.body).toMatchObject({
    state: "done",
    progress: { phase: "payloads", records: 2, payloads: 1 },
    types: { daily: { identical: 0, changed: 2, new: 0, unmakeable: {} } },
    differences_left_out: 0,
    finished_at: expect.any(String),
  });
  const differences = done.body.differences as { path: string; records: number; example: object }[];
  expect(differences).toContainEqual({
    type: "daily",
    path: "calories_data.total_burned_calories",
    kind: "changed",
    records: 2,
    example: {
      user_id: person.id.userId,
      natural_key: "2026-03-01",
      path: "calories_data.total_burned_calories",
    },
  });
  expect(done.text).not.toContain("2200");
  const other = await admin.post("/renormalizations", {
    user_ids: [person.id.userId],
    types: ["daily"],
    since: "2026-03-02",
    send_events: true,
  });
  const first = await admin.get("/renormalizations?limit=1");
  expect(first.body).toMatchObject({ data: [{ id: other.body.id }], next: other.body.id });
  const second = await admin.get(`/renormalizations?before=${first.body.next}`);
  expect(second.body).toMatchObject({ data: [{ id: begun.body.id }], next: null });
  expect((await worked(other)).body).toMatchObject({ types: { daily: { changed: 1 } }, events: 1 });
});

test("a job is cancelled and resumed, until it is over", async () => {
  const begun = await admin.post("/renormalizations", { types: ["daily"] });
  const at = `/renormalizations/${begun.body.id}`;
  expect((await admin.post(`${at}/cancel`)).body.state).toBe("cancelled");
  const resumed = await admin.post(`${at}/resume`);
  expect([resumed.status, resumed.body.state]).toEqual([200, "running"]);
  expect((await worked(begun)).body.state).toBe("done");
  for (const move of ["cancel", "resume"]) {
    const { status, body } = await admin.post(`${at}/${move}`);
    expect([status, body.code]).toEqual([409, "RENORMALIZATION_ENDED"]);
  }
});

test("invalid requests, and those for another environment's jobs, are refused", async () => {
  for (const body of [
    {},
    { dry_run: true },
    { types: ["naps"] },
    { since: "yesterday" },
    { all: true, records_per_second: 0 },
  ]) {
    expect((await admin.post("/renormalizations", body)).body.code, JSON.stringify(body)).toBe(
      "REQUEST_INVALID",
    );
  }
  const begun = await admin.post("/renormalizations", { all: true });
  const elsewhere = api.about(api.environment);
  const refused = [
    await admin.get(`/renormalizations/${randomUUID()}`),
    await elsewhere.get(`/renormalizations/${begun.body.id}`),
    await elsewhere.post(`/renormalizations/${begun.body.id}/cancel`),
    await elsewhere.post(`/renormalizations/${begun.body.id}/resume`),
  ];
  for (const { status, body } of refused) expect([status, body.code]).toEqual([404, "RESOURCE_NOT_FOUND"]);
  expect((await elsewhere.get("/renormalizations")).body.data).toEqual([]);
});
