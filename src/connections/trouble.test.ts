/** Several tasks whose calls are refused because one of a person's permissions has ended. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import {
  createEnvironment,
  startTestStore,
  type TestEnvironment,
  type TestStore,
} from "../../test/support/database.ts";
import { KeptPerson, polar } from "../../test/support/kept-person.ts";
import type { Grant } from "../providers/provider.ts";
import { findConnection } from "../store/connections.ts";
import type { RefusedPermission } from "./refused-permission.ts";
import { storeGrants } from "./store-grants.ts";
import { noteTrouble } from "./trouble.ts";

let test: TestStore;
let environment: TestEnvironment;
let person: KeptPerson;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  environment = await createEnvironment(test.store);
  person = await KeptPerson.connect(test.store, environment);
});

const grantOf = (consent: string, apis?: readonly string[]): Grant => ({
  consent,
  accessToken: `token of ${consent}`,
  expiresAt: null,
  renewal: null,
  providerUserId: "1",
  scopes: [],
  ...(apis !== undefined && { apis }),
});
const hold = (...grants: Grant[]) =>
  test.store.db
    .transaction()
    .execute((tx) =>
      storeGrants(tx, test.store.keyRing, { provider: polar, connection: person.connection, grants }),
    );
const refuse = (refused: Partial<RefusedPermission>) =>
  noteTrouble(test.store, polar, person.id, {
    code: "PROVIDER_UNAUTHORIZED",
    refused: { consent: "dynamic-v4", api: "dynamic-v4", isRenewal: false, isEarly: false, ...refused },
    traceId: "trace",
  });
const events = async (): Promise<string[]> => {
  const rows = await test.store.db
    .selectFrom("events")
    .select("type")
    .where("environment_id", "=", environment.environmentId)
    .execute();
  return rows.map(({ type }) => type);
};
const found = () => findConnection(test.store.db, person.id);

it("end it once, and the other permission goes on", async () => {
  await hold(grantOf("accesslink-v3"), grantOf("dynamic-v4"));
  await Promise.all([refuse({}), refuse({ isRenewal: true }), refuse({})]);
  expect(await found()).toMatchObject({ state: "active", consents: ["accesslink-v3"] });
  expect(await events()).toEqual(["connection_error"]);
});

it("close an API that a permission was found to open once, and the permission goes on", async () => {
  await hold(grantOf("dynamic-v4", ["dynamic-v4", "accesslink-v3"]));
  await Promise.all([1, 2, 3].map(() => refuse({ api: "accesslink-v3" })));
  expect(await found()).toMatchObject({ state: "active", consents: ["dynamic-v4"], apis: ["dynamic-v4"] });
  expect(await events()).toEqual(["connection_error"]);
});

it.each([
  [{}, "access_revoked"],
  [{ isRenewal: true, isEarly: true }, "access_revoked"],
  [{ isRenewal: true }, "connection_error"],
])("end the connection once where nothing is left: %j", async (refused, event) => {
  await hold(grantOf("dynamic-v4"));
  await Promise.all([refuse(refused), refuse(refused)]);
  expect((await found())?.state).toBe("revoked");
  expect(await events()).toEqual([event]);
});
