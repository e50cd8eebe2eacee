import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  createEnvironment,
  startTestStore,
  type TestEnvironment,
  type TestStore,
} from "../../../test/support/database.ts";
import {
  identical,
  KeptPerson,
  keepSome,
  nextVersion,
  polar,
  renormalize,
} from "../../../test/support/kept-person.ts";
import { exercise, night, recharge } from "../../../test/support/polar-bodies.ts";
import { keep } from "../../api/testing/data.ts";
import { ProviderError } from "../../providers/provider.ts";

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

describe("data in raw payloads that no record has", () => {
  const withoutNights = { ...polar, normalizers: polar.normalizers.filter(({ type }) => type !== "sleep") };

  it("is made into records: parts that are mapped for the first time", async () => {
    await person.keep("sleep", "*", { nights: [night("2026-03-02", "2026-03-01")] }, withoutNights);
    await person.keep("nightly-recharge", "2026-03-02", recharge("2026-03-02"), withoutNights);
    // A recharge without its night makes nothing, neither then nor now.
    await person.keep("nightly-recharge", "2026-03-05", recharge("2026-03-05"), withoutNights);
    expect(await person.rows()).toEqual([]);
    const made = { sleep: { ...identical(0), new: 1 } };
    // One payload per batch: the night is in two of them and is counted once.
    const onePerBatch = { options: { dryRun: true, recordsPerSecond: 1 } };
    expect((await run(polar, onePerBatch)).counts.types).toEqual(made);
    expect(await person.rows()).toEqual([]);
    expect((await run(polar, { filter: { types: ["daily"] } })).counts.types).toEqual({});
    expect((await run(polar, { filter: { to: "2026-02-01" } })).counts.types).toEqual({});
    expect((await run(polar, { options: { sendEvents: true } })).counts).toMatchObject({
      types: made,
      events: 1,
    });
    const [row] = await person.rows();
    expect(row).toMatchObject({ type: "sleep", natural_key: "2026-03-02", revision: 1 });
    expect(row?.raw_payload_ids).toHaveLength(2);
    expect((await run()).counts.types).toEqual({ sleep: identical(1) });
  });

  it("is made into records: bodies that an older version could not read, unless they were fetched again", async () => {
    const unreadable = () => {
      throw new ProviderError("PROVIDER_BODY_INVALID", "later", {});
    };
    const strict = { ...polar, resources: polar.resources.map((one) => ({ ...one, parts: unreadable })) };
    await person.keep("exercise", "*", [exercise("e1"), exercise("e2", { calories: 5 })], strict);
    const found = await person.keep("exercise", "e1", exercise("e1", { calories: 9 }), strict);
    expect((await run(polar, dry)).counts.types).toEqual({ activity: { ...identical(0), new: 2 } });
    // One payload per batch: the older body is found first.
    const { counts } = await run(polar, { options: { recordsPerSecond: 1 } });
    expect(counts.types).toEqual({ activity: { ...identical(0), new: 2, changed: 1 } });
    const [e1, e2] = await person.rows();
    // The newer one of the two bodies counts.
    expect(e1).toMatchObject({ natural_key: "e1", raw_payload_ids: [found], revision: 2 });
    expect(e2).toMatchObject({ natural_key: "e2", revision: 1 });
    const again = await person.keep("exercise", "e1", exercise("e1", { calories: 10 }));
    expect((await run()).counts.types).toEqual({ activity: identical(2) });
    expect((await person.rows())[0]).toMatchObject({ raw_payload_ids: [again], revision: 3 });
    expect((await run(strict)).counts).toMatchObject({
      types: { activity: { ...identical(0), unmakeable: { PROVIDER_BODY_INVALID: 2 } } },
      unreadable: { PROVIDER_BODY_INVALID: 2 },
    });
  });
});

describe("a record that cannot be made", () => {
  it("stays as it is and is counted with the reason", async () => {
    await keepSome(person);
    await keep(test.store, person.connection, "body", {
      metadata: { start_time: "2026-03-01T00:00:00.000000", end_time: "2026-03-01T00:00:00.000000" },
    } as never);
    await test.store.db
      .updateTable("records")
      .set({ mapper_version: 99 })
      .where("user_id", "=", person.id.userId)
      .where("natural_key", "=", "e1")
      .execute();
    const before = await person.rows();
    const broken = nextVersion("daily", ({ metadata }) => {
      const { start_time } = metadata as { start_time: string };
      if (start_time.startsWith("2026-03-01")) throw new Error("a mistake in the mapping");
      return null;
    });
    const { counts } = await run(broken);
    expect(counts.types).toEqual({
      activity: { ...identical(1), unmakeable: { RECORD_MAPPER_NEWER: 1 } },
      body: { ...identical(0), unmakeable: { RECORD_RAW_MISSING: 1 } },
      daily: { ...identical(0), unmakeable: { INTERNAL: 1, RECORD_NOT_MADE: 2 } },
      sleep: identical(1),
    });
    const contents = (rows: typeof before) =>
      rows.map(({ mapper_version, ...row }) => ({ ...row, created_at: null }));
    expect(contents(await person.rows())).toEqual(contents(before));
  });

  it("does not lose a part that a newer version cannot read", async () => {
    await keepSome(person);
    const before = await person.rows();
    const strict = {
      ...polar,
      mapperVersion: polar.mapperVersion + 1,
      resources: polar.resources.map((one) =>
        one.name === "nightly-recharge"
          ? {
              ...one,
              parts() {
                throw new ProviderError("PROVIDER_BODY_INVALID", "never", {});
              },
            }
          : one,
      ),
    };
    const { counts } = await run(strict);
    expect(counts.types.sleep).toEqual({ ...identical(0), unmakeable: { PROVIDER_BODY_INVALID: 1 } });
    const sleep = (rows: typeof before) => rows.find(({ type }) => type === "sleep");
    expect(sleep(await person.rows())).toEqual(sleep(before));
  });

  it("is one whose body twice ended its reader: it stays, the others are rebuilt, and the body is not read again", async () => {
    const data = Array(200_000).fill("100").join(",");
    const large = exercise("hostile", { samples: [{ recording_rate: 1, sample_type: 0, data }] });
    const rawPayloadId = await person.keep("exercise", "hostile", large);
    await person.keep("exercise", "good", exercise("good"));
    const triesOf = () => test.store.db.selectFrom("raw_payloads").select("parse_tries");
    await test.store.db
      .updateTable("raw_payloads")
      .set({ parse_tries: 2 })
      .where("raw_payload_id", "=", rawPayloadId)
      .execute();
    const before = await person.rows();
    const { counts, state } = await run();
    expect(state).toBe("done");
    expect(counts.types.activity).toEqual({
      ...identical(1),
      unmakeable: { PROVIDER_BODY_UNPARSABLE: 1 },
    });
    expect(await person.rows()).toEqual(before);
    const left = await triesOf().where("raw_payload_id", "=", rawPayloadId).executeTakeFirst();
    expect(left?.parse_tries).toBeGreaterThanOrEqual(2);
  });
});
