/** The FHIR server over HTTP, with records of two environments. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEnvironment, type TestEnvironment } from "../../../test/support/database.ts";
import { examples } from "../../models/examples.fixture.ts";
import type { Connection } from "../../store/connections.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";
import { activity, connect, keep } from "../testing/data.ts";

let api: TestApi;
let other: TestEnvironment;
let connection: Connection;

beforeAll(async () => {
  api = await startTestApi();
  other = await createEnvironment(api.store);
  connection = await connect(api.store, api.environment, { referenceId: "me" });
  for (const day of [1, 2, 3]) {
    const run = activity(`2025-10-0${day}T08:00:00.000000+02:00`, 5, `run-${day}`);
    await keep(api.store, connection, "activity", run);
  }
  // A key that is no plain text, and two records that name one device.
  for (const [day, id] of [
    [4, "läuft/日 1"],
    [5, "run-5"],
  ] as const) {
    const run = activity(`2025-10-0${day}T08:00:00.000000+02:00`, 5, id);
    const device_data = { name: "Vantage", manufacturer: "Polar", last_upload_date: `2025-10-0${day}` };
    await keep(api.store, connection, "activity", { ...run, device_data });
  }
});
afterAll(() => api.close());

interface Resource {
  readonly resourceType: string;
  readonly id: string;
  readonly effectiveDateTime?: string;
  readonly effectivePeriod?: { readonly start: string };
}

interface Searchset {
  readonly total?: number;
  readonly link: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly {
    readonly fullUrl: string;
    readonly resource: Resource;
    readonly search?: { readonly mode: string };
  }[];
}

async function read(path: string): Promise<Searchset> {
  const { status, headers, body } = await api.call(path);
  expect([status, headers.get("content-type")]).toEqual([200, "application/fhir+json; charset=utf-8"]);
  return body as unknown as Searchset;
}

/** Follows the links to the end. */
async function readAll(path: string): Promise<Resource[]> {
  const found: Resource[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const { entry = [], link }: Searchset = await read(next);
    found.push(...entry.map(({ resource }) => resource));
    next = link.find(({ relation }) => relation === "next")?.url.slice(api.url.length);
  }
  return found;
}

const ids = (resources: readonly Resource[]) => resources.map(({ id }) => id);
const observations = (query = "") => `/fhir/Observation?patient=${connection.user_id}${query}`;

test("the CapabilityStatement and the definitions need no credentials", async () => {
  const paths = ["metadata", "CodeSystem/systole", "StructureDefinition/local-time"];
  const types: unknown[] = [];
  for (const path of paths) {
    const answer = await fetch(`${api.url}/fhir/${path}`);
    types.push(((await answer.json()) as Resource).resourceType);
  }
  expect(types).toEqual(["CapabilityStatement", "CodeSystem", "StructureDefinition"]);
});

