/** Renewals of access tokens: many at once, in several processes, and over a database connection that breaks. */
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type InventedServer, type Reply, startInvented } from "../../test/invented/server.ts";
import { tideline } from "../../test/invented/tideline/plugin.ts";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { lockAwaited } from "../../test/support/locks.ts";
import type { Grant } from "../providers/provider.ts";
import { addProvider, providerBySlug } from "../providers/registry.ts";
import { createProviderGuard } from "../security/address-guard.ts";
import { type ConnectionId, insertConnection, lockConnection } from "../store/connections.ts";
import { openDatabase } from "../store/database.ts";
import { openGrants, sealGrants } from "../store/grants.ts";
import { saveProviderConfig } from "../store/provider-configs.ts";
import type { Store } from "../store/store.ts";
import { ProviderClients } from "./provider-clients.ts";
import { usableGrant, usableGrants } from "./tokens.ts";

const guard = createProviderGuard({ allowPrivate: true });
let test: TestStore;
let server: InventedServer;
let environmentId: string;
/** Done while the provider has a request for a renewal. */
let meanwhile: () => Promise<unknown>;
const refreshTokens = new Set<string>();

/** Each refresh token works once. */
async function renew(form: URLSearchParams): Promise<Reply> {
  await meanwhile();
  if (!refreshTokens.delete(form.get("refresh_token") ?? "")) {
    return { status: 400, json: { error: "invalid_grant" } };
  }
  const [access_token, refresh_token] = [randomUUID(), randomUUID()];
  refreshTokens.add(refresh_token);
  return { json: { access_token, refresh_token, token_type: "Bearer", expires_in: 3_600 } };
}

beforeAll(() => addProvider(tideline));
beforeAll(async () => {
  test = await startTestStore();
  server = await startInvented(({ body }) => renew(new URLSearchParams(body)));
  environmentId = (await createEnvironment(test.store)).environmentId;
  const settings = { client_id: "id", client_secret: "secret", token_url: `${server.url}/token` };
  const id = { environmentId, provider: "tideline" };
  await saveProviderConfig(test.store.db, test.store.keyRing, id, settings, "admin");
});
afterAll(async () => {
  await server.close();
  await test.close();
});
beforeEach(() => {
  meanwhile = () => setTimeout(20);
});

const expired = (providerUserId: string): Grant => {
  const token = randomUUID();
  refreshTokens.add(token);
  return {
    consent: "tideline",
    accessToken: "expired",
    expiresAt: new Date(0),
    renewal: { kind: "refresh-token", token },
    providerUserId,
    scopes: ["days"],
  };
};

async function connect() {
  const userId = randomUUID();
  const id = { environmentId, userId };
  const { store } = test;
  await store.db.transaction().execute((tx) =>
    insertConnection(tx, {
      environment_id: environmentId,
      user_id: userId,
      provider: "tideline",
      provider_user_id: userId,
      reference_id: null,
      state: "active",
      grant_sealed: sealGrants(store.keyRing, id, [expired(userId)]),
      scopes: "days",
    }),
  );
  return { provider: providerBySlug("tideline"), id, api: "tideline-v1" };
}

const depsOf = (store: Store) => ({ store, clients: new ProviderClients(store, guard) });

async function keptGrant(id: ConnectionId): Promise<Grant | undefined> {
  const { grant_sealed } = await test.store.db
    .selectFrom("connections")
    .select("grant_sealed")
    .where("user_id", "=", id.userId)
    .executeTakeFirstOrThrow();
  return openGrants(test.store.keyRing, id, grant_sealed)[0];
}

const tokensOf = (grants: readonly (Grant | null)[]) => new Set(grants.map((one) => one?.accessToken));

it("more renewals at once than there are connections to the database all end", async () => {
  const people = await Promise.all(Array.from({ length: 30 }, connect));
  const grants = await Promise.all(people.map((person) => usableGrant(depsOf(test.store), person)));
  expect(tokensOf(grants).size).toBe(30);
});

