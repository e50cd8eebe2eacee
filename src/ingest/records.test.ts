import { describe, expect, it } from "vitest";
import { cairn } from "../../test/support/cairn.ts";
import { CairnPerson, daysReply, noteReply } from "../../test/support/cairn-person.ts";
import type { Behaviour } from "../providers/kit/testing/server.ts";
import type { Provider } from "../providers/provider.ts";
import { ConnectionGone } from "../sync/run.ts";
import { type FetchedParts, fetchResource } from "./fetch.ts";
import { makeRecords } from "./records.ts";

const person = new CairnPerson();

/** Fetches what the server has of a resource, and makes the records of it. */
async function ingest(resource: string, answer: Behaviour, provider: Provider = cairn): Promise<number> {
  const run = await person.run({}, { provider });
  return makeRecords(run, await fetched(resource, answer));
}
async function fetched(resource: string, answer: Behaviour): Promise<readonly FetchedParts[]> {
  const key = resource === "day" ? "*" : "2025-03-01";
  person.serve({ [`/${resource}/${key}`]: answer });
  return (await fetchResource(await person.run(), { resource, key })).pages;
}
const events = () =>
  person.store.db
    .selectFrom("events")
    .select(["records", "trace_id", "event_id"])
    .where("user_id", "=", person.id.userId)
    .orderBy("event_id")
    .execute();

describe("records of fetched data", () => {
  it("are made newest first, each with its event", async () => {
    const days = daysReply({ "2025-03-01": 1, "2025-03-03": 3, "2025-03-02": 2 });
    expect(await ingest("day", days)).toBe(3);
    const sent = await events();
    expect(sent.map(({ records }) => records)).toEqual(
      ["2025-03-03", "2025-03-02", "2025-03-01"].map((naturalKey) => [
        { type: "daily", naturalKey, revision: 1 },
      ]),
    );
    expect(sent[0]?.trace_id).toBe("trace:daily:2025-03-03:1");
  });

  it("of the same bodies are not made again, and send nothing; a change is the next revision", async () => {
    await ingest("day", daysReply({ "2025-03-01": 1, "2025-03-02": 2 }));
    expect(await ingest("day", daysReply({ "2025-03-01": 1, "2025-03-02": 2 }))).toBe(0);
    expect(await ingest("day", daysReply({ "2025-03-01": 1, "2025-03-02": 5 }))).toBe(1);
    expect(await person.days()).toEqual({ "2025-03-01": [1, null, 1], "2025-03-02": [5, null, 2] });
    expect(await events()).toHaveLength(3);
  });

  it("are made again of the same bodies by another version of the mapping", async () => {
    await ingest("day", daysReply({ "2025-03-01": 1 }));
    const [normalizer] = cairn.normalizers;
    const normalizers = normalizer
      ? [{ ...normalizer, normalize: () => ({ distance_data: { steps: 9 }, device_data: { name: null } }) }]
      : [];
    const next = { ...cairn, mapperVersion: 2, normalizers };
    expect(await ingest("day", daysReply({ "2025-03-01": 1 }), next)).toBe(1);
    expect(await person.days()).toEqual({ "2025-03-01": [9, null, 2] });
  });

  it("are deleted when their parts no longer make one, unless a part of them can no longer be read", async () => {
    await ingest("note", noteReply("of the day"));
    await ingest("day", daysReply({ "2025-03-01": 1 }));
    const rejecting = {
      ...cairn,
      normalizers: cairn.normalizers.map((normalizer) => ({ ...normalizer, normalize: () => null })),
    };
    const withoutDays = {
      ...rejecting,
      resources: cairn.resources.filter(({ name }) => name !== "day"),
    };
    expect(await ingest("note", noteReply("changed"), withoutDays)).toBe(0);
    expect(await person.days()).toEqual({ "2025-03-01": [1, "of the day", 1] });
    expect(await ingest("note", noteReply("changed again"), rejecting)).toBe(1);
    expect(await person.days()).toEqual({});
  });

  it("are made of all parts that belong together, in whatever order these arrive", async () => {
    expect(await ingest("note", noteReply("before its day"))).toBe(0);
    expect(await person.days()).toEqual({});
    expect(await ingest("day", daysReply({ "2025-03-01": 1 }))).toBe(1);
    expect(await ingest("note", noteReply("after it"))).toBe(1);
    expect(await person.days()).toEqual({ "2025-03-01": [1, "after it", 2] });
  });

  it("are made of the newest bodies, though an older one is worked last", async () => {
    const run = await person.run();
    const older = await fetched("day", daysReply({ "2025-03-01": 1 }));
    const newer = await fetched("day", daysReply({ "2025-03-01": 2 }));
    await makeRecords(run, newer);
    expect(await makeRecords(run, older)).toBe(0);
    expect(await person.days()).toEqual({ "2025-03-01": [2, null, 1] });
  });

  it("are made once by two workers at the same time", async () => {
    const parts = await fetched("day", daysReply({ "2025-03-01": 1 }));
    const runs = [await person.run(), await person.run()];
    const changed = await Promise.all(runs.map((run) => makeRecords(run, parts)));
    expect(changed.sort()).toEqual([0, 1]);
    expect(await events()).toHaveLength(1);
  });

  it("are made though one of them hits a bug of ours, which is then thrown; that one is not written", async () => {
    const parts = await fetched("day", daysReply({ "2025-03-01": 1, "2025-03-02": -1, "2025-03-03": 3 }));
    await expect(makeRecords(await person.run(), parts)).rejects.toThrow("a mistake of ours");
    expect(Object.keys(await person.days())).toEqual(["2025-03-01", "2025-03-03"]);
    expect(await events()).toHaveLength(2);
  });

  it("are not made for an erased person", async () => {
    const parts = await fetched("day", daysReply({ "2025-03-01": 1 }));
    const run = await person.run();
    await person.leave();
    await expect(makeRecords(run, parts)).rejects.toBeInstanceOf(ConnectionGone);
    expect([await person.days(), await events()]).toEqual([{}, []]);
  });
});
