/** Reads in FHIR and FIT, over REST and of single records. */
import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import yauzl from "yauzl";
import { examples } from "../../models/examples.fixture.ts";
import type { Connection } from "../../store/connections.ts";
import { keepRawPayload } from "../../store/raw-payloads.ts";
import { adminToken, startTestApi, type TestApi } from "../testing/api.ts";
import { activity, connect, keep } from "../testing/data.ts";

let api: TestApi;
let connection: Connection;
const original = Buffer.concat([
  Buffer.from([14, 32, 0, 0, 0, 0, 0, 0]),
  Buffer.from(".FIT"),
  Buffer.alloc(4),
]);

/** A run whose heart rate is sampled each second, so that each format can express all of it. */
function run(day: number, id: string): ReturnType<typeof activity> {
  const at = (second: number) => `2025-10-0${day}T08:00:0${second}.000000+02:00`;
  const hr_samples = [0, 1, 2, 3, 4].map((second) => ({ timestamp: at(second), bpm: 60 + second }));
  return { ...activity(at(0), 5, id), heart_rate_data: { detailed: { hr_samples } } };
}

beforeAll(async () => {
  api = await startTestApi();
  connection = await connect(api.store, api.environment, { referenceId: "me" });
  for (const day of [1, 2]) await keep(api.store, connection, "activity", run(day, `run-${day}`));
  await keep(api.store, connection, "nutrition", examples.nutrition);
  await keep(api.store, connection, "athlete", examples.athlete);
});
afterAll(() => api.close());

const headers = () => ({ "dev-id": api.environment.devId, "x-api-key": api.environment.apiKey });
const read = (type: string, query: string) =>
  fetch(`${api.url}/v2/${type}?user_id=${connection.user_id}&${query}`, { headers: headers() });
const both = "start_date=2025-10-01&end_date=2025-10-02";

const file = (path: string, { user_id } = connection) =>
  fetch(
    `${api.url}/admin/v1/users/${user_id}/records/${path}${path.includes("?") ? "&" : "?"}environment=${api.environment.devId}`,
    { headers: { authorization: `Bearer ${adminToken}` } },
  );

interface Searchset {
  readonly type: string;
  readonly total: number;
  readonly link: unknown;
  readonly entry?: readonly {
    readonly fullUrl: string;
    readonly resource: { readonly id: string; readonly resourceType: string };
    readonly search: { readonly mode: string };
  }[];
}

describe("format=fhir", () => {
  test("answers with a searchset, whatever to_webhook says", async () => {
    const answer = await read("activity", `${both}&format=fhir`);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/fhir+json"]);
    const { type, total, link, entry = [] } = (await answer.json()) as Searchset;
    const matches = entry.filter(({ search }) => search.mode === "match");
    expect([type, total]).toEqual(["searchset", matches.length]);
    const self = `${api.url}/v2/activity?user_id=${connection.user_id}&${both}&format=fhir`;
    expect(link).toEqual([{ relation: "self", url: self }]);
    expect(new Set(matches.map(({ resource }) => resource.resourceType))).toEqual(new Set(["Observation"]));
    expect(entry.filter(({ resource }) => resource.resourceType === "Patient")).toHaveLength(1);
    for (const { fullUrl, resource } of entry)
      expect(fullUrl).toBe(`${api.url}/fhir/${resource.resourceType}/${resource.id}`);
  });

  test("has the resources that the FHIR server answers, and each reference is one of them", async () => {
    const { entry = [] } = (await (await read("activity", `${both}&format=fhir`)).json()) as Searchset;
    const ids = entry.map(({ resource }) => `${resource.resourceType}/${resource.id}`);
    const references = [...JSON.stringify(entry).matchAll(/"reference":"([^"]*)"/g)].map(([, one]) => one);
    expect(references.length).toBeGreaterThan(0);
    expect(references.filter((one) => !ids.includes(String(one)))).toEqual([]);
    for (const { fullUrl, resource } of entry)
      expect(await (await fetch(fullUrl, { headers: headers() })).json()).toEqual(resource);
  });

  test("with samples has more than without", async () => {
    const count = async (query: string) =>
      ((await (await read("activity", query)).json()) as Searchset).total;
    const whole = await count(`${both}&format=fhir`);
    expect(await count(`${both}&format=fhir&with_samples=false`)).toBeLessThan(whole);
  });

  test("of days without records is an empty searchset", async () => {
    const answer = await read("activity", "start_date=2020-01-01&end_date=2020-01-02&format=fhir");
    const self = `${api.url}/v2/activity?user_id=${connection.user_id}&start_date=2020-01-01&end_date=2020-01-02&format=fhir`;
    const link = [{ relation: "self", url: self }];
    expect(await answer.json()).toEqual({ resourceType: "Bundle", type: "searchset", total: 0, link });
  });

  test("of a profile has the Patient as the match", async () => {
    const { total, entry = [] } = (await (await read("athlete", "format=fhir")).json()) as Searchset;
    expect([total, entry.map(({ resource }) => resource.resourceType)]).toEqual([1, ["Patient"]]);
  });
});

