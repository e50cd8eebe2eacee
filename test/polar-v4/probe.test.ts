/** `systole polar probe` against the sandbox: each switch that a check tells apart, and no personal value in a report. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { oauthConsents } from "../../src/providers/consents.ts";
import { dynamic } from "../../src/providers/polar/names.ts";
import type { ProbeFinding } from "../../src/providers/provider.ts";
import { providerBySlug } from "../../src/providers/registry.ts";
import type { Json } from "../support/consent.ts";
import { runSystole } from "../support/process.ts";
import { credentials, type System, startSystem } from "../support/system.ts";

const hasConsent = oauthConsents(providerBySlug("polar")).some(({ name }) => name === dynamic);

let system: System;
let person: { readonly userId: string; readonly sandboxUserId: string };
beforeAll(async () => {
  if (!hasConsent) return;
  system = await startSystem();
  const { userId, sandboxUserId } = await system.connect("probed");
  person = { userId, sandboxUserId };
  await system.control("POST", `/_sandbox/users/${sandboxUserId}/generate`, { days: 5, apis: "both" });
});
afterAll(() => system?.close());
afterEach(() => system?.control("DELETE", "/_sandbox/v4/switches"));

const switches = (changes: object) => system.control("PUT", "/_sandbox/v4/switches", changes);

async function run(check: string, ...options: string[]): Promise<readonly ProbeFinding[]> {
  const response = await system.admin("POST", `/users/${person.userId}/probe`, { check, options });
  const { findings, error } = (await response.json()) as Json;
  expect([response.status, error]).toEqual([200, null]);
  return findings;
}
const verdicts = async (check: string, ...options: string[]) =>
  (await run(check, ...options)).map(({ verdict }) => verdict);
const asked = async (): Promise<Json[]> =>
  ((await (await system.control("GET", "/_sandbox/requests")).json()) as Json).requests;
const grantOf = async (): Promise<string> => {
  const [row] = await system.query<{ grant_sealed: Buffer }>(
    "SELECT grant_sealed FROM connections WHERE user_id = $1",
    [person.userId],
  );
  return row?.grant_sealed.toString("hex") ?? "";
};

describe.skipIf(!hasConsent)("the probe", () => {
  it("tells which scopes were granted, and how long the token lives", async () => {
    const [found] = await run("consent");
    expect(found?.facts.granted).toContain("sleep:read");
    expect(found?.facts["can be renewed"]).toBe(true);
    expect(found?.facts["seconds left of the access token"]).toBeGreaterThan(3_000);
  });

  it.each([
    ["always", "The refresh token rotates with each renewal.", 3599],
    ["never", "The refresh token stays the same.", 60_000],
    ["repeated", "The refresh token stays the same.", 43_199],
  ])("renews twice only when asked, and stores each: %s", async (refresh_rotation, verdict, expires_in) => {
    await switches({ refresh_rotation, expires_in });
    const before = await grantOf();
    const [found] = await run("rotation", "rotate-twice");
    expect(found?.verdict).toBe(verdict);
    expect(found?.facts["seconds of the second new token"]).toBeGreaterThan(expires_in - 10);
    expect(await grantOf()).not.toBe(before);
    // The token that is stored now works.
    expect(await verdicts("limits")).toHaveLength(1);
  });

  it.each([
    ["always", "v3 accepts the token of v4."],
    ["never", "v3 does not know the token of v4, or the person is not registered."],
  ])("tries v3 with the token of v4: %s", async (v3_accepts_v4_token, verdict) => {
    await switches({ v3_accepts_v4_token });
    expect(await verdicts("v3-token")).toEqual([verdict]);
  });

  it("registers at v3 only when asked", async () => {
    const [first, second] = await verdicts("v3-registration", "register");
    expect(["The person is registered already.", "v3 registers a person of v4."]).toContain(first);
    expect(second).toBe("v3 accepts the token of v4.");
    await switches({ v3_registers_v4_token: false });
    expect((await verdicts("v3-registration", "register"))[0]).toBe("v3 does not register the person.");
  });

  it("tells whether the client has a webhook", async () => {
    await system.ensureSubscriptions();
    const [found] = await run("v3-webhook");
    expect(found?.facts.events).toContain("EXERCISE");
    expect(JSON.stringify(found)).not.toContain(system.server.url);
  });

  it.each([
    ["end", "session", "on the session"],
    ["start", "exercise", "on the exercise"],
  ])(
    "tells a lap's %s, and a training load of the %s",
    async (lap_split_time, training_load_report, place) => {
      await switches({ lap_split_time, training_load_report });
      const [listed, full] = await run("session");
      expect(listed?.facts.sessions).toBeGreaterThan(0);
      expect(full?.verdict).toBe(`splitTimeMillis is the ${lap_split_time} of a lap.`);
      expect(full?.facts.trainingLoadReport).toBe(place);
    },
  );

  it.each([
    ["live", "as of the live gateway"],
    ["swagger", "as in the Swagger"],
    ["unknown", "Systole would refuse this body"],
  ])("tells the wrapper: %s", async (wrapper, words) => {
    await switches({ wrapper });
    const found = (await run("bodies")).find(({ request }) => request?.includes("/activity/list"));
    expect(found?.verdict).toContain(words);
  });

  it.each([
    ["empty-list", "an empty list"],
    ["empty-object", "{}"],
    ["no-content", "204"],
    ["not-found", "404"],
  ])("walks back until three windows are empty, and tells how: %s", async (empty, words) => {
    await switches({ empty });
    const [summary, ...windows] = await run("depth");
    expect(summary?.verdict).toBe("The walk ended where three windows were empty.");
    expect(windows.at(-1)?.verdict).toContain(`Nothing there: ${words}`);
    expect(windows.length).toBeLessThan(8);
  });

  it.each([
    ["pair", "The three headers that are known are there."],
    ["none", "No headers about limits: Systole counts by itself."],
  ])("tells the headers about limits: %s", async (rate_headers, verdict) => {
    await switches({ rate_headers });
    expect(await verdicts("limits")).toEqual([verdict]);
  });

  it("makes no check that changes something without its option", async () => {
    for (const check of ["rotation", "v3-registration", "v3-end"]) {
      const response = await system.admin("POST", `/users/${person.userId}/probe`, { check });
      expect(((await response.json()) as Json).code).toBe("PROBE_CHECK_UNKNOWN");
    }
  });
});

/** Values that must be in no report: each stands in one of the person's bodies. */
const today = new Date().toISOString().slice(0, 10);
const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const canaries = {
  "v4-account-data": {
    firstName: "Canarina",
    email: "canary@example.org",
    physicalInformation: { birthday: "1987-06-05", weight: 61.372, sex: "CANARY_SEX" },
    localizationSettings: { timezoneOffsetMinutes: 345 },
    "1234567890": "canary-key",
  },
  "v4-calendar": { date: yesterday, notes: "canary slept badly", weight: 61.372 },
  "v4-skin-contacts": {
    startTime: `${yesterday}T03:21:09.123Z`,
    deviceReference: { uuid: "CANARY-7F-DEVICE" },
  },
  "v4-user-devices": { devicesData: [{ serial: "CANARY-SERIAL-77" }], userDevicesData: {} },
  "v4-routes": { identifier: { id: "77" }, wayPoints: [{ latitude: 61.498765, longitude: 23.761234 }] },
};
const secrets = [
  "anar",
  "ANARY",
  "1987",
  "61.372",
  "1234567890",
  "03:21:09",
  "61.498",
  "23.761",
  today,
  yesterday,
];

