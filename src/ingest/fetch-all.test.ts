import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { cairnWith, dayResource, single } from "../../test/support/cairn.ts";
import { CairnPerson, daysReply, noteReply } from "../../test/support/cairn-person.ts";
import { waitingForLocks } from "../../test/support/locks.ts";
import { waitFor } from "../../test/support/wait.ts";
import { oauthConsents } from "../providers/consents.ts";
import type { Behaviour } from "../providers/kit/testing/server.ts";
import type { Discovery, Grant, Part, Provider } from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import { lockConnection } from "../store/connections.ts";
import { addDays, utcDay } from "../store/days.ts";
import { changeBudgets } from "../store/provider-budgets.ts";
import type { TaskFetch } from "../store/tables.ts";
import { newBudget } from "../sync/planner/budget.ts";
import { PostponedError } from "../sync/planner/postponed.ts";
import { fetchAll } from "./fetch-all.ts";
import type { FetchResults } from "./fetch-results.ts";

const person = new CairnPerson();

const day = (key = "2025-03-01"): TaskFetch => ({ resource: "day", key });
const note = (key = "2025-03-01"): TaskFetch => ({ resource: "note", key });
const codes = ({ failed }: FetchResults) =>
  failed.map(({ fetch, error }) => [`${fetch.resource} ${fetch.key}`, (error as { code?: string }).code]);
const broken: Behaviour = { status: 503 };

describe("announced data", () => {
  const announced = { kind: "announced", fetches: [day(), note()] } as const;

  it("is fetched with its companions", async () => {
    person.serve({ "/day/2025-03-01": daysReply({ "2025-03-01": 1 }), "/note/2025-03-01": noteReply("n") });
    const results = await fetchAll(await person.run(announced));
    expect(results.fetched.flatMap(({ parts }) => parts.map(({ resource }) => resource))).toEqual([
      "day",
      "note",
    ]);
    expect(results).toMatchObject({ missing: [], failed: [], later: [], refused: [] });
  });

  it("may lack a companion, which is reported", async () => {
    person.serve({ "/day/2025-03-01": daysReply({ "2025-03-01": 1 }) });
    const { missing, fetched } = await fetchAll(await person.run(announced));
    expect([missing, fetched.length]).toEqual([[note()], 1]);
  });

  it("is a failure as a whole when it is missing itself, or a companion fails", async () => {
    person.serve({ "/note/2025-03-01": noteReply("n") });
    const run = await person.run(announced);
    await expect(fetchAll(run)).rejects.toMatchObject({ code: "PROVIDER_RESOURCE_MISSING" });
    person.serve({ "/day/2025-03-01": daysReply({ "2025-03-01": 1 }), "/note/2025-03-01": broken });
    await expect(fetchAll(run)).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
  });
});

