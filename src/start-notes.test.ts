import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../test/support/database.ts";
import { startNotes, unknownVariables } from "./start-notes.ts";
import { saveProviderConfig } from "./store/provider-configs.ts";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(() => test.store.db.deleteFrom("provider_configs").execute());

const notes = async (env: NodeJS.ProcessEnv): Promise<string> =>
  (await startNotes(test.store.db, env, "https://systole.example")).join("\n");

describe("a start says", () => {
  it("that no provider is configured, and what to set", async () => {
    expect(await notes({})).toMatch(/^No provider is configured.*POLAR_CLIENT_ID, POLAR_CLIENT_SECRET/);
  });

  it("nothing about it once one is, in any environment", async () => {
    const { environmentId } = await createEnvironment(test.store);
    const settings = { client_id: "a", client_secret: "b" };
    const id = { environmentId, provider: "polar" };
    await saveProviderConfig(test.store.db, test.store.keyRing, id, settings, "admin");
    expect(await notes({})).toBe("");
  });

  it.each([
    [{ POLAR_CLIENT_ID: "a" }, "POLAR_CLIENT_SECRET missing"],
    [{ POLAR_CLIENT_SECRET: "a", POLAR_CLIENT_ID: "" }, "POLAR_CLIENT_ID missing"],
    [{ POLAR_API_URL: "http://x" }, "POLAR_CLIENT_ID and POLAR_CLIENT_SECRET missing"],
  ])("that one is configured incompletely: %j", async (env, missing) => {
    expect(await notes(env)).toBe(`Polar is configured half and ignored: ${missing}.`);
  });
});

describe("that a variable with our prefix is not a setting", () => {
  it.each([
    ["SYSTOLE_PUBLC_URL", "Was SYSTOLE_PUBLIC_URL meant?"],
    ["SYSTOLE_ADMINTOKEN", "Was SYSTOLE_ADMIN_TOKEN meant?"],
    ["POLAR_CLIENT_SECERT", "Was POLAR_CLIENT_SECRET meant?"],
    ["SYSTOLE_SOMETHING_ELSE", "All settings: docs/configuration.md"],
  ])("is named: %s", (name, then) => {
    expect(unknownVariables({ [name]: "x" })).toEqual([`${name} is no setting and is ignored. ${then}`]);
  });

  it("nothing about known settings, other prefixes, or the variables of tests", () => {
    const names = ["SYSTOLE_PORT", "POLAR_CLIENT_ID", "SYSTOLE", "SYSTOLIC", "SYSTOLE_TEST_RUN", "PATH"];
    expect(unknownVariables(Object.fromEntries(names.map((name) => [name, "x"])))).toEqual([]);
  });
});