describe.skipIf(!hasConsent)("the command", () => {
  const env = () => ({ SYSTOLE: system.server.url, ADMIN_TOKEN: credentials.adminToken });
  const command = (...args: string[]) => runSystole(["polar", "probe", ...args], env());

  it("changes nothing, and prints a report without a personal value", async () => {
    for (const [resource, body] of Object.entries(canaries)) {
      const path = `/_sandbox/users/${person.sandboxUserId}/${resource}?notify=false`;
      expect((await system.control("PUT", path, body)).status).toBeLessThan(300);
    }
    const before = await grantOf();
    const earlier = (await asked()).length;
    const { exitCode, output } = await command("--user", person.userId);
    expect(exitCode).toBe(0);
    expect(output).toContain("# Probe of Polar");
    expect(output).toContain("Not made: it needs --rotate-twice");
    expect(await grantOf()).toBe(before);
    const requests = (await asked()).slice(earlier);
    expect(requests.length).toBeGreaterThan(10);
    expect(requests.filter(({ method }) => method !== "GET")).toEqual([]);
    for (const secret of secrets) expect(output).not.toContain(secret);
    expect(output).not.toContain(person.sandboxUserId);
    expect(output).not.toContain(person.userId);
  });

  it("prints the same as JSON", async () => {
    const { exitCode, output } = await command("--user", person.userId, "--json");
    expect(exitCode).toBe(0);
    const { checks } = JSON.parse(output.slice(output.indexOf("{\n"))) as Json;
    expect(checks.map(({ name }: Json) => name)).toContain("depth");
  });

  it("says what is missing or unknown", async () => {
    expect((await command()).exitCode).toBe(2);
    expect(await command("--user", "nobody")).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining("USER_NOT_FOUND"),
    });
  });
});
