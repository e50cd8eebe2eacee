import { describe, expect, it } from "vitest";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import type { PartsRef, PushedBody } from "../providers/provider.ts";
import { readRawPayload } from "../store/raw-payloads.ts";
import { ConnectionGone } from "../sync/run.ts";
import { type Given, givenBody } from "./given.ts";
import { ingestGiven } from "./ingest-given.ts";

const person = new CairnPerson();

const days = (steps: Readonly<Record<string, number>>): PushedBody => ({
  resource: "day",
  key: Object.keys(steps).join(),
  body: { days: Object.entries(steps).map(([day, count]) => ({ day, steps: count })) },
});
async function give(bodies: readonly PushedBody[], given: Partial<Given> = {}) {
  const body = givenBody({ fetchOrder: "5", path: "/v2/hooks/cairn", bodies, deleted: [], ...given });
  return ingestGiven(await person.run({ kind: "given", fetches: [], body }));
}

describe("given data", () => {
  it("is kept raw with its path, and made into records, without a call to the provider", async () => {
    expect(await give([days({ "2025-03-01": 1 })])).toEqual({ changed: 1, missing: [] });
    const [kept] = await person.bodies();
    expect(kept).toMatchObject({ of: "day 2025-03-01", path: "/v2/hooks/cairn" });
    const bytes = await readRawPayload(person.store, person.id, kept?.rawPayloadId ?? "");
    expect(bytes?.toString()).toBe('{"days":[{"day":"2025-03-01","steps":1}]}');
    expect(await person.days()).toEqual({ "2025-03-01": [1, null, 1] });
    expect(person.asked()).toEqual([]);
  });

  it("that arrived later wins, though it is worked first", async () => {
    await give([days({ "2025-03-01": 2 })], { fetchOrder: "10" });
    expect(await give([days({ "2025-03-01": 1 })], { fetchOrder: "9" })).toMatchObject({ changed: 0 });
    expect(await person.days()).toEqual({ "2025-03-01": [2, null, 1] });
  });

  it("is stored once though it is given twice", async () => {
    await give([days({ "2025-03-01": 1 })], { fetchOrder: "10" });
    expect(await give([days({ "2025-03-01": 1 })], { fetchOrder: "11" })).toMatchObject({ changed: 0 });
    expect(await person.days()).toEqual({ "2025-03-01": [1, null, 1] });
  });

  it("is made into records though another body of the task cannot be read, which is then thrown", async () => {
    const broken: PushedBody = { resource: "day", key: "broken", body: { days: "none" } };
    const working = give([broken, days({ "2025-03-01": 1 })]);
    await expect(working).rejects.toMatchObject({ code: "PROVIDER_BODY_INVALID" });
    expect(await person.days()).toEqual({ "2025-03-01": [1, null, 1] });
    expect((await person.bodies()).map(({ of }) => of)).toEqual(["day broken", "day 2025-03-01"]);
  });

  it("may include deletions, which follow its bodies", async () => {
    await give([days({ "2025-03-01": 1 })], { fetchOrder: "1" });
    const deleted: PartsRef[] = [{ resource: "day", key: "2025-03-01" }];
    expect(await give([days({ "2025-03-02": 2 })], { fetchOrder: "2", deleted })).toMatchObject({
      changed: 2,
    });
    expect(Object.keys(await person.days())).toEqual(["2025-03-02"]);
  });

  it("of an erased person is not stored", async () => {
    const body = givenBody({ fetchOrder: "1", path: "/", bodies: [days({ "2025-03-01": 1 })], deleted: [] });
    const run = await person.run({ kind: "given", fetches: [], body });
    await person.leave();
    await expect(ingestGiven(run)).rejects.toBeInstanceOf(ConnectionGone);
    expect(await person.bodies()).toEqual([]);
  });
});
