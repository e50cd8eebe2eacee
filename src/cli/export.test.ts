/** The export against a real server, also when it is stopped half-way. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminToken, startTestApi, type TestApi } from "../api/testing/api.ts";
import { activity, connect, keep } from "../api/testing/data.ts";
import { runExport } from "./export.ts";

let api: TestApi;
let directory: string;
let users: string[];

beforeAll(async () => {
  api = await startTestApi();
  directory = mkdtempSync(path.join(os.tmpdir(), "systole-export-"));
  const people = [await connect(api.store, api.environment), await connect(api.store, api.environment)];
  users = people.map(({ user_id: id }) => id);
  for (const person of people) {
    for (const day of [1, 2]) {
      const run = activity(`2025-10-0${day}T08:00:00.000000+02:00`, 5, `run-${day}`);
      await keep(api.store, person, "activity", run);
    }
  }
});
afterAll(async () => {
  await api.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Runs the command; `stopAfter` progress lines it gets Ctrl-C. */
async function run(args: readonly string[], stopAfter = Number.POSITIVE_INFINITY) {
  const ending = new AbortController();
  let lines = 0;
  let shown = "";
  const { devId, apiKey } = api.environment;
  const code = await runExport(args, {
    out: { write: (text) => (shown += text) },
    err: {
      write(text) {
        shown += text;
        lines += 1;
        if (lines >= stopAfter) ending.abort();
      },
    },
    env: { SYSTOLE: api.url, DEV_ID: devId, API_KEY: apiKey, ADMIN_TOKEN: adminToken },
    signal: ending.signal,
  });
  return { code, shown };
}

const folder = (name: string): string => path.join(directory, name);
const lines = (name: string): string[] => readFileSync(folder(name), "utf8").trimEnd().split("\n");
const fhir = (name: string) => ["--format", "fhir-ndjson", "--out", folder(name)];

test("FHIR: one file a resource type, a resource a line, each once", async () => {
  expect((await run(fhir("all"))).code).toBe(0);
  const patients = lines("all/Patient.ndjson").map((line) => JSON.parse(line) as { id: string });
  expect(patients.map(({ id }) => id).toSorted()).toEqual(users.toSorted());
  const observations = lines("all/Observation.ndjson");
  expect(new Set(observations).size).toBe(observations.length);
});

test("FHIR: stopped and begun again, with half a step written, is the same", async () => {
  await run(fhir("whole"));
  expect((await run(fhir("stopped"), 1)).code).toBe(130);
  writeFileSync(folder("stopped/Observation.ndjson"), '{"half":', { flag: "a" });
  expect((await run(fhir("stopped"))).code).toBe(0);
  for (const file of ["Patient.ndjson", "Observation.ndjson"])
    expect(lines(`stopped/${file}`)).toEqual(lines(`whole/${file}`));
  const again = await run(fhir("stopped"));
  expect([again.code, lines("stopped/Observation.ndjson")]).toEqual([0, lines("whole/Observation.ndjson")]);
});

test("FIT: a folder of files for the user", async () => {
  const [user = ""] = users;
  const args = ["--format", "fit", "--out", folder("fit"), "--environment", api.environment.devId];
  expect((await run([...args, "--user", user])).code).toBe(0);
  expect(readdirSync(folder(`fit/${user}`)).toSorted()).toEqual(["activity-run-1.fit", "activity-run-2.fit"]);
});

const fileArgs = (format: string, name: string) => [
  ...["--format", format, "--out", folder(name), "--environment", api.environment.devId],
  ...["--user", users[0] ?? ""],
];

test("JSON: each record as REST answers it", async () => {
  const [user = ""] = users;
  expect((await run(fileArgs("json", "json"))).code).toBe(0);
  const files = readdirSync(folder(`json/${user}`)).toSorted();
  expect(files).toEqual(["activity-run-1.json", "activity-run-2.json"]);
  const path = `/v2/activity?user_id=${user}&start_date=2025-10-01&end_date=2025-10-02&to_webhook=false&with_samples=true`;
  const { data } = (await api.call(path)).body as { data: unknown[] };
  expect(files.map((file) => JSON.parse(lines(`json/${user}/${file}`).join("")))).toEqual(data);
});

test.each(["fit", "json"])("%s: only the days that were asked for", async (format) => {
  const name = `${format}-day`;
  expect(
    (await run([...fileArgs(format, name), "--since", "2025-10-02", "--until", "2025-10-02"])).code,
  ).toBe(0);
  expect(readdirSync(folder(`${name}/${users[0]}`))).toEqual([`activity-run-2.${format}`]);
  const other = await run([...fileArgs(format, name), "--since", "2025-10-01"]);
  expect([other.code, other.shown]).toEqual([2, expect.stringContaining("another export")]);
});

test("FHIR: only the days that were asked for", async () => {
  expect((await run([...fhir("fhir-day"), "--since", "2025-10-02"])).code).toBe(0);
  const text = readFileSync(folder("fhir-day/Observation.ndjson"), "utf8");
  expect([text.includes("2025-10-02T08:00:00"), text.includes("2025-10-01")]).toEqual([true, false]);
});

test("an export that was stopped before its first step is already the folder's only one", async () => {
  const [user = ""] = users;
  const broken = await run([...fhir("first"), "--user", "00000000-0000-4000-8000-000000000000"]);
  expect(broken.code).toBe(1);
  const other = await run([...fhir("first"), "--user", user]);
  expect([other.code, other.shown]).toEqual([2, expect.stringContaining("another export")]);
});

test("a folder with files of others is left as it is", async () => {
  mkdirSync(folder("others"));
  writeFileSync(folder("others/Patient.ndjson"), "theirs");
  const refused = await run(fhir("others"));
  expect([refused.code, refused.shown]).toEqual([2, expect.stringContaining("no state of an export")]);
  expect(readdirSync(folder("others"))).toEqual(["Patient.ndjson"]);
  rmSync(folder("others/Patient.ndjson"));
  // A state of which only the half was written.
  writeFileSync(folder("others/systole-export.json.part"), "{");
  expect((await run(fhir("others"))).code).toBe(0);
});

test("an export that has begun does not go on with another list of users", async () => {
  expect((await run(fhir("list"), 1)).code).toBe(130);
  rmSync(folder("list/systole-users.txt"));
  const refused = await run(fhir("list"));
  expect([refused.code, refused.shown]).toEqual([2, expect.stringContaining("systole-users.txt")]);
});

test("refuses what it cannot do", async () => {
  expect((await run([...fhir("none"), "--since", "7d"])).code).toBe(2);
  expect((await run(["--format", "csv", "--out", folder("none")])).code).toBe(2);
  expect((await run(["--format", "fit"])).code).toBe(2);
  await run(fhir("one"));
  const other = await run([...fhir("one"), "--user", users[0] ?? ""]);
  expect([other.code, other.shown]).toEqual([2, expect.stringContaining("another export")]);
  const unknown = await run([...fhir("unknown"), "--user", "00000000-0000-4000-8000-000000000000"]);
  expect([unknown.code, unknown.shown]).toEqual([1, expect.stringContaining("USER_NOT_FOUND")]);
});
