import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestStore, type TestStore } from "../../test/support/database.ts";
import {
  addApiKey,
  apiKeyId,
  changeEnvironment,
  type Environment,
  environmentOfKey,
  findEnvironment,
  firstEnvironment,
  insertEnvironment,
  listApiKeys,
  listEnvironments,
  redirectOriginsOf,
  revokeApiKey,
} from "./environments.ts";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());

async function create(devId: string = randomUUID()): Promise<Environment> {
  const made = await insertEnvironment(test.store.db, { devId, name: devId });
  if (made === null) throw new Error("the dev-id is taken");
  return made;
}
const add = ({ environment_id }: Environment, given: { label?: string; key?: string } = {}) =>
  addApiKey(test.store.db, environment_id, { label: "a key", ...given });
const opened = async (devId: string, key: string) =>
  (await environmentOfKey(test.store.db, devId, key))?.environment.environment_id ?? null;
const revoke = ({ environment_id }: Environment, keyId: string) =>
  revokeApiKey(test.store.db, environment_id, keyId);

describe("environments", () => {
  it("are listed oldest first, and the first one stays the first", async () => {
    expect(await firstEnvironment(test.store.db)).toBeNull();
    const [one, other] = [await create(), await create()];
    expect(await listEnvironments(test.store.db)).toEqual([one, other]);
    expect(await firstEnvironment(test.store.db)).toEqual(one);
  });

  it("have a unique dev-id: of many requests for the same one, one succeeds", async () => {
    const devId = randomUUID();
    const made = await Promise.all(
      [1, 2, 3].map((name) => insertEnvironment(test.store.db, { devId, name: String(name) })),
    );
    const winner = made.filter((one) => one !== null);
    expect(winner).toHaveLength(1);
    expect(await findEnvironment(test.store.db, devId)).toEqual(winner[0]);
  });

  it("are changed alone, and a missing one is not changed", async () => {
    const [one, other] = [await create(), await create()];
    const change = { name: "new", redirect_origins: ["https://example.com"] };
    expect(await changeEnvironment(test.store.db, one.dev_id, change)).toMatchObject(change);
    expect(await findEnvironment(test.store.db, other.dev_id)).toEqual(other);
    expect(await changeEnvironment(test.store.db, randomUUID(), change)).toBeNull();
    expect(await redirectOriginsOf(test.store.db, one.environment_id)).toEqual(["https://example.com"]);
    expect(await redirectOriginsOf(test.store.db, other.environment_id)).toBeNull();
  });
});

describe("an API key", () => {
  it("opens its environment together with the dev-id, and nothing else", async () => {
    const [one, other] = [await create(), await create()];
    const { key } = await add(one);
    const { key: second } = await add(one);
    await add(other);
    expect(await opened(one.dev_id, key)).toBe(one.environment_id);
    expect(await opened(one.dev_id, second)).toBe(one.environment_id);
    expect(await opened(other.dev_id, key)).toBeNull();
    expect(await opened(one.dev_id, `${key}x`)).toBeNull();
    expect(await opened(randomUUID(), key)).toBeNull();
  });

  it("is kept only as its hash", async () => {
    const one = await create();
    const { key, apiKey } = await add(one);
    expect(apiKey.key_hash.equals(Buffer.from(key))).toBe(false);
    expect(Object.values(apiKey).map(String)).not.toContain(key);
    expect(apiKeyId(apiKey)).toMatch(/^[0-9a-f]{16}$/);
  });

  it("that is known is not added again, and keeps its label", async () => {
    const one = await create();
    const { key } = await add(one, { label: "first" });
    await Promise.all([add(one, { label: "second", key }), add(one, { label: "third", key })]);
    expect((await listApiKeys(test.store.db, one.environment_id)).map(({ label }) => label)).toEqual([
      "first",
    ]);
  });

  it("opens nothing once it is revoked, also when it is added again; the others still do", async () => {
    const one = await create();
    const [{ key, apiKey }, { key: kept }] = [await add(one), await add(one)];
    const other = await create();
    expect(await revoke(other, apiKeyId(apiKey))).toBe(false);
    expect(await revoke(one, "0000000000000000")).toBe(false);
    expect(await revoke(one, apiKeyId(apiKey))).toBe(true);
    expect(await revoke(one, apiKeyId(apiKey))).toBe(false);
    await add(one, { key });
    expect([await opened(one.dev_id, key), await opened(one.dev_id, kept)]).toEqual([
      null,
      one.environment_id,
    ]);
  });
});
