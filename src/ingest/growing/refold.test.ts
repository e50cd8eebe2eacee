/** Parts that are folded from the beginning equal those that grew body by body, whatever order the bodies came in. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { lagoon } from "../../../test/invented/lagoon/plugin.ts";
import { createEnvironment, startTestStore, type TestStore } from "../../../test/support/database.ts";
import { everything, finish } from "../../../test/support/kept-person.ts";
import { parsingOf } from "../../../test/support/parsing.ts";
import { connect } from "../../api/testing/data.ts";
import { resourceOf } from "../../providers/resource-of.ts";
import type { ConnectionId } from "../../store/connections.ts";
import { keepRawPayload, nextFetchOrder } from "../../store/raw-payloads.ts";
import { compress } from "../../store/zstd.ts";
import { splitBody } from "../parsing/split.ts";
import { runBatch } from "../renormalize/batch.ts";
import { beginRenormalization } from "../renormalize/control.ts";
import { growParts } from "./grow-parts.ts";
import { makeStaleRecords } from "./stale-records.ts";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());

const day = "2026-03-01";
const minute = fc.nat(5).map((minutes) => `${day}T08:0${minutes}:00Z`);
const body = fc.record(
  {
    format: fc.constantFrom("app", "watch"),
    counts: fc.array(
      fc.record({
        at: minute,
        steps: fc.integer({ min: 1, max: 2 }),
        id: fc.option(fc.constantFrom("a", "b", "c")),
      }),
      {
        maxLength: 4,
      },
    ),
    walks: fc.array(fc.constant({ from: `${day}T08:00:00Z`, to: `${day}T08:03:00Z` }), { maxLength: 1 }),
    whole_day: fc.constant(day),
    deleted: fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 1 }),
  },
  { requiredKeys: ["format", "counts"] },
);
type Body = typeof body extends fc.Arbitrary<infer One> ? One : never;

async function newPerson() {
  const environment = await createEnvironment(test.store);
  const { environment_id: environmentId, user_id: userId } = await connect(test.store, environment);
  await test.store.db
    .updateTable("connections")
    .set({ provider: "lagoon" })
    .where("user_id", "=", userId)
    .execute();
  return { environmentId, userId };
}

/** Keeps bodies with these places, and folds them in the order in which they are given. */
async function push(id: ConnectionId, bodies: readonly { readonly body: Body; readonly order: string }[]) {
  const deps = { store: test.store, parsing: parsingOf(test.store) };
  const run = { deps, provider: lagoon, id, task: { trace_id: "test" } };
  for (const { body: given, order } of bodies) {
    const bytes = Buffer.from(
      JSON.stringify({ ...given, deleted_days: given.deleted === undefined ? [] : [day] }),
    );
    const rawPayloadId = await keepRawPayload(test.store.db, {
      resource: "pushes",
      key: "bits",
      connection: id,
      provider: "lagoon",
      request: { method: "POST", path: "/" },
      response: { status: 200, contentType: null, body: bytes },
      taskId: id.userId,
      fetchOrder: order,
    });
    const ref = { resource: "pushes", key: "bits" };
    const { statements } = splitBody(resourceOf(lagoon, ref), ref, bytes, lagoon);
    await growParts(run, rawPayloadId, statements);
  }
  await makeStaleRecords(run);
}

const partsOf = ({ userId }: ConnectionId) =>
  test.store.db
    .selectFrom("grown_parts")
    .select(["resource", "part_key", "content_hash", "is_shadow"])
    .where("user_id", "=", userId)
    .orderBy("resource")
    .orderBy("part_key")
    .execute();

const recordsOf = ({ userId }: ConnectionId) =>
  test.store.db
    .selectFrom("records")
    .select(["type", "natural_key", "content_hash", "revision", "raw_payload_ids"])
    .where("user_id", "=", userId)
    .orderBy("type")
    .orderBy("natural_key")
    .execute();

async function renormalize({ environmentId }: ConnectionId) {
  const job = await beginRenormalization(test.store, environmentId, {
    filter: everything,
    options: { dryRun: false, sendEvents: false, recordsPerSecond: null },
  });
  return finish(test.store, job, lagoon);
}

const contentOf = (parts: Awaited<ReturnType<typeof partsOf>>) =>
  parts.map(({ content_hash, ...part }) => ({ ...part, hash: content_hash.toString("hex") }));

