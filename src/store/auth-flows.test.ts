import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  createEnvironment,
  startTestStore,
  type TestEnvironment,
  type TestStore,
} from "../../test/support/database.ts";
import { connect } from "../api/testing/data.ts";
import {
  type AskedFlow,
  type AuthFlow,
  beginFlow,
  dropExpiredFlows,
  dropQuestions,
  findQuestion,
  keepQuestion,
  takeFlow,
  takeQuestion,
} from "./auth-flows.ts";
import type { DatabaseTransaction } from "./tables.ts";

const browser = "the browser's cookie";
let test: TestStore;
let environment: TestEnvironment;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  // States are found whichever browser began them.
  await test.store.db.deleteFrom("auth_flows").execute();
  environment = await createEnvironment(test.store);
});

const inTransaction = <Answer>(work: (tx: DatabaseTransaction) => Promise<Answer>): Promise<Answer> =>
  test.store.db.transaction().execute(work);

type Given = Partial<Parameters<typeof beginFlow>[1]>;
const begin = (state: string, given: Given = {}, of: string | null = browser) =>
  beginFlow(
    test.store.db,
    {
      environment_id: environment.environmentId,
      provider: "polar",
      user_id: randomUUID(),
      reference_id: "me",
      redirect_uri: "https://example.com/back",
      consent: null,
      scopes: null,
      code_verifier_sealed: null,
      success_url: null,
      failure_url: null,
      session_id: null,
      provider_user_id: null,
      grant_sealed: null,
      replaces: null,
      ...given,
    },
    { state, browser: of },
  );
const take = (state: string, by: string | null = browser, provider = "polar") =>
  takeFlow(test.store.db, { provider, state, browser: by });
const expire = () =>
  test.store.db
    .updateTable("auth_flows")
    .set({ expires_at: new Date(Date.now() - 1_000) })
    .execute();

async function taken(state: string, provider?: string): Promise<AuthFlow> {
  const flow = await take(state, browser, provider);
  if (flow === null || flow === "other browser") throw new Error(`the flow was not taken: ${flow}`);
  return flow;
}

describe("a state", () => {
  it("is taken once, by the faster caller", async () => {
    await begin("state");
    const results = await Promise.all([take("state"), take("state"), take("state")]);
    expect(results.filter((flow) => flow !== null)).toMatchObject([{ reference_id: "me" }]);
    expect(await take("state")).toBeNull();
  });

  it("is kept only as its hash", async () => {
    await begin("state");
    const row = await test.store.db.selectFrom("auth_flows").selectAll().executeTakeFirstOrThrow();
    const shown = Object.values(row).map(String);
    expect(shown).toContain("me");
    for (const secret of ["state", browser]) expect(shown).not.toContain(secret);
  });

  it("of another browser is left in place, so that the right one can still finish", async () => {
    await begin("state");
    expect(await take("state", "another cookie")).toBe("other browser");
    expect(await take("state", null)).toBe("other browser");
    expect(await take("state")).toMatchObject({ reference_id: "me" });
  });

  it("that a developer's server began belongs to any browser", async () => {
    await begin("state", {}, null);
    expect(await take("state", null)).toMatchObject({ reference_id: "me" });
  });

  it("is good for its own provider, and until it expires", async () => {
    await begin("state");
    expect(await take("state", browser, "other")).toBeNull();
    await expire();
    expect(await take("state")).toBeNull();
  });
});

