import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEnvironment, type TestEnvironment } from "../../../test/support/database.ts";
import { KeptPerson, polar } from "../../../test/support/kept-person.ts";
import { activityDay, exercise, night, recharge } from "../../../test/support/polar-bodies.ts";
import { writeRecord } from "../../store/record-writer.ts";
import { zipOf } from "../../zip/zip.ts";
import { type AdminCalls, startTestApi, type TestApi } from "../testing/api.ts";
import { rawFilename } from "./raw-filename.ts";

let api: TestApi;
let environment: TestEnvironment;
let admin: AdminCalls;
let person: KeptPerson;
const sleepBody = { nights: [night("2026-03-02", "2026-03-01")] };
beforeAll(async () => {
  api = await startTestApi();
  environment = await createEnvironment(api.store);
  admin = api.about(environment);
  person = await KeptPerson.connect(api.store, environment);
  await person.keep("activity", "*", [activityDay("2026-03-02"), activityDay("2026-03-03")]);
  await person.keep("sleep", "*", sleepBody);
  await person.keep("nightly-recharge", "2026-03-02", recharge("2026-03-02"));
  await person.keep("exercise", "e1", exercise("e1", { start_time: "2026-03-04T08:00:00" }));
});
afterAll(() => api.close());

type Row = { type: string; natural_key: string; raw_payload_ids: string[]; raw: string };
const list = async (query = "") => {
  const { body } = await admin.get(`/users/${person.id.userId}/records${query}`);
  return { rows: body.data as Row[], next: body.next as string | null };
};
const names = (rows: readonly Row[]) => rows.map(({ type, natural_key }) => `${type} ${natural_key}`);