it("many who want one person's token in two processes make one renewal", async () => {
  const person = await connect();
  const other = await openDatabase(test.connectionString);
  const processes = [depsOf(test.store), depsOf({ ...test.store, db: other.db })];
  const ask = (refused: string | null) =>
    Promise.all(processes.flatMap((deps) => [1, 2, 3, 4].map(() => usableGrant(deps, person, refused))));
  const before = server.asked.length;
  const first = await ask(null);
  expect([tokensOf(first).size, server.asked.length - before]).toEqual([1, 1]);
  const second = await ask(first[0]?.accessToken ?? null);
  expect([tokensOf(second).size, server.asked.length - before]).toEqual([1, 2]);
  await other.close();
});

it("a new token is used by nobody before it is stored, and the next process uses the stored one", async () => {
  const person = await connect();
  const { promise: mayStore, resolve: letStore } = Promise.withResolvers<void>();
  let holding: Promise<unknown> | undefined;
  meanwhile = () =>
    new Promise<void>((isHeld) => {
      holding = test.store.db.transaction().execute(async (tx) => {
        await lockConnection(tx, person.id);
        isHeld();
        await mayStore;
      });
    });
  const order: string[] = [];
  const using = usableGrant(depsOf(test.store), person).then((grant) => {
    order.push("used");
    return grant;
  });
  // The new token waits for its storage.
  await lockAwaited(test.store.db);
  order.push("stored");
  letStore();
  const grant = await using;
  await holding;
  expect(order).toEqual(["stored", "used"]);
  // The process is killed here. What it leaves is the new token, and no used one is sent again.
  const other = await openDatabase(test.connectionString);
  const before = server.asked.length;
  expect(await usableGrant(depsOf({ ...test.store, db: other.db }), person)).toEqual(grant);
  expect(server.asked.length).toBe(before);
  await other.close();
});

it("a kill before the storage leaves the former token: refused once, it is sent no more", async () => {
  const person = await connect();
  // The provider has answered and forgotten the former token, and nobody has stored the new one.
  refreshTokens.clear();
  const before = server.asked.length;
  for (let turn = 0; turn < 2; turn++)
    await expect(usableGrant(depsOf(test.store), person)).rejects.toMatchObject({
      code: "PROVIDER_UNAUTHORIZED",
    });
  expect(server.asked.length).toBe(before + 1);
  expect(await keptGrant(person.id)).toMatchObject({ accessToken: "expired", isEnded: true });
});

it("a new token is stored though the database broke the connection while it was asked for", async () => {
  const person = await connect();
  meanwhile = () =>
    sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
      AND state = 'idle in transaction' AND query LIKE '%connections%'`.execute(test.store.db);
  const grant = await usableGrant(depsOf(test.store), person);
  expect(grant?.accessToken).not.toBe("expired");
  expect(await keptGrant(person.id)).toEqual(grant);
});

it("a refusal is no refusal when another process has stored a new token meanwhile", async () => {
  const person = await connect();
  const others = { ...expired("t-1"), accessToken: "of another process" };
  meanwhile = async () => {
    refreshTokens.clear();
    const sealed = sealGrants(test.store.keyRing, person.id, [others]);
    await test.store.db
      .updateTable("connections")
      .set({ grant_sealed: sealed })
      .where("user_id", "=", person.id.userId)
      .execute();
  };
  expect((await usableGrant(depsOf(test.store), person))?.accessToken).toBe("of another process");
});

it("grants to be given back are renewed before, and one whose renewal is refused has ended", async () => {
  const [one, ended] = [await connect(), await connect()];
  const [grant] = await usableGrants(depsOf(test.store), one);
  expect(grant?.accessToken).not.toBe("expired");
  expect(await keptGrant(one.id)).toEqual(grant);
  refreshTokens.clear();
  expect(await usableGrants(depsOf(test.store), ended)).toEqual([]);
});