describe("a Patient", () => {
  test("has the user_id as its id, and is found by either identifier", async () => {
    const { body } = await api.call(`/fhir/Patient/${connection.user_id}`);
    expect(body).toMatchObject({ resourceType: "Patient", id: connection.user_id });
    const [own, reference] = body.identifier as { system: string; value: string }[];
    for (const query of [`${own?.system}|${own?.value}`, `${reference?.system}|me`, "me"]) {
      const found = await readAll(`/fhir/Patient?identifier=${encodeURIComponent(query)}`);
      expect(ids(found), query).toEqual([connection.user_id]);
    }
    expect(await read(`/fhir/Patient?identifier=${encodeURIComponent(`${own?.system}|me`)}`)).toMatchObject({
      total: 0,
    });
  });

  test("has a birth date only where the environment wants one", async () => {
    const person = await connect(api.store, other);
    await keep(api.store, person, "athlete", examples.athlete);
    const patient = async () => {
      const patients = [
        (await api.call(`/fhir/Patient/${person.user_id}`, { as: other })).body,
        (await api.call(`/v2/athlete?user_id=${person.user_id}&format=fhir`, { as: other })).body,
        (
          await api.admin(
            `/admin/v1/users/${person.user_id}/records/athlete/athlete/fhir?environment=${other.devId}`,
          )
        ).body,
      ];
      return patients.map((one) => /"birthDate":"([^"]*)"/.exec(JSON.stringify(one))?.[1]);
    };
    expect(await patient()).toEqual([undefined, undefined, undefined]);
    const change = { method: "PATCH", json: { fhir_birth_date: true } };
    const changed = await api.admin(`/admin/v1/environments/${other.devId}`, change);
    expect([changed.status, changed.body.fhir_birth_date]).toEqual([200, true]);
    const born = examples.athlete.date_of_birth;
    expect(await patient()).toEqual([born, born, born]);
  });

  test("with everything is the same at any size of a page, and each reference is in it", async () => {
    const path = `/fhir/Patient/${connection.user_id}/$everything`;
    const whole = await readAll(path);
    for (const count of [1, 2, 7]) expect(ids(await readAll(`${path}?_count=${count}`))).toEqual(ids(whole));
    const named = new Set(whole.map(({ resourceType, id }) => `${resourceType}/${id}`));
    const references = [...JSON.stringify(whole).matchAll(/"reference":"([^"]*)"/g)].map(([, one]) => one);
    expect(references.length).toBeGreaterThan(0);
    expect(references.filter((one) => !named.has(String(one)))).toEqual([]);
  });
});

test("everything of some days is what their records have", async () => {
  const everything = `/fhir/Patient/${connection.user_id}/$everything`;
  const of = async (query: string) =>
    (await readAll(`${everything}?${query}`)).filter(({ resourceType }) => resourceType === "Observation");
  const days = async (query: string) => [
    ...new Set(
      (await of(query)).map(({ effectiveDateTime: at, effectivePeriod: span }) =>
        (at ?? span?.start)?.slice(0, 10),
      ),
    ),
  ];
  expect((await days("start=2025-10-02&end=2025-10-03&_count=3")).toSorted()).toEqual([
    "2025-10-02",
    "2025-10-03",
  ]);
  expect((await days("start=2025-10-05")).toSorted()).toEqual(["2025-10-05"]);
  expect(await days("end=2025-09-30")).toEqual([]);
  expect((await api.call(`${everything}?start=soon`)).status).toBe(400);
});

describe("Observations", () => {
  test("are found by code and by date, page by page", async () => {
    const all = await readAll(observations());
    expect(new Set(all.map(({ resourceType }) => resourceType))).toEqual(new Set(["Observation"]));
    expect(ids(await readAll(observations("&_count=1")))).toEqual(ids(all));
    const days = (found: readonly Resource[]) =>
      new Set(
        found.map(({ effectiveDateTime: at, effectivePeriod: span }) => (at ?? span?.start)?.slice(0, 10)),
      );
    expect(days(await readAll(observations("&date=2025-10-02")))).toEqual(new Set(["2025-10-02"]));
    expect(days(await readAll(observations("&date=ge2025-10-02&date=lt2025-10-03")))).toEqual(
      new Set(["2025-10-02"]),
    );
    const hearts = await readAll(observations("&code=http://loinc.org|8867-4"));
    expect(hearts.length).toBeGreaterThan(0);
    expect(hearts.length).toBeLessThan(all.length);
    expect(await readAll(observations("&code=none"))).toEqual([]);
  });

  test("and Devices are read one by one by the ids that searches give, and only by their environment", async () => {
    const everything = await readAll(`/fhir/Patient/${connection.user_id}/$everything`);
    const types = new Set(everything.map(({ resourceType }) => resourceType));
    expect(types).toEqual(new Set(["Patient", "Device", "Observation"]));
    for (const resource of everything) {
      expect(resource.id).toMatch(/^[A-Za-z0-9.-]{1,64}$/);
      const path = `/fhir/${resource.resourceType}/${resource.id}`;
      expect((await api.call(path)).body).toEqual(resource);
      expect((await api.call(path, { as: other })).status, path).toBe(404);
    }
  });

  test("that are in no record are not found", async () => {
    const everything = await readAll(`/fhir/Patient/${connection.user_id}/$everything`);
    for (const { resourceType, id } of everything.filter(({ id }) => id !== connection.user_id)) {
      const changed = `${id.slice(0, -1)}${id.endsWith("0") ? "1" : "0"}`;
      expect((await api.call(`/fhir/${resourceType}/${changed}`)).status).toBe(404);
      const wrongType = resourceType === "Device" ? "Observation" : "Device";
      expect((await api.call(`/fhir/${wrongType}/${id}`)).status).toBe(404);
    }
  });

  test("of another environment's Patient are none, and that Patient is not found", async () => {
    const { status, body } = await api.call(observations(), { as: other });
    expect([status, body.entry]).toEqual([200, undefined]);
    for (const path of ["", "/$everything"]) {
      const answer = await api.call(`/fhir/Patient/${connection.user_id}${path}`, { as: other });
      expect(answer.status).toBe(404);
    }
    expect((await api.call("/fhir/Patient?identifier=me", { as: other })).body.total).toBe(0);
  });
});

