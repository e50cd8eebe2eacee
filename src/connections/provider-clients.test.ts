/** Environments with the same client are recognised, however each spells its settings. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { connect } from "../api/testing/data.ts";
import { createProviderGuard } from "../security/address-guard.ts";
import { saveProviderConfig } from "../store/provider-configs.ts";
import { isAccountInUse } from "./accounts.ts";
import { ProviderClients } from "./provider-clients.ts";

const guard = createProviderGuard({ allowPrivate: true });

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());

async function environmentWith(settings: Record<string, string>) {
  const environment = await createEnvironment(test.store);
  const id = { environmentId: environment.environmentId, provider: "polar" };
  await saveProviderConfig(test.store.db, test.store.keyRing, id, settings, "admin");
  return environment;
}

const client = (client_id: string, api_url: string, client_secret = "secret") => ({
  client_id,
  client_secret,
  api_url,
});

it("is the same with another secret, in capitals, with its port or a slash at the end", async () => {
  const one = await environmentWith(client("shared", "https://api.example.com"));
  const spelt = [
    client("shared", "https://API.example.com", "a newer secret"),
    client("shared", "https://api.example.com:443/"),
  ];
  const others = await Promise.all(spelt.map(environmentWith));
  await environmentWith(client("another", "https://api.example.com"));
  const clients = new ProviderClients(test.store, guard);
  const same = await clients.sameClient({ environmentId: one.environmentId, provider: "polar" });
  expect(same.toSorted()).toEqual([one, ...others].map(({ environmentId }) => environmentId).toSorted());
});

it("keeps a permission that another environment uses with the same client", async () => {
  const [one, other] = [
    await environmentWith(client("kept", "https://api.example.com")),
    await environmentWith(client("kept", "https://API.example.com/")),
  ];
  const { provider_user_id: providerUserId } = await connect(test.store, other);
  const deps = { store: test.store, clients: new ProviderClients(test.store, guard) };
  const account = { environmentId: one.environmentId, provider: "polar", providerUserId };
  expect(await isAccountInUse(deps, account, null)).toBe(true);
});
