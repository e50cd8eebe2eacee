import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import type { Provider } from "../providers/provider.ts";
import { insertConnection } from "../store/connections.ts";
import { fillFormerScopes } from "./former-scopes.ts";

let test: TestStore;
let environmentId: string;

beforeAll(async () => {
  test = await startTestStore();
  ({ environmentId } = await createEnvironment(test.store));
});
afterAll(() => test.close());

const consent = (name: string, ...scopes: string[]) => ({
  name,
  scopes: scopes.map((scope) => ({ name: scope, label: scope, isRequired: true })),
});
const oauth = (slug: string, ...consents: object[]) =>
  ({ slug, connecting: { kind: "oauth", consents } }) as unknown as Provider;

const connect = (provider: string, scopes: string | null, consents: string[] | null): Promise<string> =>
  test.store.db.transaction().execute(async (tx) => {
    const user_id = randomUUID();
    await insertConnection(tx, {
      environment_id: environmentId,
      user_id,
      provider,
      provider_user_id: user_id,
      reference_id: null,
      state: "active",
      grant_sealed: Buffer.of(0),
      scopes,
      consents,
    });
    return user_id;
  });

it("gives a connection of a former release the requested scopes, and keeps known ones", async () => {
  const former = await connect("one", null, null);
  const known = await connect("one", "steps", null);
  const newer = await connect("one", null, ["one"]);
  const ofTwo = await connect("two", null, null);
  await fillFormerScopes(test.store.db, [
    oauth("one", consent("one", "steps", "sleep")),
    oauth("two", consent("first", "steps"), consent("second", "sleep")),
    { slug: "key", connecting: { kind: "upload" } },
  ]);
  const rows = await test.store.db.selectFrom("connections").select(["user_id", "scopes"]).execute();
  const scopes = Object.fromEntries(rows.map((row) => [row.user_id, row.scopes]));
  expect(scopes).toEqual({ [former]: "steps sleep", [known]: "steps", [newer]: null, [ofTwo]: null });
});
