/** Tries to read a body: which are counted, and when the body is given up. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../../test/support/database.ts";
import { collectingLog } from "../../../test/support/delivery.ts";
import { KeptPerson, polar } from "../../../test/support/kept-person.ts";
import { exercise } from "../../../test/support/polar-bodies.ts";
import { waitFor } from "../../../test/support/wait.ts";
import { activityNormalizer } from "../../providers/polar/normalize/activity.ts";
import { openDatabase } from "../../store/database.ts";
import { beginParsing } from "../../store/raw-payloads.ts";
import { type RecordText, summaryJson, wholeJson } from "../record-text.ts";
import { StoppedError } from "../stopped.ts";
import { normalizedText } from "./normalized-text.ts";
import { Parsing } from "./parsing.ts";
import { ParserPool } from "./pool.ts";

let test: TestStore;
let person: KeptPerson;
let parsing: Parsing;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  person = await KeptPerson.connect(test.store, await createEnvironment(test.store));
  parsing = parsingWith();
});
afterEach(() => parsing.close());

const { log } = collectingLog();
const parsingWith = (limits: ConstructorParameters<typeof ParserPool>[0] = {}) =>
  new Parsing({ store: test.store, log, pool: new ParserPool(limits) });

const series = (sample_type: number) => ({
  recording_rate: 1,
  sample_type,
  data: Array(80_000).fill("100").join(","),
});
const large = exercise("e1", { duration: "PT80000S", samples: [0, 1, 2, 3, 4, 10].map(series) });
const body = Buffer.from(JSON.stringify(large));

/** Keeps a body as a fetch does before it is read. */
async function keep() {
  const rawPayloadId = await person.keep("exercise", "e1", exercise("e1"));
  const kept = { ...person.id, rawPayloadId, provider: polar, resource: "exercise", key: "e1" };
  return { kept, bodies: { ...person.id, rawPayloadIds: [rawPayloadId] } };
}

async function triesOf({ rawPayloadId }: { readonly rawPayloadId: string }): Promise<number | undefined> {
  const query = test.store.db.selectFrom("raw_payloads").select("parse_tries");
  return (await query.where("raw_payload_id", "=", rawPayloadId).executeTakeFirst())?.parse_tries;
}

const making = (parts: Parameters<typeof activityNormalizer.normalize>[0]) => ({
  provider: polar,
  normalizer: polar.normalizers.find(({ type }) => type === "activity") ?? activityNormalizer,
  naturalKey: "e1",
  parts,
});

describe("a large body", () => {
  it("counts a try while it is read and while a record is made of it, and none afterwards", async () => {
    const { kept, bodies } = await keep();
    const splitting = parsing.split(kept, body);
    await waitFor("the try", async () => (await triesOf(kept)) === 1);
    const { parts, failed } = await splitting;
    expect([failed, await triesOf(kept)]).toEqual([null, 0]);
    const made = parsing.normalize(making(parts.filter(({ resource }) => resource === "exercise")), bodies);
    await waitFor("the try", async () => (await triesOf(kept)) === 1);
    const { normalizer } = making([]);
    const own = parts.filter(({ resource }) => resource === "exercise");
    // In this process, without the thread.
    const here = normalizedText(normalizer, own, "e1") as RecordText;
    const there = (await made) as RecordText;
    expect(there.summary).toEqual(here.summary);
    expect(there.summary).toMatchObject({
      metadata: { summary_id: "e1" },
      power_data: { power_samples: [] },
    });
    for (const id of ["e1", "another"]) {
      expect(wholeJson(there, id).equals(wholeJson(here, id)), id).toBe(true);
      expect(JSON.parse(String(wholeJson(there, id))).metadata.summary_id).toBe(id);
      expect(summaryJson(there, id)).toBe(summaryJson(here, id));
    }
    expect(await triesOf(kept)).toBe(0);
  });

  it("is given up after two tries without an end, whichever two", async () => {
    const { kept, bodies } = await keep();
    const { parts } = await parsing.split(kept, body);
    // The state that a killed process leaves.
    await beginParsing(test.store.db, bodies);
    expect((await parsing.split(kept, body)).failed).toBeNull();
    await beginParsing(test.store.db, bodies);
    const own = parts.filter(({ resource }) => resource === "exercise");
    await expect(parsing.normalize(making(own), bodies)).rejects.toMatchObject({
      code: "PROVIDER_BODY_UNPARSABLE",
      retry: "never",
    });
    expect((await parsing.split(kept, body)).failed).toMatchObject({
      code: "PROVIDER_BODY_UNPARSABLE",
      retry: "never",
    });
  });

  it("ends a worker for lack of memory once, is tried again, and is then given up", async () => {
    const { kept } = await keep();
    await parsing.close();
    parsing = parsingWith({ memoryMb: 8 });
    const failures = [];
    for (let time = 0; time < 3; time++) failures.push((await parsing.split(kept, body)).failed);
    expect(failures.map((failed) => [failed?.code, failed?.retry, failed?.details.reason])).toEqual([
      ["PROVIDER_BODY_UNPARSABLE", "later", "memory"],
      ["PROVIDER_BODY_UNPARSABLE", "never", "memory"],
      ["PROVIDER_BODY_UNPARSABLE", "never", "given up"],
    ]);
  });

  it("counts one try, however many callers want it at the same time", async () => {
    const { kept } = await keep();
    const all = await Promise.all(Array.from({ length: 5 }, () => parsing.split(kept, body)));
    expect(all.map(({ failed }) => failed)).toEqual(Array(5).fill(null));
    expect(await triesOf(kept)).toBe(0);
  });

  it("is read while all other connections wait, as they do for a person's lock that the reader holds", async () => {
    const { kept } = await keep();
    const database = await openDatabase(test.connectionString, 1);
    const waiting = new Parsing({ store: database, log });
    const { failed } = await database.db.transaction().execute(() => waiting.split(kept, body));
    expect(failed).toBeNull();
    expect(await triesOf(kept)).toBe(0);
    await waiting.close();
    await database.close();
  });

  it("is not held responsible when the process ends meanwhile", async () => {
    const { kept } = await keep();
    const splitting = parsing.split(kept, body);
    const ended = expect(splitting).rejects.toBeInstanceOf(StoppedError);
    await waitFor("the try", async () => (await triesOf(kept)) === 1);
    await parsing.close();
    await ended;
    expect(await triesOf(kept)).toBe(0);
  });
});
