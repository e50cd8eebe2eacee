/** Connections that replace others. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  createEnvironment,
  startTestStore,
  type TestEnvironment,
  type TestStore,
} from "../../test/support/database.ts";
import { KeptPerson, polar } from "../../test/support/kept-person.ts";
import { activityDay } from "../../test/support/polar-bodies.ts";
import type { Grant } from "../providers/provider.ts";
import type { AuthFlow } from "../store/auth-flows.ts";
import { findConnection, updateConnection } from "../store/connections.ts";
import { openGrants, sealGrants } from "../store/grants.ts";
import { createFirstTasks } from "../sync/discover.ts";
import { establishConnection } from "./establish.ts";

let test: TestStore;
let environment: TestEnvironment;
beforeAll(async () => {
  test = await startTestStore();
  environment = await createEnvironment(test.store);
});
afterAll(() => test.close());

const providerUserId = "77";
const referenceId = "one person";

/** Connects with the state after the developer gave a connection the reference of another one. */
async function connectAs(days: readonly string[]): Promise<KeptPerson> {
  const { store } = test;
  const person = await KeptPerson.connect(store, environment);
  for (const day of days) await person.keep("activity", day, activityDay(day));
  await store.db
    .transaction()
    .execute((tx) => createFirstTasks(tx, store.queue, { provider: polar, connection: person.connection }));
  await updateConnection(store.db, person.id, {
    reference_id: referenceId,
    provider_user_id: providerUserId,
  });
  return person;
}

it("two connections of one reference and one account become one, with all data of both", async () => {
  await connectAs(["2026-03-01", "2026-03-02"]);
  await connectAs(["2026-03-02", "2026-03-03"]);
  const userId = randomUUID();
  const flow = {
    environment_id: environment.environmentId,
    user_id: userId,
    reference_id: referenceId,
    session_id: null,
    agreement: null,
  } as AuthFlow;
  const lasting = { expiresAt: null, renewal: null, scopes: [] };
  const grant = { consent: "accesslink-v3", accessToken: "token", ...lasting, providerUserId };
  const granted = { flow, grant, approved: [] };
  await test.store.db.transaction().execute((tx) => establishConnection(tx, test.store, polar, granted));
  const records = await test.store.db
    .selectFrom("records")
    .select(["user_id", "natural_key"])
    .where("type", "=", "daily")
    .orderBy("natural_key")
    .execute();
  expect(records.map(({ natural_key }) => natural_key.slice(0, 10))).toEqual([
    "2026-03-01",
    "2026-03-02",
    "2026-03-03",
  ]);
  expect(new Set(records.map(({ user_id }) => user_id))).toEqual(new Set([userId]));
});

it("an account that consents again keeps its other consents, but not one that has ended", async () => {
  const { store } = test;
  const person = await KeptPerson.connect(store, environment);
  const lasting = { expiresAt: null, renewal: null, scopes: [], providerUserId: "78" };
  const v3 = { consent: "accesslink-v3", accessToken: "v3", ...lasting };
  const v4 = { consent: "dynamic-v4", accessToken: "v4", ...lasting };
  const again = async (grant: Grant, held: readonly Grant[], former: KeptPerson["id"]) => {
    await updateConnection(store.db, former, {
      reference_id: "again",
      provider_user_id: "78",
      grant_sealed: sealGrants(store.keyRing, former, held),
    });
    const id = { environmentId: environment.environmentId, userId: randomUUID() };
    const flow = {
      environment_id: id.environmentId,
      user_id: id.userId,
      reference_id: "again",
      session_id: null,
      agreement: null,
    } as AuthFlow;
    const granted = { flow, grant, approved: [] };
    await store.db.transaction().execute((tx) => establishConnection(tx, store, polar, granted));
    const found = await findConnection(store.db, id);
    const kept = found === null ? [] : openGrants(store.keyRing, id, found.grant_sealed);
    return { id, consents: found?.consents, tokens: kept.map(({ accessToken }) => accessToken) };
  };
  const first = await again(v4, [v3], person.id);
  expect(first).toMatchObject({ consents: ["dynamic-v4", "accesslink-v3"], tokens: ["v4", "v3"] });
  const newer = { ...v4, accessToken: "newer" };
  const second = await again(newer, [v4, { ...v3, isEnded: true }], first.id);
  expect(second).toMatchObject({ consents: ["dynamic-v4"], tokens: ["newer"] });
});