describe("data that we request ourselves", () => {
  const fetches = [day("2025-03-01"), day("2025-03-02"), day("2025-03-03")];

  it("is independent: one failure does not stop the others", async () => {
    person.serve({
      "/day/2025-03-01": daysReply({ "2025-03-01": 1 }),
      "/day/2025-03-02": broken,
      "/day/2025-03-03": daysReply({ "2025-03-03": 3 }),
    });
    const results = await fetchAll(await person.run({ fetches }));
    expect(codes(results)).toEqual([["day 2025-03-02", "PROVIDER_UNAVAILABLE"]]);
    expect(results.answered.map(({ fetch }) => fetch.key)).toEqual(["2025-03-01", "2025-03-03"]);
  });

  it("counts as answered when it does not exist", async () => {
    person.serve({});
    const { missing, answered, failed } = await fetchAll(await person.run({ fetches: [day()] }));
    expect([missing, answered.length, failed]).toEqual([[day()], 1, []]);
  });

  it.each([
    [401, "PROVIDER_UNAUTHORIZED"],
    [403, "PROVIDER_FORBIDDEN"],
  ])(
    "ends with the first %i: nobody is asked again with a permission that was just refused",
    async (status, code) => {
      person.serve({ "/day/2025-03-01": { status } });
      const results = await fetchAll(await person.run({ fetches }));
      expect(codes(results)).toEqual(fetches.map(({ key }) => [`day ${key}`, code]));
      expect(person.asked()).toEqual(["/day/2025-03-01"]);
    },
  );

  it("ends when the limits allow no call, before any is made", async () => {
    const { clients } = person;
    const budget = await clients.budgetFor(
      { environmentId: person.id.environmentId, provider: "cairn" },
      "cairn-v1",
    );
    const until = Date.now() + 3_600_000;
    await changeBudgets(person.store.db, [budget], (_, now) => ({
      states: [{ ...newBudget({ rules: [], now }), blockedUntil: until }],
      answer: undefined,
    }));
    const { failed } = await fetchAll(await person.run({ fetches }));
    expect(failed.map(({ fetch }) => fetch)).toEqual(fetches);
    for (const { error } of failed) expect(error).toBeInstanceOf(PostponedError);
    expect(person.asked()).toEqual([]);
  });

  it("leaves out resources that were not granted, and reports each once", async () => {
    person.connection = await person.connect({ scopes: "notes" });
    const provider = cairnWith({ scope: "days" });
    person.serve({ "/note/2025-03-01": noteReply("n") });
    const run = await person.run({ fetches: [...fetches, note()] }, { provider });
    expect((await fetchAll(run)).answered.map(({ fetch }) => fetch.resource)).toEqual(["note"]);
    expect(person.asked()).toEqual(["/note/2025-03-01"]);
    const told = person.lines.filter(({ msg }) => msg === "not requested: not granted");
    expect(told.map(({ resources }) => resources)).toEqual([["day"]]);
  });
});

describe("days that are older than the provider keeps", () => {
  const covering = (from: string, to: string): TaskFetch => ({
    ...day(`${from}..${to}`),
    covers: { resource: "day", from, to },
  });
  /** The provider does not reach so far back. */
  async function refuse(fetch: TaskFetch): Promise<FetchResults> {
    person.serve({ [`/day/${fetch.key}`]: { status: 410 } });
    return fetchAll(await person.run({ fetches: [fetch] }));
  }

  it("count as answered if the provider says so", async () => {
    const results = await refuse(covering("2025-01-01", "2025-01-07"));
    expect([results.answered.length, results.failed, results.missing]).toEqual([1, [], []]);
  });

  it("are a failure if they are recent: a refusal of those is never an answer", async () => {
    const today = utcDay(new Date());
    const results = await refuse(covering(addDays(today, -3), today));
    expect(codes(results)).toMatchObject([[expect.any(String), "PROVIDER_OUT_OF_REACH"]]);
  });

  it("are requested again up to today if tomorrow was included", async () => {
    const today = utcDay(new Date());
    const from = addDays(today, -3);
    const results = await refuse(covering(from, addDays(today, 1)));
    expect([results.answered, results.failed]).toEqual([[], []]);
    const [, shorter] = await person.tasks();
    expect(shorter?.fetches).toEqual([covering(from, today)]);
  });
});

