import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  createEnvironment,
  startTestStore,
  type TestEnvironment,
  type TestStore,
} from "../../../test/support/database.ts";
import { createWebhook } from "../../../test/support/delivery.ts";
import {
  identical,
  KeptPerson,
  keepSome,
  nextVersion,
  polar,
  renormalize,
} from "../../../test/support/kept-person.ts";
import { capturedBodies, payloadsAreThere } from "../../../test/support/payloads.ts";
import { activityDay, exercise, heartRateDay, night, recharge } from "../../../test/support/polar-bodies.ts";
import { withSummaryId } from "../../models/index.ts";
import { fixture, fixtureNames } from "../../providers/polar/testing/bodies.ts";
import type { Resource } from "../../providers/provider.ts";
import { readFrames } from "../../store/records.ts";
import { decompress } from "../../store/zstd.ts";

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

const run = (provider = polar, asked: Parameters<typeof renormalize>[3] = {}) =>
  renormalize(test.store, environment.environmentId, provider, asked);
const dry = { options: { dryRun: true } };

/**
 * Restores the state before the migration: the night's hash is that of its former text, with the natural key
 * as its id.
 */
async function asBeforeMigration(): Promise<void> {
  const id = { ...person.id, type: "sleep" } as const;
  const [frame] = await readFrames(test.store, id, ["2026-03-02"]);
  if (frame === undefined) throw new Error("no night");
  const text = (await decompress(frame.zstd, frame.bytes)).toString("utf8");
  const former = JSON.stringify(withSummaryId(JSON.parse(text), "2026-03-02"));
  await test.store.db
    .updateTable("records")
    .set({ content_hash: createHash("sha256").update(former).digest() })
    .where("user_id", "=", person.id.userId)
    .where("type", "=", "sleep")
    .execute();
}
const events = () =>
  test.store.db
    .selectFrom("events")
    .select(["type", "records", "trace_id"])
    .where("environment_id", "=", environment.environmentId)
    .orderBy("event_id")
    .execute();

/** Changes active calories, as if the formula had been wrong until now. */
const corrected = nextVersion("daily", (record) => ({
  ...record,
  calories_data: { ...(record.calories_data as object), total_burned_calories: 4_711 },
}));

