import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { KeyRing } from "../security/key-ring.ts";
import { saveProviderConfig } from "./provider-configs.ts";
import {
  dropEventSubscriptions,
  type EventSubscription,
  type HeldEventSubscription,
  listEventSubscriptions,
  noteEventFailure,
  openEventSecret,
  saveEventSubscription,
} from "./provider-subscriptions.ts";

let test: TestStore;
let environmentId: string;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.store.db.deleteFrom("provider_subscriptions").execute();
  environmentId = await configured();
});

const provider = "polar";
const url = "https://systole.example/v2/hooks/polar";

async function configured(): Promise<string> {
  const { environmentId: made } = await createEnvironment(test.store);
  const { db, keyRing } = test.store;
  await saveProviderConfig(db, keyRing, { environmentId: made, provider }, { client_id: made }, "admin");
  return made;
}

const held = (given: Partial<HeldEventSubscription> = {}): HeldEventSubscription => ({
  remoteId: "r1",
  secret: "told once",
  action: "created",
  url,
  expiresAt: new Date("2030-01-01T00:00:00Z"),
  ...given,
});
const save = (event: string, given: Partial<HeldEventSubscription> = {}, place = environmentId) =>
  saveEventSubscription(
    test.store.db,
    test.store.keyRing,
    { environmentId: place, provider, event },
    held(given),
  );
const fail = (event: string, error: string) =>
  noteEventFailure(test.store.db, { environmentId, provider, event }, { url, error });
const list = (place: string | undefined = environmentId) =>
  listEventSubscriptions(test.store.db, provider, place);
const secretOf = (one: EventSubscription | undefined, keyRing = test.store.keyRing) =>
  one === undefined ? undefined : openEventSecret(keyRing, one);

describe("a subscription to an event", () => {
  it("is stored with its expiry and its secret, which is sealed for its own row and key", async () => {
    await save("sleep");
    await save("exercise");
    const [exercise, sleep] = await list();
    expect(sleep).toMatchObject({ event: "sleep", remote_id: "r1", state: "active", error: null });
    expect(sleep?.expires_at).toEqual(new Date("2030-01-01T00:00:00Z"));
    expect(sleep?.secret_sealed?.includes("told once")).toBe(false);
    expect([secretOf(exercise), secretOf(sleep)]).toEqual(["told once", "told once"]);
    const moved = { ...exercise, secret_sealed: sleep?.secret_sealed } as EventSubscription;
    expect(() => secretOf(moved)).toThrow(expect.objectContaining({ code: "SEALED_VALUE_CORRUPT" }));
    expect(() => secretOf(sleep, new KeyRing(randomBytes(32)))).toThrow();
  });

  it("has no secret if the provider gives none", async () => {
    await save("sleep", { secret: null });
    const [sleep] = await list();
    expect([sleep?.secret_sealed, secretOf(sleep)]).toEqual([null, null]);
  });

  it("exists once for each event: a renewed one replaces the former", async () => {
    await save("sleep");
    await save("sleep", { remoteId: "r2", secret: "told again", expiresAt: null });
    const rows = await list();
    expect(rows).toMatchObject([{ remote_id: "r2", expires_at: null }]);
    expect(secretOf(rows[0])).toBe("told again");
  });

  it("that could not be renewed keeps its data, which may be valid until its expiry; a success clears the error", async () => {
    await save("sleep");
    await fail("sleep", "503");
    const [failed] = await list();
    expect(failed).toMatchObject({ state: "failed", error: "503", remote_id: "r1" });
    expect(secretOf(failed)).toBe("told once");
    await save("sleep");
    expect(await list()).toMatchObject([{ state: "active", error: null }]);
  });

  it("that could never be created has no id, and the reason", async () => {
    await fail("sleep", "403");
    expect(await list()).toMatchObject([
      { state: "failed", error: "403", remote_id: null, secret_sealed: null },
    ]);
  });
});

describe("subscriptions to events", () => {
  it("are listed of one environment, or of all for a notification, which may belong to any", async () => {
    const other = await configured();
    await save("sleep");
    await save("sleep", { remoteId: "other" }, other);
    expect((await list()).map((one) => one.remote_id)).toEqual(["r1"]);
    const all = await listEventSubscriptions(test.store.db, provider);
    expect(new Set(all.map((one) => one.environment_id))).toEqual(new Set([environmentId, other]));
    expect(await listEventSubscriptions(test.store.db, "other")).toEqual([]);
  });

  it("are forgotten with their client, and no other environment's are", async () => {
    const other = await configured();
    await save("sleep");
    await save("sleep", {}, other);
    await dropEventSubscriptions(test.store.db, { environmentId, provider });
    expect([(await list()).length, (await list(other)).length]).toEqual([0, 1]);
    const { db, keyRing } = test.store;
    await saveProviderConfig(db, keyRing, { environmentId: other, provider }, { client_id: "new" }, "admin");
    expect(await list(other)).toEqual([]);
  });
});