describe("format=fit", () => {
  test("answers with one file, or with several as a ZIP file", async () => {
    const one = await read("activity", "start_date=2025-10-01&end_date=2025-10-01&format=fit");
    expect(one.headers.get("content-type")).toBe("application/vnd.ant.fit");
    expect(one.headers.get("content-disposition")).toBe('attachment; filename="activity.fit"');
    const body = Buffer.from(await one.arrayBuffer());
    expect(body.subarray(8, 12).toString("latin1")).toBe(".FIT");
    const several = await read("activity", `${both}&format=fit`);
    expect(several.headers.get("content-type")).toBe("application/zip");
    const zip = await yauzl.fromBufferPromise(Buffer.from(await several.arrayBuffer()));
    const names: string[] = [];
    for await (const { fileName } of zip.eachEntry()) names.push(fileName);
    expect(names).toEqual(["activity-run-1.fit", "activity-run-2.fit"]);
  });

  test("of a data type without such a form is refused", async () => {
    const answer = await read("athlete", "format=fit");
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: "FORMAT_LACKS_DATA_TYPE", details: { format: "fit" } });
    expect((await read("athlete", "format=fit&original=true")).status).toBe(400);
  });
});

test("a range that is too large for one answer is refused before it is read", async () => {
  const owner = await connect(api.store, api.environment);
  for (const day of [1, 2]) await keep(api.store, owner, "activity", run(day, `long-${day}`));
  await api.store.db
    .updateTable("records")
    .set({ detailed_bytes: 100_000_000 })
    .where("user_id", "=", owner.user_id)
    .execute();
  const read = (query: string) =>
    fetch(`${api.url}/v2/activity?user_id=${owner.user_id}&${both}&${query}`, { headers: headers() });
  for (const format of ["fhir", "fit"]) {
    const answer = await read(`format=${format}&with_samples=true`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      code: "FORMAT_RANGE_TOO_LARGE",
      details: { limit_bytes: 134_217_728 },
    });
  }
  expect((await read("format=fhir&with_samples=false")).status).toBe(200);
});

test("what could not be expressed is named in headers, and in FHIR in an OperationOutcome", async () => {
  const owner = await connect(api.store, api.environment);
  const broken = { ...run(1, "läuft"), active_durations_data: { activity_seconds: -5 } };
  await keep(api.store, owner, "activity", broken);
  const of = (query: string) =>
    fetch(`${api.url}/v2/activity?user_id=${owner.user_id}&start_date=2025-10-01${query}`, {
      headers: headers(),
    });
  const named = { record: "läuft", field: "active_durations_data.activity_seconds" };
  const leftOut = (answer: Response) => JSON.parse(answer.headers.get("x-systole-left-out") ?? "[]");
  for (const format of ["fhir", "fit"]) {
    const answer = await of(`&format=${format}`);
    expect(leftOut(answer)).toMatchObject([named]);
    expect(answer.headers.get("x-systole-left-out-total")).toBe("1");
    expect(leftOut(await file(`activity/l%C3%A4uft/${format}`, owner))).toMatchObject([named]);
  }
  const { entry = [] } = (await (await of("&format=fhir")).json()) as Searchset;
  expect(entry.at(-1)).toMatchObject({
    search: { mode: "outcome" },
    resource: {
      resourceType: "OperationOutcome",
      issue: [{ diagnostics: "active_durations_data.activity_seconds of läuft is left out: is below zero" }],
    },
  });
  expect(leftOut(await read("activity", `${both}&format=fhir`))).toEqual([]);
});

