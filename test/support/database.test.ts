import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashSecret } from "../../src/security/secrets.ts";
import { createEnvironment, startTestStore, type TestStore } from "./database.ts";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());

describe("the test store", () => {
  it("starts empty and with the complete schema", async () => {
    expect(await test.store.db.selectFrom("events").selectAll().execute()).toEqual([]);
  });

  it("knows its environments by dev-id and key", async () => {
    const made = await createEnvironment(test.store, { devId: "dev", apiKey: "0123456789abcdef" });
    const key = await test.store.db
      .selectFrom("api_keys")
      .innerJoin("environments", "environments.environment_id", "api_keys.environment_id")
      .select(["dev_id", "key_hash", "api_keys.environment_id"])
      .executeTakeFirstOrThrow();
    expect(key).toEqual({
      dev_id: "dev",
      key_hash: hashSecret("0123456789abcdef"),
      environment_id: made.environmentId,
    });
  });
});