describe("rebuilding with the same mapping", () => {
  it("writes nothing and sends nothing", async () => {
    await keepSome(person);
    const [rows, sent] = [await person.rows(), await events()];
    const job = await run(polar, { options: { sendEvents: true } });
    expect(job).toMatchObject({
      state: "done",
      totals: { records: 6, payloads: 6 },
      counts: {
        records: 6,
        payloads: 6,
        types: { activity: identical(2), daily: identical(3), sleep: identical(1) },
        unreadable: {},
        events: 0,
      },
      differences: [],
    });
    expect(job.finished_at).toBeInstanceOf(Date);
    expect(await person.rows()).toEqual(rows);
    expect(await events()).toEqual(sent);
  });

  it("makes the same bytes, whatever order the bodies were fetched in", async () => {
    const date = fc.constantFrom("2026-03-01", "2026-03-02");
    const body = fc.oneof(
      fc.tuple(fc.constant("activity"), date, fc.integer({ min: 0, max: 3 })),
      fc.tuple(fc.constant("continuous-heart-rate"), date, fc.integer({ min: 60, max: 62 })),
      fc.tuple(fc.constant("sleep"), date, fc.integer({ min: 1, max: 3 })),
      fc.tuple(fc.constant("nightly-recharge"), date, fc.integer({ min: 50, max: 52 })),
      fc.tuple(fc.constant("exercise"), fc.constantFrom("x1", "x2"), fc.integer({ min: 1, max: 3 })),
    );
    const bodyOf = (resource: string, key: string, value: number): unknown => {
      if (resource === "activity") return activityDay(key, { steps: value });
      if (resource === "continuous-heart-rate") return heartRateDay(key, [["10:00:00", value]]);
      if (resource === "sleep") return night(key, "2026-02-28", { sleep_rating: value });
      if (resource === "nightly-recharge") return recharge(key, { heart_rate_avg: value });
      return exercise(key, { calories: value });
    };
    await fc.assert(
      fc.asyncProperty(fc.array(body, { minLength: 1, maxLength: 12 }), async (bodies) => {
        environment = await createEnvironment(test.store);
        person = await KeptPerson.connect(test.store, environment);
        for (const [resource, key, value] of bodies) {
          await person.keep(resource, key, bodyOf(resource, key, value));
        }
        const rows = await person.rows();
        const { counts } = await run();
        expect(await person.rows()).toEqual(rows);
        const made = Object.values(counts.types);
        expect(made.reduce((sum, type) => sum + type.identical, 0)).toBe(rows.length);
      }),
      { numRuns: 15 },
    );
  });

  it("makes the same bytes of every fixture", async () => {
    for (const name of fixtureNames()) {
      // A fixture belongs to the resource that can read it.
      for (const { name: resource, parts, entries } of polar.resources) {
        if (entries !== undefined || resource.startsWith("exercise-") || !reads(parts, fixture(name)))
          continue;
        await person.keep(resource, "*", fixture(name));
      }
    }
    await expectTheSame();
  });

  it.skipIf(!payloadsAreThere)("makes the same bytes of bodies captured from devices", async () => {
    for (const [folder, resource] of [
      ["activities", "activity"],
      ["continuous-heart-rate", "continuous-heart-rate"],
      ["exercises", "exercise"],
      ["nightly-recharge", "nightly-recharge"],
      ["sleep", "sleep"],
    ] as const) {
      for (const { name, text } of capturedBodies(folder)) {
        await person.keep(resource, `* ${name}`, JSON.parse(text));
      }
    }
    await expectTheSame();
  });

  async function expectTheSame(): Promise<void> {
    const rows = await person.rows();
    const { counts, differences } = await run();
    expect(differences).toEqual([]);
    const made = Object.values(counts.types);
    expect(made.reduce((sum, type) => sum + type.identical, 0)).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(5);
    expect(await person.rows()).toEqual(rows);
  }

  const reads = (parts: Resource["parts"], body: unknown): boolean => {
    try {
      return parts("*", body).length > 0;
    } catch {
      return false;
    }
  };

  it("notes another version with the same result, without a revision", async () => {
    await keepSome(person);
    const before = await person.rows();
    await run(nextVersion("none", (record) => record));
    expect(await person.rows()).toEqual(
      before.map((row) => ({ ...row, mapper_version: polar.mapperVersion + 1 })),
    );
  });
});