test("format=terra is the usual answer, and an unknown format is refused with those there are", async () => {
  const usual = await read("activity", `${both}&to_webhook=false`);
  const named = await read("activity", `${both}&to_webhook=false&format=terra`);
  expect(await named.text()).toBe(await usual.text());
  const unknown = await read("activity", `${both}&format=tcx`);
  expect(unknown.status).toBe(400);
  expect(await unknown.json()).toMatchObject({
    code: "FORMAT_UNKNOWN",
    details: { format: "tcx", formats: ["terra", "fhir", "fit"] },
  });
});

describe("one record as a file", () => {
  test("is what a destination gets", async () => {
    const fhir = await file("activity/run-1/fhir");
    expect([fhir.status, fhir.headers.get("content-type")]).toEqual([200, "application/fhir+json"]);
    expect(await fhir.json()).toMatchObject({ resourceType: "Bundle", type: "transaction" });
    const fit = await file("activity/run-1/fit");
    expect(fit.headers.get("content-disposition")).toBe('attachment; filename="activity-run-1.fit"');
  });

  test("is refused where there is no such record, format or form", async () => {
    expect((await file("activity/run-9/fit")).status).toBe(404);
    expect((await file("activity/run-1/tcx")).status).toBe(400);
    expect((await file("nutrition/2026-03-01/fit")).status).toBe(400);
  });
});

describe("original=true", () => {
  test("gives the provider's own file, byte for byte, where it sent one", async () => {
    const owner = await connect(api.store, api.environment);
    const sent = gzipSync(original);
    for (const [day, body] of [
      [1, original],
      [2, sent],
      [3, Buffer.from("{}")],
    ] as const) {
      await keepMadeOf(owner, `2025-10-0${day}T08:00:00.000000+02:00`, `run-${day}`, body);
    }
    const ask = (query: string) =>
      fetch(`${api.url}/v2/activity?user_id=${owner.user_id}&format=fit&original=true&${query}`, {
        headers: headers(),
      });
    for (const day of [1, 2]) {
      const answer = await ask(`start_date=2025-10-0${day}&end_date=2025-10-0${day}`);
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(original);
    }
    const all = await ask("start_date=2025-10-01&end_date=2025-10-03");
    const zip = await yauzl.fromBufferPromise(Buffer.from(await all.arrayBuffer()));
    expect(zip.entryCount).toBe(2);
    const one = await file("activity/run-1/fit?original=true", owner);
    expect(Buffer.from(await one.arrayBuffer())).toEqual(original);
    expect((await file("activity/run-3/fit?original=true", owner)).status).toBe(404);
  });
});

/** Keeps a record that was made of a body. */
async function keepMadeOf(owner: Connection, start: string, summaryId: string, body: Buffer): Promise<void> {
  const id = { environmentId: owner.environment_id, userId: owner.user_id };
  const rawPayloadId = await keepRawPayload(api.store.db, {
    resource: "exercise-fit",
    key: summaryId,
    connection: id,
    provider: "polar",
    request: { method: "GET", path: `/${summaryId}/fit` },
    response: { status: 200, contentType: "*/*", body },
    taskId: randomUUID(),
  });
  await keep(api.store, owner, "activity", activity(start, 5, summaryId));
  await api.store.db
    .updateTable("records")
    .set({ raw_payload_ids: [rawPayloadId] })
    .where("user_id", "=", owner.user_id)
    .where("natural_key", "=", summaryId)
    .execute();
}