describe("companions that another API serves", () => {
  const discovery = { ...(dayResource.discovery as Discovery), announcedBy: "cairn-v1", unavailable: [403] };
  const parts = (key: string, body: unknown): readonly Part[] =>
    (body as { nights?: unknown[] }).nights?.map((value) => ({ resource: "night", key, value })) ?? [];
  const night = single("night", { api: "cairn-v2", discovery, parts });
  const plain = cairnWith({}, night);
  const connecting = {
    ...plain.connecting,
    consents: oauthConsents(plain).map((one) => ({ ...one, apis: [...one.apis, "cairn-v2"] })),
  } as unknown as Provider["connecting"];
  const provider = {
    ...plain,
    connecting,
    apis: { ...plain.apis, "cairn-v2": plain.apis["cairn-v1"] },
  } as Provider;
  const ref = { resource: "night", key: "2025-03-01" };
  // Budgets are those of the registered provider.
  beforeAll(() => Object.assign(providerBySlug("cairn").apis, provider.apis));
  const reply = { status: 200, body: { days: [{ day: "2025-03-01", steps: 1 }] } };

  async function announce(answer: Behaviour, kind: "announced" | "second-look" = "announced") {
    person.serve({ "/day/2025-03-01": reply, "/night/2025-03-01": answer });
    const fetches = kind === "announced" ? [day(), ref] : [ref];
    return fetchAll(await person.run({ kind, fetches }, { provider }));
  }

  it("come with what was announced", async () => {
    const { fetched, later, missing } = await announce({ status: 200, body: { nights: [{}] } });
    expect(fetched.flatMap(({ parts: found }) => found.map(({ resource }) => resource))).toEqual([
      "day",
      "night",
    ]);
    expect([later, missing]).toEqual([[], []]);
  });

  it.each([500, 401])("answered with %i never delay it: they are tried by themselves", async (status) => {
    const { fetched, later, failed } = await announce({ status });
    expect(fetched).toHaveLength(1);
    expect([later, failed]).toEqual([[ref], []]);
  });

  it.each(["announced", "second-look"] as const)(
    "are looked for again when the list of their day is still empty (%s)",
    async (kind) => {
      const { missing, failed } = await announce({ status: 200, body: { nights: [] } }, kind);
      expect([missing, failed]).toEqual([[ref], []]);
    },
  );

  it("that the permission does not cover are left out", async () => {
    const { fetched, later, missing, failed } = await announce({ status: 403 });
    expect(fetched).toHaveLength(1);
    expect([later, missing, failed]).toEqual([[], [], []]);
  });

  it("of an API that the person did not give are not asked for, and not spoken of", async () => {
    person.serve({ "/day/2025-03-01": reply });
    const run = await person.run(
      { kind: "announced", fetches: [day(), ref] },
      { provider: cairnWith({}, night) },
    );
    expect((await fetchAll(run)).fetched).toHaveLength(1);
    expect(person.asked()).toEqual(["/day/2025-03-01"]);
    expect(person.lines.filter(({ msg }) => msg === "not requested: not granted")).toEqual([]);
  });
});

