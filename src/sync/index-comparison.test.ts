import { beforeEach, describe, expect, it } from "vitest";
import { cairnWith } from "../../test/support/cairn.ts";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import type { IndexEntry, Provider } from "../providers/provider.ts";
import { newId } from "../store/identifiers.ts";
import { pointParts } from "../store/raw-parts.ts";
import { createDiffering } from "./index-comparison.ts";

const person = new CairnPerson();
const entry = (key: string, fingerprint = "same"): IndexEntry => ({ resource: "day", key, fingerprint });

/** Stores parts that the index describes as `same`; `bare` was never described. */
beforeEach(async () => {
  const source = { rawPayloadId: newId(), resourceKey: "*", fetchOrder: "1" };
  const parts = ["a", "b", "bare"].map((key) => ({ resource: "day", key, value: {} }));
  await person.store.db.transaction().execute((tx) =>
    pointParts(tx, person.id, source, parts, {
      fingerprint: ({ key }) => (key === "bare" ? null : "same"),
    }),
  );
});

async function compare(entries: readonly IndexEntry[], provider: Provider = cairnWith({})) {
  const run = await person.run({ kind: "reconcile", fetches: [] }, { provider });
  const before = await person.tasks();
  const differing = await person.store.db.transaction().execute((tx) => createDiffering(tx, run, entries));
  const made = await person.tasks(...before);
  const asked = made.flatMap(({ kind, fetches }) => fetches.map(({ key }) => `${kind} ${key}`));
  return { differing, asked };
}

describe("an entry of an index", () => {
  it("is fetched if it is missing, differs, or was never described", async () => {
    expect(await compare([entry("a"), entry("b", "changed"), entry("bare"), entry("new")])).toEqual({
      differing: 3,
      asked: ["reconcile b", "reconcile bare", "reconcile new"],
    });
  });

  it("is not fetched if everything is unchanged", async () => {
    expect(await compare([entry("a"), entry("b")])).toEqual({ differing: 0, asked: [] });
    expect(await compare([])).toEqual({ differing: 0, asked: [] });
  });

  it("is not fetched again while there is a task as urgent; a less urgent one does not count", async () => {
    await person.task({ kind: "reconcile", fetches: [{ resource: "day", key: "new" }] });
    await person.task({ kind: "backfill", fetches: [{ resource: "day", key: "other" }] });
    expect(await compare([entry("new"), entry("other")])).toEqual({
      differing: 2,
      asked: ["reconcile other"],
    });
  });

  it("is fetched by name up to four things, and above that as the whole list if one call brings it", async () => {
    const discovery = cairnWith({}).resources[0]?.discovery;
    if (!discovery) throw new Error("cairn's days can be discovered");
    const whole = cairnWith({ discovery: { ...discovery, key: () => "*" } });
    const entries = (count: number, name: string) =>
      Array.from({ length: count }, (_, index) => entry(`${name} ${index}`));
    expect((await compare(entries(4, "four"), whole)).asked).toHaveLength(4);
    expect(await compare(entries(5, "five"), whole)).toEqual({ differing: 5, asked: ["reconcile *"] });
    expect((await compare(entries(5, "dated"))).asked).toHaveLength(5);
  });
});
