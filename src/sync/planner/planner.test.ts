/** The budget shared by several processes: the row in the database, compared with the sandbox's counts. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { keyed } from "../../../test/invented/keyed/plugin.ts";
import { tideline } from "../../../test/invented/tideline/plugin.ts";
import { createEnvironment, startTestStore, type TestStore } from "../../../test/support/database.ts";
import { ProviderClients } from "../../connections/provider-clients.ts";
import { type Provider, ProviderError, type ProviderResponse } from "../../providers/provider.ts";
import { addProvider } from "../../providers/registry.ts";
import { RateLimit } from "../../sandbox/polar/rate-limit.ts";
import { createProviderGuard } from "../../security/address-guard.ts";
import { openDatabase } from "../../store/database.ts";
import { saveProviderConfig } from "../../store/provider-configs.ts";
import type { Rank } from "../../store/ranks.ts";
import { CallPlanner, type PlannedCall } from "./planner.ts";
import { PostponedError } from "./postponed.ts";
import { readBudgets } from "./report.ts";
import { readingOf } from "./sandbox-client.fixture.ts";

const anywhere = createProviderGuard({ allowPrivate: true });
const api = "accesslink-v3";
/** Between two calls for a person. */
const gapMs = 500;
/** Two calls at a time for all people. */
const paced = {
  ...keyed,
  name: "PACED",
  slug: "paced",
  apis: { "keyed-v1": { ...keyed.apis["keyed-v1"], rateLimits: [] } },
} as Provider;
let test: TestStore;
let environmentId: string;
let client = 0;
let judge: RateLimit;
let refusals: number;
let reports: string[];

for (const provider of [tideline, keyed, paced]) beforeAll(() => addProvider(provider));
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());

const settings = (clientId: string, secret = "secret") => ({ client_id: clientId, client_secret: secret });
const configure = (environment: string, clientId: string, secret?: string) =>
  saveProviderConfig(
    test.store.db,
    test.store.keyRing,
    { environmentId: environment, provider: "polar" },
    settings(clientId, secret),
    "admin",
  );

beforeEach(async () => {
  environmentId = (await createEnvironment(test.store)).environmentId;
  await configure(environmentId, `client-${++client}`);
  const tidelines = { environmentId, provider: "tideline" };
  await saveProviderConfig(
    test.store.db,
    test.store.keyRing,
    tidelines,
    settings(`client-${client}`),
    "admin",
  );
  judge = new RateLimit({ now: () => Date.now() } as never, () => 0);
  judge.override = { short: 100, long: 400 };
  refusals = 0;
  reports = [];
});

/** Returns a planner that shares nothing in memory with the others, as in another process. */
const process = (store = test.store) =>
  new CallPlanner(store, new ProviderClients(store, anywhere), ({ outcome }) => reports.push(outcome));

async function send(): Promise<ProviderResponse> {
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
  const allowed = judge.count();
  if (!allowed) refusals++;
  const rateLimit = readingOf(judge.headers());
  return { status: 200, contentType: null, body: Buffer.alloc(0), rateLimit };
}

const call = (planner: CallPlanner, rank: Rank, environment = environmentId): Promise<ProviderResponse> => {
  const planned: PlannedCall = {
    environmentId: environment,
    provider: "polar",
    api,
    resource: "sleep",
    rank,
  };
  return planner.call(planned, send);
};

const ofTideline = {
  provider: "tideline",
  api: "tideline-v1",
  resource: "days",
  rank: "notification",
} as const;
const ofKeyed = { provider: "keyed", api: "keyed-v1", resource: "days", rank: "notification" } as const;
const ofPaced = { provider: "paced", api: "keyed-v1", resource: "days", gapMs } as const;
const answered = async (): Promise<ProviderResponse> => ({
  status: 200,
  contentType: null,
  body: Buffer.alloc(0),
});

/** Makes calls, many at once, until none is let through; all earlier ones are answered. Returns their number. */
async function fill(planners: readonly CallPlanner[], rank: Rank): Promise<number> {
  for (let made = 0; ; ) {
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) => call(planners[index % planners.length] as CallPlanner, rank)),
    );
    for (const result of results) if (result.status === "rejected") waitOf(result.reason);
    const through = results.filter(({ status }) => status === "fulfilled").length;
    if (through === 0) return made;
    made += through;
  }
}

function waitOf(error: unknown): number {
  if (error instanceof PostponedError) return error.until.getTime() - Date.now();
  throw error;
}

