import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { KeyRing } from "../security/key-ring.ts";
import {
  createDestination,
  type DestinationId,
  deleteDestination,
  disableDestination,
  findDestination,
  listDestinations,
  updateDestination,
} from "./destinations.ts";

let test: TestStore;
let environmentId: string;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  ({ environmentId } = await createEnvironment(test.store));
});

const settings = { url: "https://example.com/", secret: "whsec_0123456789" };
async function create(): Promise<DestinationId> {
  const { db, keyRing } = test.store;
  const given = { kind: "webhook", settings, eventTypes: ["sleep"], active: true };
  const made = await createDestination(db, keyRing, environmentId, given);
  return { environmentId, destinationId: made.destination_id };
}
const find = (id: DestinationId) => findDestination(test.store.db, test.store.keyRing, id);

describe("destinations", () => {
  it("are stored and found with all their properties", async () => {
    const id = await create();
    const expected = {
      destination_id: id.destinationId,
      kind: "webhook",
      settings,
      event_types: ["sleep"],
      active: true,
      revision: 1,
      disabled_code: null,
    };
    expect(await find(id)).toMatchObject(expected);
    expect(await listDestinations(test.store.db, test.store.keyRing, environmentId)).toMatchObject([
      expected,
    ]);
  });

  it("are not found from another environment", async () => {
    const id = await create();
    const other = await createEnvironment(test.store);
    const foreign = { ...id, environmentId: other.environmentId };
    expect(await find(foreign)).toBeNull();
    expect(await updateDestination(test.store.db, test.store.keyRing, foreign, { active: false })).toBeNull();
    expect(await test.store.db.transaction().execute((tx) => deleteDestination(tx, foreign))).toBe(false);
    expect(await find(id)).not.toBeNull();
  });

  it("keep their settings sealed, for their own row and key only", async () => {
    const [one, two] = [await create(), await create()];
    const row = await test.store.db
      .selectFrom("destinations")
      .select("settings_sealed")
      .where("destination_id", "=", one.destinationId)
      .executeTakeFirstOrThrow();
    expect(row.settings_sealed.includes("whsec_")).toBe(false);
    const update = test.store.db.updateTable("destinations").set({ settings_sealed: row.settings_sealed });
    await update.where("destination_id", "=", two.destinationId).execute();
    await expect(find(two)).rejects.toMatchObject({ code: "SEALED_VALUE_CORRUPT" });
    const otherKeys = new KeyRing(randomBytes(32));
    await expect(findDestination(test.store.db, otherKeys, one)).rejects.toMatchObject({
      code: "SEALED_VALUE_CORRUPT",
    });
  });

  it("get a new revision with new settings, and only then", async () => {
    const id = await create();
    const { db, keyRing } = test.store;
    const changed = { ...settings, url: "https://example.org/" };
    expect(await updateDestination(db, keyRing, id, { settings: changed })).toMatchObject({
      revision: 2,
      settings: changed,
    });
    expect(await updateDestination(db, keyRing, id, { eventTypes: null, active: false })).toMatchObject({
      revision: 2,
      settings: changed,
      event_types: null,
      active: false,
    });
  });

  it("are switched off for a reason that activation clears", async () => {
    const id = await create();
    const { db, keyRing } = test.store;
    await db.transaction().execute((tx) => disableDestination(tx, id, 1, "DELIVERY_GONE"));
    expect(await find(id)).toMatchObject({ active: false, disabled_code: "DELIVERY_GONE" });
    expect(await updateDestination(db, keyRing, id, { active: true })).toMatchObject({
      active: true,
      disabled_code: null,
    });
  });

  it("are not switched off for an answer to their former settings", async () => {
    const id = await create();
    const { db, keyRing } = test.store;
    await updateDestination(db, keyRing, id, { settings });
    await db.transaction().execute((tx) => disableDestination(tx, id, 1, "DELIVERY_GONE"));
    expect(await find(id)).toMatchObject({ active: true });
  });

  it("can be removed", async () => {
    const id = await create();
    expect(await test.store.db.transaction().execute((tx) => deleteDestination(tx, id))).toBe(true);
    expect(await find(id)).toBeNull();
  });
});