describe("a connect link", () => {
  const states = () => Array.from({ length: 8 }, (_, index) => `state ${index}`);
  const open = async () => {
    const found = await Promise.all(
      states().map(async (state) => ((await take(state)) === null ? [] : [state])),
    );
    return found.flat();
  };

  it("has five logins open at a time: a new one ends the oldest", async () => {
    const session_id = randomUUID();
    for (const state of states()) await begin(state, { session_id });
    expect(await open()).toEqual(["state 3", "state 4", "state 5", "state 6", "state 7"]);
  });

  it("has no more of them when many begin at the same moment", async () => {
    const session_id = randomUUID();
    await Promise.all(states().map((state) => begin(state, { session_id })));
    expect(await open()).toHaveLength(5);
  });

  it("ends no login of another link, nor of the same one in another environment", async () => {
    const session_id = randomUUID();
    const other = await createEnvironment(test.store);
    await begin("state 0", { session_id, environment_id: other.environmentId });
    await begin("state 1", { session_id: randomUUID() });
    for (const state of states().slice(2)) await begin(state, { session_id });
    expect(await open()).toEqual([
      "state 0",
      "state 1",
      "state 3",
      "state 4",
      "state 5",
      "state 6",
      "state 7",
    ]);
  });
});

describe("a question whether an account replaces another", () => {
  const replaced = randomUUID();

  async function ask(
    given: Partial<Parameters<typeof keepQuestion>[2]> = {},
    flow: Given = {},
  ): Promise<string> {
    const state = randomUUID();
    await begin(state, flow);
    const question = {
      grant_sealed: Buffer.from("sealed"),
      provider_user_id: "77",
      replaces: [replaced],
      ...given,
    };
    const kept = await taken(state, flow.provider);
    return inTransaction((tx) => keepQuestion(tx, kept, question, browser));
  }
  const find = (secret: string, by: string | null = browser) => findQuestion(test.store.db, secret, by);
  async function found(secret: string): Promise<AskedFlow> {
    const flow = await find(secret);
    if (flow === null || flow === "other browser") throw new Error(`there is no question: ${flow}`);
    return flow;
  }

  it("is shown as often as its browser asks, and to no other", async () => {
    const secret = await ask();
    for (let times = 0; times < 2; times++) {
      expect(await find(secret)).toMatchObject({ provider_user_id: "77", replaces: [replaced] });
    }
    expect(await find(secret, "another cookie")).toBe("other browser");
    expect(await find("a guess")).toBeNull();
  });

  it("is answered once", async () => {
    const flow = await found(await ask());
    const answers = await Promise.all([1, 2].map(() => inTransaction((tx) => takeQuestion(tx, flow))));
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
  });

  it("is not a state: no login can be finished with it", async () => {
    const secret = await ask();
    expect(await take(secret)).toBeNull();
    expect(await find(secret)).not.toBeNull();
  });

  it("without an answer leaves a permission to revoke; a login that was never finished leaves none", async () => {
    await ask();
    await begin("unfinished");
    const now = new Date();
    expect(await inTransaction((tx) => dropExpiredFlows(tx, now))).toEqual([]);
    await expire();
    const dropped = await inTransaction((tx) => dropExpiredFlows(tx, now));
    expect(dropped).toMatchObject([{ provider_user_id: "77", grant_sealed: Buffer.from("sealed") }]);
    expect(await test.store.db.selectFrom("auth_flows").selectAll().execute()).toEqual([]);
  });

  it("is deleted with its person, whether it names their connection, account or reference", async () => {
    const connection = await connect(test.store, environment, { referenceId: "leaving" });
    const own = [
      await ask({ replaces: [replaced, connection.user_id] }, { reference_id: "other" }),
      await ask({ provider_user_id: connection.provider_user_id }, { reference_id: "other" }),
      await ask({}, { reference_id: "leaving" }),
    ];
    const elsewhere = (await createEnvironment(test.store)).environmentId;
    const others = [
      await ask({}, { reference_id: "other" }),
      await ask({}, { reference_id: "leaving", provider: "other" }),
      await ask({}, { reference_id: "leaving", environment_id: elsewhere }),
    ];
    expect(await inTransaction((tx) => dropQuestions(tx, connection))).toHaveLength(3);
    for (const secret of own) expect(await find(secret)).toBeNull();
    const [first, , third] = others;
    expect(await find(first ?? "")).not.toBeNull();
    expect(await find(third ?? "")).not.toBeNull();
  });
});