it("is the same whatever order the bodies come in, and the same when it is folded from the beginning", async () => {
  const arrivals = fc
    .uniqueArray(body, { minLength: 1, maxLength: 5, selector: (one) => JSON.stringify(one) })
    .chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all.keys()], { minLength: all.length })),
    );
  await fc.assert(
    fc.asyncProperty(arrivals, async ([bodies, shuffled]) => {
      const [inOrder, mixed] = [await newPerson(), await newPerson()];
      const orders = await Promise.all(bodies.map(() => nextFetchOrder(test.store.db)));
      orders.sort((one, other) => Number(BigInt(one) - BigInt(other)));
      const placed = bodies.map((one, index) => ({ body: one, order: orders[index] ?? "0" }));
      await push(inOrder, placed);
      await push(
        mixed,
        shuffled.flatMap((index) => placed[index] ?? []),
      );
      const [live, records] = [await partsOf(inOrder), await recordsOf(inOrder)];
      expect(contentOf(await partsOf(mixed))).toEqual(contentOf(live));
      await renormalize(mixed);
      await renormalize(inOrder);
      expect(contentOf(await partsOf(mixed))).toEqual(contentOf(live));
      expect(contentOf(await partsOf(inOrder))).toEqual(contentOf(live));
      expect(await recordsOf(inOrder)).toEqual(records);
    }),
    { numRuns: 25 },
  );
});

it("mends parts and records that are not what the bodies say, and makes and deletes records", async () => {
  const id = await newPerson();
  const order = await nextFetchOrder(test.store.db);
  const walk = { from: `${day}T08:00:00Z`, to: `${day}T08:03:00Z` } as const;
  await push(id, [
    {
      body: { format: "app", counts: [{ at: `${day}T08:00:00Z`, steps: 2, id: null }], walks: [walk] },
      order,
    },
  ]);
  const [parts, records] = [await partsOf(id), await recordsOf(id)];
  await test.store.db
    .deleteFrom("grown_parts")
    .where("user_id", "=", id.userId)
    .where("resource", "=", "counts")
    .execute();
  await test.store.db
    .deleteFrom("records")
    .where("user_id", "=", id.userId)
    .where("type", "=", "daily")
    .execute();
  await test.store.db
    .insertInto("grown_parts")
    .values({
      environment_id: id.environmentId,
      user_id: id.userId,
      resource: "counts",
      part_key: "2026-04-01",
      state: Buffer.alloc(0),
      content_hash: Buffer.alloc(32),
      raw_payload_ids: [],
    })
    .execute();
  await renormalize(id);
  expect(await partsOf(id)).toEqual(parts);
  expect((await recordsOf(id)).map(({ type, content_hash }) => [type, content_hash])).toEqual(
    records.map(({ type, content_hash }) => [type, content_hash]),
  );
});

it("takes up what is pushed while it runs", async () => {
  const id = await newPerson();
  const count = (minutes: number) => ({
    format: "app" as const,
    counts: [{ at: `${day}T08:0${minutes}:00Z`, steps: 1, id: null }],
  });
  await push(id, [
    { body: count(1), order: await nextFetchOrder(test.store.db) },
    { body: count(2), order: await nextFetchOrder(test.store.db) },
  ]);
  const job = await beginRenormalization(test.store, id.environmentId, {
    filter: everything,
    options: { dryRun: false, sendEvents: false, recordsPerSecond: null },
  });
  const deps = { store: test.store, parsing: parsingOf(test.store), providerOf: () => lagoon };
  const jobId = { environmentId: id.environmentId, renormalizationId: job.renormalization_id };
  await runBatch(deps, jobId, job.step);
  await push(id, [{ body: count(3), order: await nextFetchOrder(test.store.db) }]);
  const live = contentOf((await partsOf(id)).filter(({ is_shadow }) => !is_shadow));
  await finish(test.store, job, lagoon);
  expect(contentOf(await partsOf(id))).toEqual(live);
});

it("leaves a person's parts as they are when a body can no longer be read", async () => {
  const id = await newPerson();
  const counts = [{ at: `${day}T08:00:00Z`, steps: 1, id: null }];
  await push(id, [{ body: { format: "app", counts }, order: await nextFetchOrder(test.store.db) }]);
  const [parts, records] = [await partsOf(id), await recordsOf(id)];
  await test.store.db
    .updateTable("raw_payloads")
    .set({ body: await compress(Buffer.from("no JSON")) })
    .where("user_id", "=", id.userId)
    .execute();
  const job = await renormalize(id);
  expect(job.counts.unreadable).toMatchObject({ PROVIDER_BODY_INVALID: expect.any(Number) });
  expect(await partsOf(id)).toEqual(parts);
  expect(await recordsOf(id)).toEqual(records);
});
