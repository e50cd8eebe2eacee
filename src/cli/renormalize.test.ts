/** The command against the real API over HTTP, with a worker. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, type TestEnvironment } from "../../test/support/database.ts";
import { collectingLog } from "../../test/support/delivery.ts";
import { KeptPerson, nextVersion } from "../../test/support/kept-person.ts";
import { parsingOf } from "../../test/support/parsing.ts";
import { activityDay, night } from "../../test/support/polar-bodies.ts";
import { adminToken, startTestApi, type TestApi } from "../api/testing/api.ts";
import { startRenormalizing } from "../ingest/renormalize/worker.ts";
import { runRenormalize } from "./renormalize.ts";
import { progressBar } from "./renormalize-report.ts";

const { log } = collectingLog();
const corrected = nextVersion("daily", (record) => ({
  ...record,
  calories_data: { ...(record.calories_data as object), total_burned_calories: 4_711 },
}));

let api: TestApi;
let stop: () => Promise<void>;
let environment: TestEnvironment;
let person: KeptPerson;
beforeAll(async () => {
  api = await startTestApi();
  stop = await startRenormalizing({
    store: api.store,
    parsing: parsingOf(api.store),
    log,
    providerOf: () => corrected,
  });
});
afterAll(async () => {
  await stop();
  await api.close();
});
beforeEach(async () => {
  environment = await createEnvironment(api.store);
  person = await KeptPerson.connect(api.store, environment);
  await person.keep("activity", "*", [activityDay("2026-03-01"), activityDay("2026-03-02")]);
  await person.keep("sleep", "*", [night("2026-03-02", "2026-03-01")]);
});

async function run(
  args: readonly string[],
  given: { env?: object; signal?: AbortSignal; isTTY?: boolean } = {},
): Promise<{ code: number; out: string; err: string; id: string }> {
  const written = { out: "", err: "" };
  const into = (name: "out" | "err") => ({
    write(text: string) {
      written[name] += text;
    },
  });
  const env = { SYSTOLE_PUBLIC_URL: api.url, SYSTOLE_ADMIN_TOKEN: adminToken, ...given.env };
  const { signal = new AbortController().signal, isTTY = false } = given;
  const terminal = { out: into("out"), err: into("err"), env, signal, isTTY, lookMs: 20 };
  const code = await runRenormalize([...args, "--environment", environment.devId], terminal);
  return { code, ...written, id: /job (\S+)/.exec(written.err)?.[1] ?? "" };
}

describe("systole renormalize", () => {
  it("first says what would differ, then writes it, then finds nothing to do", async () => {
    const dry = await run(["--all", "--dry-run"]);
    expect(dry).toMatchObject({
      code: 0,
      out: [
        "daily: 0 identical, 2 changed, 0 new",
        "sleep: 1 identical, 0 changed, 0 new",
        "",
        "What differs, in how many records:",
        `       2  daily  calories_data.total_burned_calories  changed, e.g. ${person.id.userId} 2026-03-01`,
        "",
        "dry run: nothing was written",
        "",
      ].join("\n"),
    });
    const real = await run(["--type", "daily", "--send-events", "--rate", "500"]);
    expect(real.code).toBe(0);
    expect(real.out).toMatch(/^daily: 0 identical, 2 changed, 0 new\n2 events written\n/);
    const again = await run(["--user", person.id.userId, "--since", "2026-03-02"]);
    expect(again).toMatchObject({ code: 0, out: "daily: 1 identical, 0 changed, 0 new\n" });
  });

  it("shows a bar on a terminal", async () => {
    const { err } = await run(["--all"], { isTTY: true });
    const full = `[${"#".repeat(30)}] 100%  3 of 3 records, 2 of 2 payloads\n`;
    expect(err.split("\r\u001b[K").at(-1)).toBe(full);
    const progress = { phase: "records", records: 1, records_total: 3, payloads: 0, payloads_total: 1 };
    expect(progressBar({ state: "running", progress } as never)).toBe(
      "[#######-----------------------] 25%  1 of 3 records, 0 of 1 payloads",
    );
  });

  it("leaves the job running when it is stopped, and says how to watch it again", async () => {
    const left = await run(["--all", "--rate", "0.5"], { signal: AbortSignal.abort() });
    expect([left.code, left.out]).toEqual([130, ""]);
    expect(left.err).toContain(`--watch ${left.id}; to stop it: --cancel ${left.id}`);
    expect(await run(["--cancel", left.id])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^cancelled/),
    });
    const cancelled = await run(["--watch", left.id]);
    expect(cancelled).toMatchObject({ code: 3, err: expect.stringContaining(`--resume ${left.id}`) });
    const gone = await run(["--resume", left.id], { signal: AbortSignal.abort() });
    expect(gone.code).toBe(130);
    await run(["--cancel", left.id]);
  });
});

describe("what goes wrong", () => {
  it.each([
    [[], "say which: --all"],
    [["--dry-run"], "say which: --all"],
    [["--all", "--rate", "fast"], "--rate fast"],
    [["--all", "--rate", "0"], "--rate 0"],
    [["--since", "6h"], "--since 6h is no day"],
    [["--until", "noon"], "--until noon"],
    [["--watch", "x", "--all"], "--watch does not go with --all"],
    [["--watch", "x", "--cancel", "y"], "--watch does not go with --cancel"],
    [["--everything"], "--everything"],
    [["--all", "--url", "nowhere"], "nowhere is no address"],
  ])("on the command line is reported with the help: %j", async (args, problem) => {
    const { code, out, err } = await run(args);
    expect([code, out]).toEqual([2, ""]);
    expect(err.split("\n")[0]).toContain(problem);
    expect(err).toContain("--send-events");
  });

  it("at the server is shown in the server's words", async () => {
    expect((await run(["--type", "naps"])).err).toContain("(REQUEST_INVALID)");
    const unknown = await run(["--watch", person.id.userId]);
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining("(RESOURCE_NOT_FOUND)")]);
    const away = await run(["--all", "--url", "http://127.0.0.1:9"]);
    expect([away.code, away.err]).toEqual([1, expect.stringContaining("Nobody answers")]);
  });

  it("is nothing when help is requested", async () => {
    const { code, out, err } = await run(["--help"], { env: { SYSTOLE_ADMIN_TOKEN: "" } });
    expect([code, err]).toEqual([0, ""]);
    for (const option of ["--rate", "--watch", "SYSTOLE_ADMIN_TOKEN"]) expect(out).toContain(option);
  });
});
