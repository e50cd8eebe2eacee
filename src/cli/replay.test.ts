/** The command against the real API over HTTP. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, type TestEnvironment } from "../../test/support/database.ts";
import { listDeliveries } from "../../test/support/deliveries.ts";
import { createWebhook, emit, newEvent } from "../../test/support/delivery.ts";
import { adminToken, startTestApi, type TestApi } from "../api/testing/api.ts";
import { runReplay } from "./replay.ts";

let api: TestApi;
let environment: TestEnvironment;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  environment = await createEnvironment(api.store);
});

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(
  args: readonly string[],
  given: { env?: object; signal?: AbortSignal } = {},
): Promise<Run> {
  const written = { out: "", err: "" };
  const into = (name: "out" | "err") => ({
    write(text: string) {
      written[name] += text;
    },
  });
  const env = { SYSTOLE_PUBLIC_URL: api.url, SYSTOLE_ADMIN_TOKEN: adminToken, ...given.env };
  const { signal = new AbortController().signal } = given;
  const all = [...args, "--environment", environment.devId];
  const code = await runReplay(all, { out: into("out"), err: into("err"), env, signal });
  return { code, ...written };
}

const webhook = (types: readonly string[] | null = null) =>
  createWebhook(api.store, environment.environmentId, "http://127.0.0.1:9/", types);
const emitted = (count: number, given: object = {}) =>
  emit(
    api.store,
    Array.from({ length: count }, () => newEvent(environment.environmentId, given)),
  );
const pending = async () => {
  const { environmentId } = environment;
  const states = ["pending"] as const;
  return (await listDeliveries(api.store.db, environmentId, { states }, { limit: 20_000 })).length;
};
const settle = (state: "dead" | "delivered") =>
  api.store.db
    .updateTable("deliveries")
    .set({ state, parked: false, last_code: "DELIVERY_FAILED" })
    .where("environment_id", "=", environment.environmentId)
    .where("state", "=", "pending")
    .execute();

describe("systole replay", () => {
  it("counts first, then plans, and says so", async () => {
    await emitted(3);
    await webhook();
    expect(await run(["--since", "1h", "--dry-run"])).toEqual({
      code: 0,
      out: "3 events, 3 deliveries to plan (dry run: nothing was sent)\n",
      err: "",
    });
    expect(await pending()).toBe(0);
    expect(await run(["--since", "1h"])).toMatchObject({ code: 0, out: "3 events, 3 deliveries planned\n" });
    expect(await pending()).toBe(3);
    expect((await run(["--since", "1h"])).out).toBe(
      "3 events, 0 deliveries planned, 3 on their way already\n",
    );
  });

  it("takes only what its options select", async () => {
    const { destinationId } = await webhook();
    const [event = ""] = await emitted(1, { type: "sleep", referenceId: "anna" });
    const [other = ""] = await emitted(1);
    await settle("delivered");
    await webhook();
    const told = async (...args: string[]) => (await run([...args, "--dry-run"])).out.split(" (")[0];
    expect(await told("--event", event, "--event", other)).toBe("2 events, 4 deliveries to plan");
    expect(await told("--event", event, "--destination", destinationId)).toBe("1 event, 1 delivery to plan");
    expect(await told("--since", "1h", "--type", "sleep", "--type", "body")).toBe(
      "1 event, 2 deliveries to plan",
    );
    expect(await told("--since", "1h", "--reference-id", "anna")).toBe("1 event, 2 deliveries to plan");
    expect(await told("--since", "1h", "--user", event)).toBe("0 events, 0 deliveries to plan");
    expect(await told("--since", "1h", "--outcome", "none")).toBe("2 events, 2 deliveries to plan");
    expect(await told("--since", "2h", "--until", "1h")).toBe("0 events, 0 deliveries to plan");
  });

  it("takes dead letters, and counts those it left out", async () => {
    const off = await webhook();
    await webhook();
    await emitted(2);
    await settle("dead");
    await api.store.db
      .updateTable("destinations")
      .set({ active: false })
      .where("destination_id", "=", off.destinationId)
      .execute();
    expect((await run(["--dead", "--code", "DELIVERY_REJECTED"])).out).toBe(
      "0 dead letters, 0 deliveries planned\n",
    );
    expect((await run(["--dead"])).out).toBe(
      "4 dead letters, 2 deliveries planned, 2 left out: their destination is switched off\n",
    );
    expect(await pending()).toBe(2);
  });

  it("shows its progress, and continues where it was interrupted", async () => {
    await webhook(["sleep"]);
    for (let n = 0; n < 11; n++) await emitted(1_000);
    await webhook(["daily"]);
    const broken = await run(["--since", "1h"], { signal: AbortSignal.abort() });
    expect([broken.code, broken.out]).toEqual([130, ""]);
    expect(broken.err).toMatch(
      /^10000 events, 10000 deliveries planned so far\nBroken off\. To go on: .*--after /,
    );
    const [, after = ""] = /--after (\S+)/.exec(broken.err) ?? [];
    expect(await run(["--since", "1h", "--after", after])).toEqual({
      code: 0,
      out: "1000 events, 1000 deliveries planned\n",
      err: "",
    });
    const whole = await run(["--since", "1h", "--dry-run"]);
    expect(whole.out).toContain("11000 events, 0 deliveries to plan, 11000 on their way already");
    expect(whole.err).toContain("10000 events");
  });
});

describe("what goes wrong", () => {
  it.each([
    [["--since"], "--since"],
    [["--until", "1h"], "--since, --event or --dead"],
    [["--since", "noon"], "--since noon is no time"],
    [["--dead", "--event", "x"], "--dead goes with"],
    [["--dead", "--outcome", "dead"], "--dead goes with"],
    [["--since", "1h", "--code", "X"], "--code goes with --dead"],
    [["--since", "1h", "--everything"], "--everything"],
    [["--since", "1h", "--url", "nowhere"], "nowhere is no address"],
    [["everything", "--since", "1h"], "everything"],
  ])("on the command line is reported with the help: %j", async (args, problem) => {
    const { code, out, err } = await run(args);
    expect([code, out]).toEqual([2, ""]);
    expect(err.split("\n")[0]).toContain(problem);
    expect(err).toContain("--dry-run");
  });

  it("without a token is reported", async () => {
    const { code, err } = await run(["--since", "1h"], { env: { SYSTOLE_ADMIN_TOKEN: "" } });
    expect([code, err.split("\n")[0]]).toEqual([2, "ADMIN_TOKEN is not set"]);
  });

  it("at the server is shown in the server's words", async () => {
    const token = await run(["--since", "1h"], { env: { SYSTOLE_ADMIN_TOKEN: "another" } });
    expect([token.code, token.out]).toEqual([1, ""]);
    expect(token.err).toMatch(/\(ADMIN_TOKEN_INVALID\)\.\n {2}Send `Authorization/);
    expect((await run(["--event", "not-an-id"])).err).toContain("(REQUEST_INVALID)");
    const away = await run(["--since", "1h", "--url", "http://127.0.0.1:9"]);
    expect([away.code, away.err]).toEqual([
      1,
      expect.stringContaining("Nobody answers at http://127.0.0.1:9"),
    ]);
  });

  it("is nothing when help is requested, and nothing has to be set", async () => {
    const { code, out, err } = await run(["--help"], { env: { SYSTOLE_ADMIN_TOKEN: "" } });
    expect([code, err]).toEqual([0, ""]);
    for (const option of ["--since", "--outcome", "--dead", "SYSTOLE_ADMIN_TOKEN"]) {
      expect(out).toContain(option);
    }
  });
});

it("the address is that of a server on this machine by default", async () => {
  const { port } = new URL(api.url);
  await emitted(1);
  const env = { SYSTOLE_PUBLIC_URL: "", SYSTOLE_HOST: "0.0.0.0", SYSTOLE_PORT: port };
  expect(await run(["--since", "1h"], { env })).toMatchObject({
    code: 0,
    out: "1 event, 0 deliveries planned\n",
  });
});