describe("rebuilding with another mapping", () => {
  it("makes a revision of each record that differs, and sends nothing unless asked", async () => {
    await keepSome(person);
    await createWebhook(test.store, environment.environmentId, "http://127.0.0.1:9/");
    const [before, sent] = [await person.rows(), await events()];
    const job = await run(corrected);
    expect(job.counts.types).toEqual({
      activity: identical(2),
      daily: { ...identical(0), changed: 3 },
      sleep: identical(1),
    });
    const after = await person.rows();
    expect(after.map(({ type, revision }) => [type, revision])).toEqual(
      before.map(({ type, revision }) => [type, type === "daily" ? revision + 1 : revision]),
    );
    expect(await events()).toEqual(sent);
    const [frame] = await readFrames(test.store, { ...person.id, type: "daily" }, ["2026-03-01"]);
    expect(JSON.parse(String(await decompress((frame as { zstd: Buffer }).zstd)))).toMatchObject({
      calories_data: { total_burned_calories: 4_711 },
    });
    expect((await run(corrected)).counts.types.daily).toEqual(identical(3));
  });

  it("sends an event for each revision when asked, with a delivery to each destination that takes it", async () => {
    await keepSome(person);
    const { destinationId } = await createWebhook(
      test.store,
      environment.environmentId,
      "http://127.0.0.1:9/",
    );
    const [before, sent] = [await person.rows(), await events()];
    const job = await run(corrected, { options: { sendEvents: true } });
    expect(job.counts.events).toBe(3);
    const fresh = (await events()).slice(sent.length);
    const told = fresh
      .map(({ records }) => records[0])
      .sort((a, b) => (a && b && a.naturalKey < b.naturalKey ? -1 : 1));
    expect(told).toEqual(
      before
        .filter(({ type }) => type === "daily")
        .map((row) => ({ type: "daily", naturalKey: row.natural_key, revision: row.revision + 1 })),
    );
    expect(fresh[0]?.trace_id).toContain(job.renormalization_id);
    const deliveries = await test.store.db
      .selectFrom("deliveries")
      .select("destination_id")
      .where("environment_id", "=", environment.environmentId)
      .execute();
    expect(deliveries).toEqual(Array(3).fill({ destination_id: destinationId }));
  });

  it("dry: reports what would differ, by paths and never by values, and writes nothing", async () => {
    await keepSome(person);
    const [before, sent] = [await person.rows(), await events()];
    const job = await run(corrected, { options: { dryRun: true, sendEvents: true } });
    expect(job.counts).toMatchObject({
      events: 0,
      types: { daily: { changed: 3, identical: 0 }, sleep: identical(1) },
    });
    const path = "calories_data.total_burned_calories";
    expect(job.differences).toEqual([
      {
        type: "daily",
        path,
        kind: "changed",
        records: 3,
        example: { userId: person.id.userId, naturalKey: "2026-03-01", path },
      },
    ]);
    // Compared as whole values: an id or a hash may contain such digits.
    expect(JSON.stringify(job)).not.toMatch(/[:,[]"?(4711|2200)"?[,}\]]/);
    expect(await person.rows()).toEqual(before);
    expect(await events()).toEqual(sent);
  });

  it("dry: names the id that migration 0010 gave a night in its text", async () => {
    await keepSome(person);
    await asBeforeMigration();
    const { counts, differences } = await run(polar, dry);
    expect(counts.types.sleep).toMatchObject({ changed: 1, identical: 0 });
    expect(differences).toMatchObject([
      { type: "sleep", path: "metadata.summary_id", kind: "changed", records: 1 },
    ]);
  });

  it("can be limited to a person, a type, a range of days", async () => {
    await keepSome(person);
    const other = await KeptPerson.connect(test.store, environment);
    await other.keep("activity", "*", [activityDay("2026-03-02")]);
    const of = async (filter: object) => {
      const { counts, totals } = await run(corrected, { filter, ...dry });
      expect(counts.records).toBe(totals.records);
      return Object.fromEntries(
        Object.entries(counts.types).map(([type, found]) => [
          type,
          found.changed + found.identical + found.new,
        ]),
      );
    };
    expect(await of({})).toEqual({ activity: 2, daily: 4, sleep: 1 });
    expect(await of({ userIds: [other.id.userId] })).toEqual({ daily: 1 });
    expect(await of({ types: ["sleep", "activity"] })).toEqual({ activity: 2, sleep: 1 });
    expect(await of({ from: "2026-03-03" })).toEqual({ activity: 1, daily: 1 });
    expect(await of({ from: "2026-03-01", to: "2026-03-01" })).toEqual({ daily: 1, sleep: 1 });
  });
});

it("reads a list once for all the records that hold parts of it", async () => {
  const days = Array.from({ length: 28 }, (_, day) => `2026-02-${String(day + 1).padStart(2, "0")}`);
  await person.keep(
    "activity",
    "*",
    days.map((date) => activityDay(date)),
  );
  let decoded = 0;
  const counting = {
    ...polar,
    resources: polar.resources.map((one) => ({
      ...one,
      decode(body: Buffer) {
        decoded++;
        return one.decode(body);
      },
    })),
  };
  expect((await run(counting)).counts.types).toEqual({ daily: identical(28) });
  expect(decoded, "once for the records, once for what is missing").toBe(2);
});
