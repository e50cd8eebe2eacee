import { describe, expect, it } from "vitest";
import { CairnPerson, daysReply, noteReply } from "../../test/support/cairn-person.ts";
import type { PartsRef } from "../providers/provider.ts";
import { nextFetchOrder } from "../store/raw-payloads.ts";
import { ConnectionGone } from "../sync/run.ts";
import { deleteParts } from "./delete-parts.ts";
import { fetchResource } from "./fetch.ts";
import { makeRecords } from "./records.ts";

const person = new CairnPerson();

/** Days with a note on the first. */
async function ingest(days: Readonly<Record<string, number>>): Promise<void> {
  const run = await person.run();
  person.serve({ "/day/*": daysReply(days), "/note/2025-03-01": noteReply("n") });
  const pages = [
    ...(await fetchResource(run, { resource: "day", key: "*" })).pages,
    ...(await fetchResource(run, { resource: "note", key: "2025-03-01" })).pages,
  ];
  await makeRecords(run, pages);
}
const remove = async (...refs: PartsRef[]) => {
  const fetchOrder = await nextFetchOrder(person.store.db);
  return deleteParts(await person.run(), { refs, fetchOrder });
};
const day = (key: string): PartsRef => ({ resource: "day", key });

describe("what a person deleted at the provider", () => {
  it("removes a record of which nothing is left; the others and the bodies stay", async () => {
    await ingest({ "2025-03-02": 2, "2025-03-03": 3 });
    const bodies = await person.bodies();
    expect(await remove(day("2025-03-02"))).toBe(1);
    expect(await person.days()).toEqual({ "2025-03-03": [3, null, 1] });
    expect(await person.bodies()).toEqual(bodies);
  });

  it("leaves a record of the other parts, as its next revision", async () => {
    await ingest({ "2025-03-01": 1 });
    expect(await person.days()).toEqual({ "2025-03-01": [1, "n", 1] });
    expect(await remove({ resource: "note", key: "2025-03-01" })).toBe(1);
    expect(await person.days()).toEqual({ "2025-03-01": [1, null, 2] });
  });

  it("may be all parts whose keys begin alike", async () => {
    await ingest({ "2025-03-02": 2, "2025-03-03": 3, "2025-04-01": 4 });
    expect(await remove({ resource: "day", key: "2025-03", prefix: true })).toBe(2);
    expect(Object.keys(await person.days())).toEqual(["2025-04-01"]);
  });

  it("may be all parts whose keys end alike", async () => {
    await ingest({ "2025-03-02": 2, "2025-04-02": 3, "2025-04-03": 4 });
    expect(await remove({ resource: "day", key: "-02", suffix: true })).toBe(2);
    expect(Object.keys(await person.days())).toEqual(["2025-04-03"]);
  });

  it("changes nothing if it never existed, or is already gone", async () => {
    await ingest({ "2025-03-02": 2 });
    expect(await remove(day("2025-05-01"))).toBe(0);
    expect([await remove(day("2025-03-02")), await remove(day("2025-03-02"))]).toEqual([1, 0]);
  });

  it("concerns one person only", async () => {
    await ingest({ "2025-03-02": 2 });
    const first = person.connection;
    person.connection = await person.connect();
    await remove(day("2025-03-02"));
    expect(Object.keys(await person.days(first))).toEqual(["2025-03-02"]);
  });

  it("changes nothing for an erased person", async () => {
    const run = await person.run();
    await person.leave();
    await expect(deleteParts(run, { refs: [day("2025-03-02")], fetchOrder: "1" })).rejects.toBeInstanceOf(
      ConnectionGone,
    );
  });
});