test.each([
  ["Patient/none", 404, "USER_NOT_FOUND"],
  ["Observation/none", 404, "RESOURCE_NOT_FOUND"],
  ["Device/none", 404, "RESOURCE_NOT_FOUND"],
  ["Medication", 404, "ROUTE_NOT_FOUND"],
  ["Observation", 400, "REQUEST_INVALID"],
  ["Observation?patient=x&date=soon", 400, "REQUEST_INVALID"],
  ["Observation?patient=x&code=|", 400, "REQUEST_INVALID"],
  ["Observation?patient=x&subject=y", 400, "REQUEST_INVALID"],
  ["Patient?_count=0", 400, "REQUEST_INVALID"],
  ["Patient?_count=1001", 400, "REQUEST_INVALID"],
  ["Patient?_page=x", 400, "REQUEST_INVALID"],
  ["Patient?_format=xml", 400, "REQUEST_INVALID"],
])("%s is answered with an OperationOutcome", async (path, status, text) => {
  const answer = await api.call(`/fhir/${path}`);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([
    status,
    "application/fhir+json; charset=utf-8",
  ]);
  expect(answer.body).toMatchObject({ resourceType: "OperationOutcome", issue: [{ details: { text } }] });
});

test("a place in the pages that is none is refused", async () => {
  const { status } = await api.call(observations("&_page=none"));
  expect(status).toBe(400);
});

test("without credentials only an OperationOutcome is answered", async () => {
  const answer = await fetch(`${api.url}/fhir/Patient`);
  expect(answer.status).toBe(401);
  expect(answer.headers.get("www-authenticate")).toMatch(/^Basic /);
  expect(await answer.json()).toMatchObject({ issue: [{ code: "login" }] });
});

test("Basic authentication has the dev-id as user and the API key as password", async () => {
  const { devId, apiKey } = api.environment;
  const ask = (given: string) => {
    const authorization = `Basic ${Buffer.from(given).toString("base64")}`;
    return fetch(`${api.url}/fhir/Patient?identifier=me`, { headers: { authorization } });
  };
  expect(await (await ask(`${devId}:${apiKey}`)).json()).toMatchObject({ total: 1 });
  for (const given of [`${devId}:wrong`, `${devId}:`, devId, "", `${devId}:${other.apiKey}`])
    expect((await ask(given)).status, given).toBe(401);
  const headers = { authorization: `Basic ${devId}:${apiKey}` };
  expect((await fetch(`${api.url}/fhir/Patient`, { headers })).status).toBe(401);
});

test("nothing is written, whatever its type", async () => {
  for (const type of ["application/fhir+json", "application/json", "text/plain"]) {
    const answer = await api.call("/fhir/Patient", {
      method: "POST",
      body: "{",
      headers: { "content-type": type },
    });
    expect([answer.status, answer.body.resourceType]).toEqual([404, "OperationOutcome"]);
  }
  const large = await api.call("/fhir/Patient", {
    method: "POST",
    body: "x".repeat(2 * 1_024 * 1_024),
    headers: { "content-type": "application/fhir+json" },
  });
  expect([large.status, large.body.resourceType]).toEqual([413, "OperationOutcome"]);
});