describe("the calls for one announcement", () => {
  const file = single("file");
  const files = ({ key }: Part) => [1, 2, 3].map((number) => ({ resource: "file", key: `${key}-${number}` }));
  const provider = cairnWith({ followUps: files as never }, file);
  const withApi = (declared: object): Provider =>
    ({ ...provider, apis: { "cairn-v1": { ...provider.apis["cairn-v1"], ...declared } } }) as Provider;

  /**
   * Returns the paths in the order in which they were asked for, and how many calls were under way at once. Each call after
   * the first is answered when so many are.
   */
  async function announce(given: Provider, together: number) {
    let underWay = 0;
    let most = 0;
    const allThere = Promise.withResolvers<void>();
    person.serve({});
    person.server.script = async ({ url }) => {
      if (url.startsWith("/day/")) return daysReply({ "2025-03-01": 1 });
      most = Math.max(most, ++underWay);
      if (underWay === together) allThere.resolve();
      await allThere.promise;
      await pause(20);
      underWay--;
      return noteReply("n");
    };
    const run = await person.run({ kind: "announced", fetches: [day(), note()] }, { provider: given });
    const { fetched, failed } = await fetchAll(run);
    expect([fetched.length, failed]).toEqual([5, []]);
    return { asked: person.asked(), most };
  }

  const thing = "/day/2025-03-01";
  const itsFiles = ["/file/2025-03-01-1", "/file/2025-03-01-2", "/file/2025-03-01-3"];
  const companion = "/note/2025-03-01";

  it("are made side by side once the thing itself is there", async () => {
    const { asked } = await announce(provider, 4);
    expect(asked[0]).toBe(thing);
    expect(asked.slice(1).sort()).toEqual([...itsFiles, companion]);
  });

  it("have their answers kept one after the other: each waits with a connection to the database", async () => {
    let answered = 0;
    const locked = Promise.withResolvers<void>();
    person.serve({});
    person.server.script = async ({ url }) => {
      if (url.startsWith("/day/")) return daysReply({ "2025-03-01": 1 });
      await locked.promise;
      answered++;
      return noteReply("n");
    };
    const run = await person.run({ kind: "announced", fetches: [day(), note()] }, { provider });
    const fetching = fetchAll(run);
    await waitFor("all calls", async () => person.asked().length === 5);
    await person.store.db.transaction().execute(async (tx) => {
      await lockConnection(tx, person.id);
      locked.resolve();
      const waiting = () => waitingForLocks(person.store.db);
      await waitFor("an answer to be kept", async () => answered === 4 && (await waiting()) > 0);
      await pause(100);
      expect(await waiting()).toBe(1);
    });
    expect((await fetching).fetched).toHaveLength(5);
  });

  it.each([
    ["parallelCalls", { parallelCalls: 8 }],
    ["personGapMs", { personGapMs: () => 0 }],
  ])("are made one after the other where the API declares a pace (%s)", async (_, declared) => {
    const { asked, most } = await announce(withApi(declared), 1);
    expect(asked).toEqual([thing, ...itsFiles, companion]);
    expect(most).toBe(1);
  });

  it("are all made before one of them fails", async () => {
    const noteWithFiles = { ...provider.resources.find(({ name }) => name === "note"), followUps: files };
    const others = provider.resources.filter(({ name }) => name !== "note");
    const given = { ...provider, resources: [...others, noteWithFiles] } as Provider;
    const fetches = [day(), note(), note("2025-03-02"), note("2025-03-03")];
    person.serve({
      [thing]: daysReply({ "2025-03-01": 1 }),
      "/note/2025-03-02": noteReply("n"),
      "/note/2025-03-03": noteReply("n"),
      [companion]: broken,
    });
    const run = await person.run({ kind: "announced", fetches }, { provider: given });
    await expect(fetchAll(run)).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    const asked = person.asked().filter((path) => path.startsWith("/file/"));
    const of = (key: string) => [1, 2, 3].map((number) => `/file/${key}-${number}`);
    expect(asked.sort()).toEqual([...of("2025-03-01"), ...of("2025-03-02"), ...of("2025-03-03")]);
  });

  it("are not made for a thing that does not exist", async () => {
    person.serve({ "/note/2025-03-01": noteReply("n") });
    const run = await person.run({ kind: "announced", fetches: [day(), note()] }, { provider });
    await expect(fetchAll(run)).rejects.toMatchObject({ code: "PROVIDER_RESOURCE_MISSING" });
    expect(person.asked()).toEqual([thing]);
  });
});

describe("a token that cannot be renewed", () => {
  const expired: Partial<Grant> = {
    expiresAt: new Date(0),
    renewal: { kind: "refresh-token", token: "refresh 1" },
  };
  const fetches = [day("2025-03-01"), day("2025-03-02"), note("2025-03-03")];
  const serveRefresh = (answer: Behaviour) => person.serve({ "/refresh": answer });
  /** Refusals and outages of a token endpoint: statuses that say nothing about the person. */
  const faults: readonly Behaviour[] = [400, 403, 404, 429, 500].map((status) => ({ status }));

  it.each(faults)("(%j) is asked for once in a try, and says nothing about the resources", async (answer) => {
    serveRefresh(answer);
    person.connection = await person.connect({ grant: expired });
    const results = await fetchAll(await person.run({ fetches }));
    expect(person.asked()).toEqual(["/refresh"]);
    expect(results.failed.map(({ fetch }) => fetch)).toEqual(fetches);
    expect(results).toMatchObject({ fetched: [], missing: [], later: [], refused: [], answered: [] });
  });

  it("leaves a file for later, whatever the token's answer was", async () => {
    serveRefresh({ status: 404 });
    person.connection = await person.connect({ grant: expired });
    const results = await fetchAll(await person.run({ kind: "file", fetches: [note()] }));
    expect(results.failed.map(({ fetch }) => fetch)).toEqual([note()]);
    expect([results.missing, results.refused]).toEqual([[], []]);
  });
});