describe("the planner", () => {
  it("lets through as many calls as fit, from several processes at once, and no more", async () => {
    const other = await openDatabase(test.connectionString);
    try {
      const planners = [process(), process({ ...test.store, db: other.db })];
      await call(process(), "notification");
      // One of a hundred is set aside for unplanned calls.
      expect(await fill(planners, "notification")).toBe(98);
      expect(refusals).toBe(0);
      expect(reports.filter((outcome) => outcome === "ok")).toHaveLength(99);
    } finally {
      await other.close();
    }
  });

  it("keeps calls for the higher ranks, which another process can make", async () => {
    await call(process(), "notification");
    const low = await fill([process()], "backfill");
    expect(low).toBeGreaterThan(0);
    expect(low).toBeLessThan(60);
    expect(await fill([process()], "notification")).toBe(98 - low);
    expect(refusals).toBe(0);
  });

  it("says when a call may fit", async () => {
    await call(process(), "notification");
    await fill([process()], "notification");
    const refused = call(process(), "notification");
    await expect(refused).rejects.toMatchObject({ code: "PROVIDER_BUDGET_SPENT" });
    const minutes = waitOf(await refused.catch((error: unknown) => error)) / 60_000;
    expect(minutes).toBeGreaterThan(13);
    expect(minutes).toBeLessThan(16);
  });

  it("gives environments with one client one budget, whatever secret each has, and others their own", async () => {
    const [same, another] = [
      (await createEnvironment(test.store)).environmentId,
      (await createEnvironment(test.store)).environmentId,
    ];
    await configure(same, `client-${client}`, "a newer secret");
    await configure(another, `client-${client}-other`);
    const planner = process();
    await call(planner, "notification");
    await fill([planner], "notification");
    await expect(call(planner, "notification", same)).rejects.toMatchObject({
      code: "PROVIDER_BUDGET_SPENT",
    });
    await expect(call(planner, "notification", another)).resolves.toMatchObject({ status: 200 });
  });

  it("makes all calls wait after an unexpected refusal", async () => {
    const planned = {
      environmentId,
      provider: "polar",
      api,
      resource: "sleep",
      rank: "notification",
    } as const;
    const refusal = new ProviderError(
      "PROVIDER_RATE_LIMITED",
      "later",
      { status: 429 },
      { retryAfterMs: 500_000 },
    );
    await expect(process().call(planned, () => Promise.reject(refusal))).rejects.toBe(refusal);
    const told = await call(process(), "notification").catch((error: unknown) => error);
    expect(waitOf(told)).toBeGreaterThan(400_000);
    expect(reports).toEqual(["PROVIDER_RATE_LIMITED", "postponed"]);
  });

  it("lets a person's call through only if it fits their limits and the client's, and holds nobody else back", async () => {
    const planner = process();
    const ask = (providerUserId: string) =>
      planner.call({ ...ofTideline, environmentId, providerUserId }, answered);
    for (let calls = 0; calls < 99; calls++) await ask("one");
    const refused = await ask("one").catch((error: unknown) => error);
    expect(waitOf(refused)).toBeGreaterThan(30_000);
    await expect(
      process().call({ ...ofTideline, environmentId, providerUserId: "one" }, answered),
    ).rejects.toThrow();
    await expect(ask("two")).resolves.toMatchObject({ status: 200 });
    const { budgets } = await readBudgets(test.store, new ProviderClients(test.store, anywhere), Date.now());
    expect(budgets.filter(({ provider }) => provider === "tideline")).toEqual([]);
  });

  it("holds back only the person after a refusal if the client has no limits", async () => {
    const planner = process();
    const refusal = new ProviderError("PROVIDER_RATE_LIMITED", "later", {}, { retryAfterMs: 500_000 });
    const call = { ...ofTideline, environmentId, providerUserId: "refused" };
    await expect(planner.call(call, () => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(waitOf(await planner.call(call, answered).catch((error: unknown) => error))).toBeGreaterThan(
      400_000,
    );
    await expect(planner.call({ ...call, providerUserId: "other" }, answered)).resolves.toBeDefined();
  });

  it("keeps the API's limit of calls in flight over all processes", async () => {
    let [underWay, most] = [0, 0];
    const slow = async () => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 20));
      underWay--;
      return answered();
    };
    const planners = [process(), process()];
    const results = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) =>
        (planners[index % 2] as CallPlanner).call({ ...ofKeyed, environmentId }, slow),
      ),
    );
    expect(most).toBe(2);
    for (const result of results) if (result.status === "rejected") waitOf(result.reason);
    expect(results.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(2);
  });

  it("keeps the time between a person's calls over all processes, and waits for it in place", async () => {
    const planners = [process(), process()];
    const begun = performance.now();
    const ask = (index: number, providerUserId: string) =>
      (planners[index % 2] as CallPlanner).call(
        { ...ofPaced, environmentId, rank: "request", providerUserId },
        answered,
      );
    await Promise.all(Array.from({ length: 6 }, (_, index) => ask(index, "one")));
    const took = performance.now() - begun;
    expect(took).toBeGreaterThanOrEqual(5 * gapMs);
    // Another person's call has its own turn.
    await expect(ask(0, "two")).resolves.toBeDefined();
    expect(reports).toEqual(Array(7).fill("ok"));
  });

  it("lets the newest data through before history, which has one place of two", async () => {
    const order: string[] = [];
    const ask = (rank: Rank, providerUserId: string) =>
      process().call({ ...ofPaced, environmentId, rank, providerUserId }, async () => {
        order.push(rank);
        return answered();
      });
    await ask("backfill", "one");
    const [first, ...history] = [ask("request", "one"), ask("backfill", "one"), ask("backfill", "one")];
    await first;
    const second = ask("request", "one");
    await Promise.all([second, ...history]);
    expect(order.slice(1, 3)).toEqual(["request", "request"]);
    let underWay = 0;
    let most = 0;
    const slow = async () => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 300));
      underWay--;
      return answered();
    };
    const people = ["a", "b", "c"].map((providerUserId) =>
      process().call({ ...ofPaced, environmentId, rank: "backfill", providerUserId }, slow),
    );
    await Promise.all(people);
    expect(most).toBe(1);
  });

  it("shows what is left", async () => {
    const clients = new ProviderClients(test.store, anywhere);
    await call(process(), "notification");
    const { budgets } = await readBudgets(test.store, clients, Date.now());
    const { key } = await clients.budgetFor({ environmentId, provider: "polar" }, api);
    const mine = budgets.find((budget) => budget.client === key.toString("hex").slice(0, 8));
    expect(mine).toMatchObject({
      provider: "polar",
      users: 0,
      usersThatFit: null,
      windows: [
        { name: "15 minutes", used: 1, limit: 100 },
        { name: "24 hours", used: 1, limit: 400 },
      ],
    });
  });
});