describe("a user's records", () => {
  test("are listed with their sources, latest start first", async () => {
    const { rows, next } = await list();
    expect(names(rows)).toEqual(["activity e1", "daily 2026-03-03", "daily 2026-03-02", "sleep 2026-03-02"]);
    expect(next).toBeNull();
    expect(rows[0]).toEqual({
      type: "activity",
      natural_key: "e1",
      revision: 1,
      mapper_version: polar.mapperVersion,
      start_time: expect.stringContaining("2026-03-04T08:00:00"),
      end_time: expect.any(String),
      raw_payload_ids: [expect.any(String)],
      raw: `/admin/v1/users/${person.id.userId}/records/activity/e1/raw`,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
  });

  test("come in pages, of a type and of a range of days", async () => {
    const all = names((await list()).rows);
    const paged: string[] = [];
    for (let next: string | null = ""; next !== null; ) {
      const page: Awaited<ReturnType<typeof list>> = await list(`?limit=1${next && `&before=${next}`}`);
      paged.push(...names(page.rows));
      next = page.next;
    }
    expect(paged).toEqual(all);
    expect(names((await list("?type=daily")).rows)).toEqual(["daily 2026-03-03", "daily 2026-03-02"]);
    expect(names((await list("?start_date=2026-03-03")).rows)).toEqual(["activity e1", "daily 2026-03-03"]);
    expect(names((await list("?end_date=2026-03-01")).rows)).toEqual(["sleep 2026-03-02"]);
    const refused = ["?type=naps", "?before=nowhere", "?start_date=1", `?before=${randomUUID()}`];
    for (const query of refused) {
      const { body } = await admin.get(`/users/${person.id.userId}/records${query}`);
      expect(body.code, query).toBe("REQUEST_INVALID");
    }
  });

  test("have a ledger that says of each field the provider sent where it went", async () => {
    const { status, body } = await admin.get(`/users/${person.id.userId}/records/activity/e1/ledger`);
    const parts = body.parts as {
      resource: string;
      raw_payload_id: string;
      value: { start_time: string };
      leaves: { path: string; fates: { fate: string; to: string[] }[] }[];
    }[];
    expect([status, parts.map(({ resource }) => resource)]).toEqual([200, ["exercise"]]);
    const [exercise] = parts;
    expect(exercise?.value.start_time).toContain("2026-03-04T08:00:00");
    const start = exercise?.leaves.find(({ path }) => path === "start_time");
    expect(start?.fates).toMatchObject([
      { fate: "mapped", to: expect.arrayContaining(["activity.metadata.start_time"]) },
    ]);
    expect(exercise?.leaves.every(({ fates }) => fates.length > 0)).toBe(true);
    const [row] = (await list("?type=activity")).rows;
    expect(row?.raw_payload_ids).toContain(exercise?.raw_payload_id);
  });

  test("are not shown to another environment", async () => {
    const elsewhere = api.about(api.environment);
    const record = "records/sleep/2026-03-02";
    for (const path of ["records", record, `${record}/raw`, `${record}/ledger`]) {
      expect((await elsewhere.get(`/users/${person.id.userId}/${path}`)).body.code).toBe("USER_NOT_FOUND");
    }
  });
});

describe("the bodies a record came from", () => {
  const rawOf = (path: string) => admin.get(path.replace("/admin/v1", ""));

  test("are listed, and each is the provider's bytes", async () => {
    const sleep = (await list("?type=sleep")).rows[0] as Row;
    const { status, body } = await rawOf(sleep.raw);
    expect([status, body]).toMatchObject([200, { type: "sleep", natural_key: "2026-03-02" }]);
    const data = body.data as { id: string; path: string; resource: string; sha256: string }[];
    expect(data.map(({ id }) => id)).toEqual(sleep.raw_payload_ids);
    expect(data.map(({ resource }) => resource)).toEqual(
      expect.arrayContaining(["sleep", "nightly-recharge"]),
    );
    const [night] = data.filter(({ resource }) => resource === "sleep");
    const raw = await rawOf(String(night?.path));
    expect(raw.text).toBe(JSON.stringify(sleepBody));
    expect(raw.headers.get("x-systole-sha256")).toBe(night?.sha256);
    expect(raw.headers.get("content-disposition")).toBe(
      `attachment; filename="polar-sleep-${night?.id}.json"`,
    );
  });

  test("are found for a record with any natural key", async () => {
    const naturalKey = "a/b?c=%2F#ü 100%";
    await api.store.db.transaction().execute((tx) =>
      writeRecord(tx, person.id, {
        type: "body",
        naturalKey,
        summaryId: null,
        mapperVersion: 1,
        json: Buffer.from("{}"),
        summaryJson: "{}",
        startTime: "2020-01-01T00:00:00",
        endTime: null,
        rawPayloadIds: [],
      }),
    );
    const body = (await list("?type=body")).rows[0] as Row;
    expect((await rawOf(body.raw)).body).toMatchObject({ natural_key: naturalKey, data: [] });
    const missing = await rawOf(body.raw.replace("a%2F", "b%2F"));
    expect([missing.status, missing.body.code]).toEqual([404, "RESOURCE_NOT_FOUND"]);
  });

  test("are downloaded with a name that programs know", async () => {
    const fit = Buffer.concat([Buffer.from([14, 16, 0, 0, 0, 0, 0, 0]), Buffer.from(".FIT..")]);
    const id = randomUUID();
    const named = { provider: "polar", resource: "exercise-fit", resourceKey: "e1", rawPayloadId: id };
    const name = (contentType: string | null, body = Buffer.from("x"), key = "e1") =>
      rawFilename({ ...named, resourceKey: key, contentType }, body);
    expect(name("application/octet-stream", fit)).toBe(`polar-exercise-fit-e1-${id}.fit`);
    expect(name("application/vnd.garmin.tcx+xml")).toBe(`polar-exercise-fit-e1-${id}.tcx`);
    expect(name("application/gpx+xml;charset=UTF-8", Buffer.from([0x1f, 0x8b]))).toMatch(/\.gpx\.gz$/);
    expect(name("application/hal+json")).toMatch(/\.json$/);
    expect(name(null)).toMatch(/\.bin$/);
    expect(name("application/x-zip-compressed", Buffer.from(zipOf([])))).toMatch(/\.zip$/);
    expect(name(null, undefined, '../../"x"\r\nSet-Cookie: a=b')).toBe(
      `polar-exercise-fit-x-Set-Cookie-a-b-${id}.bin`,
    );
    expect(name(null, undefined, "*")).toBe(`polar-exercise-fit-${id}.bin`);
  });
});

test("without the operator's token nothing is shown", async () => {
  const url = `${api.url}/admin/v1/users/${person.id.userId}/records`;
  expect((await fetch(url)).status).toBe(401);
});