test("pages of Patients repeat and lose nobody while people come and go", async () => {
  const environment = await createEnvironment(api.store);
  const people = async (count: number) => {
    const made = await Promise.all(Array.from({ length: count }, () => connect(api.store, environment)));
    return made.map(({ user_id: id }) => id);
  };
  const before = await people(6);
  const page = async (path: string) => {
    const { body } = await api.call(path, { as: environment });
    const { link, entry = [], total } = body as unknown as Searchset;
    const next = link.find(({ relation }) => relation === "next")?.url.slice(api.url.length);
    return { ids: entry.map(({ resource }) => resource.id), next, total };
  };
  const first = await page("/fhir/Patient?_count=2");
  expect([first.ids.length, first.total]).toEqual([2, 6]);
  for (const id of first.ids)
    await api.store.db.deleteFrom("connections").where("user_id", "=", id).execute();
  const later = await people(3);
  const found = [...first.ids];
  for (let next = first.next; next !== undefined; ) {
    const more = await page(next);
    found.push(...more.ids);
    next = more.next;
  }
  expect(new Set(found).size).toBe(found.length);
  expect(before.filter((id) => !found.includes(id))).toEqual([]);
  expect(found.filter((id) => !before.includes(id) && !later.includes(id))).toEqual([]);
});

test("pages of Observations repeat and lose nothing that stays in a record that changes", async () => {
  const person = await connect(api.store, api.environment);
  const run = activity("2025-11-01T08:00:00.000000+01:00", 5, "changing");
  const rich = {
    ...run,
    calories_data: { total_burned_calories: 500, net_activity_calories: 400 },
    distance_data: { summary: { distance_meters: 10_000, steps: 9_000 } },
    power_data: { avg_watts: 200, max_watts: 400 },
  };
  const { heart_rate_data: _, ...poor } = rich;
  await keep(api.store, person, "activity", rich);
  const path = `/fhir/Observation?patient=${person.user_id}`;
  const whole = ids(await readAll(path));
  expect(whole.length).toBeGreaterThan(5);
  const found: string[] = [];
  let isRich = true;
  for (let next: string | undefined = `${path}&_count=2`; next !== undefined; ) {
    const { entry = [], link }: Searchset = await read(next);
    found.push(...entry.map(({ resource }) => resource.id));
    next = link.find(({ relation }) => relation === "next")?.url.slice(api.url.length);
    // Between two pages the record has more, or less.
    isRich = !isRich;
    await keep(api.store, person, "activity", isRich ? rich : poor);
  }
  await keep(api.store, person, "activity", poor);
  const stayed = ids(await readAll(path));
  expect(new Set(found).size).toBe(found.length);
  expect(stayed.filter((id) => !found.includes(id))).toEqual([]);
  expect(stayed.length).toBeLessThan(whole.length);
});

test("a Patient is named by its id, with its type, or by its whole address", async () => {
  const { user_id: id } = connection;
  const of = async (patient: string) =>
    ids(await readAll(`/fhir/Observation?patient=${encodeURIComponent(patient)}`));
  const expected = await of(id);
  expect(expected.length).toBeGreaterThan(0);
  expect(await of(`Patient/${id}`)).toEqual(expected);
  expect(await of(`${api.url}/fhir/Patient/${id}`)).toEqual(expected);
  expect(await of(`https://other.example/fhir/Patient/${id}`)).toEqual([]);
  expect(await of(`${api.url}/fhir/Device/${id}`)).toEqual([]);
});

test("everything includes the Devices on its first page, whatever its size", async () => {
  const { entry = [] } = await read(`/fhir/Patient/${connection.user_id}/$everything?_count=1`);
  const modes = entry.map(({ resource, search }) => `${resource.resourceType} ${search?.mode}`);
  expect(modes).toEqual(["Patient match", "Device include"]);
});
