/**
 * Cases that failed once: small bodies, with their files, and the right values. Each goes through the whole
 * pipeline, sandbox → notification → fetch → raw → record → REST, for its own person. They are read in place,
 * never copied: see CONTRIBUTING.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DemoPerson } from "../src/demo/person.ts";
import { parseTimestamp } from "../src/models/index.ts";
import { casesAreThere, casesDirectory } from "./support/payloads.ts";
import { type System, startSystem } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

type Json = ReturnType<typeof JSON.parse>;

interface Case {
  readonly name: string;
  readonly resource: string;
  readonly body: Json;
  readonly clock?: string;
  readonly fit_hex?: string;
  readonly tcx?: string;
  readonly expected: Readonly<Record<string, unknown>>;
}

/** The days of the bodies lie a week before. */
const defaultClock = "2026-11-28T12:00:00Z";

const types: Readonly<Record<string, string>> = {
  exercises: "activity",
  activities: "daily",
  "continuous-heart-rate": "daily",
  sleep: "sleep",
  "physical-info": "body",
};

const cases: Case[] = casesAreThere
  ? readdirSync(casesDirectory)
      .filter((file) => file.endsWith(".json"))
      .map((file) => JSON.parse(readFileSync(path.join(casesDirectory, file), "utf8")))
  : [];

let system: System;
beforeAll(async () => {
  if (casesAreThere) system = await startSystem();
});
afterAll(() => system?.close());

async function put(person: DemoPerson, what: string, body: unknown): Promise<void> {
  const where = `${system.server.sandboxUrl}/_sandbox/users/${person.sandboxUserId}/${what}`;
  const bytes = body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
  const headers = { "content-type": "application/octet-stream" };
  const response = await fetch(where, { method: "PUT", headers, body: bytes });
  expect(response.status, await response.text()).toBe(200);
}

/** Uploads the body after its files, which exist when the notification arrives, as at Polar. */
async function upload(person: DemoPerson, { name, resource, body, fit_hex, tcx }: Case): Promise<void> {
  if (resource !== "exercises") return put(person, resource, body);
  const exercise = { ...body, id: name.replaceAll(/[^A-Za-z0-9]/g, "") };
  await put(person, `${resource}?notify=false`, exercise);
  if (fit_hex !== undefined) await put(person, `${resource}/${exercise.id}/fit`, Buffer.from(fit_hex, "hex"));
  if (tcx !== undefined) await put(person, `${resource}/${exercise.id}/tcx`, Buffer.from(tcx));
  await put(person, resource, exercise);
}

async function recordOf(person: DemoPerson, { resource }: Case): Promise<Json> {
  const range = "start_date=2026-01-01&to_webhook=false&with_samples=true";
  const response = await system.read(`/v2/${types[resource]}?user_id=${person.userId}&${range}`);
  return ((await response.json()) as Json).data?.[0];
}

/** Returns the record's values at the paths of the expected values, and at paths that have a short name. */
function foundIn(record: Json, { expected }: Case): Record<string, unknown> {
  return Object.fromEntries(Object.keys(expected).map((at) => [at, rounded(valueAt(record, at))]));
}

/** Expected values are written with four decimals. */
const rounded = (value: unknown) => (typeof value === "number" ? Math.round(value * 1e4) / 1e4 : value);

function valueAt(record: Json, at: string): unknown {
  if (at !== "lastHeartRateInstantNotAfterEnd")
    return at.split(".").reduce<Json>((value, step) => value?.[step], record) ?? null;
  const last = record?.heart_rate_data.detailed.hr_samples.at(-1).timestamp;
  return record && (instantOf(last) ?? Number.NaN) <= (instantOf(record.metadata.end_time) ?? 0);
}

const instantOf = (timestamp: string) => parseTimestamp(timestamp).instantEpochMs;

describe.skipIf(!casesAreThere)("a case that failed once is right", () => {
  it.each(cases)("$name", async (one) => {
    await system.control("PUT", "/_sandbox/clock", { now: one.clock ?? defaultClock });
    const person = await system.connect(one.name);
    await upload(person, one);
    let found: Record<string, unknown> = {};
    await waitFor(
      "the values",
      async () => {
        found = foundIn(await recordOf(person, one), one);
        return JSON.stringify(found) === JSON.stringify(one.expected);
      },
      120_000,
    ).catch(() => expect(found).toEqual(one.expected));
  });
});
