/** Reminders of keys that end, with a real database. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import {
  createEnvironment,
  startTestStore,
  type TestEnvironment,
  type TestStore,
} from "../../test/support/database.ts";
import { KeptPerson } from "../../test/support/kept-person.ts";
import type { Grant } from "../providers/provider.ts";
import { findConnection, updateConnection } from "../store/connections.ts";
import { keyEndOf, keyTrouble, remindOfKeyEnds } from "./key-ends.ts";

let test: TestStore;
let environment: TestEnvironment;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  environment = await createEnvironment(test.store);
});

const now = new Date("2031-03-10T12:00:00Z");
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);

/** Connects somebody whose key ends then. */
async function endingAt(endsAt: Date | null, change: object = {}): Promise<KeptPerson> {
  const person = await KeptPerson.connect(test.store, environment);
  await updateConnection(test.store.db, person.id, { key_ends_at: endsAt, ...change });
  return person;
}

const reminders = async () =>
  (
    await test.store.db
      .selectFrom("events")
      .select("user_id")
      .where("environment_id", "=", environment.environmentId)
      .where("type", "=", "key_ends_soon")
      .execute()
  ).map(({ user_id }) => user_id);

it("reminds once of each key that ends within a week, however many processes look", async () => {
  const ending = await Promise.all([0.5, 3, 7].map((days) => endingAt(inDays(days))));
  await endingAt(inDays(7.3));
  await endingAt(null);
  await endingAt(inDays(-1));
  await endingAt(inDays(2), { state: "revoked" });
  await Promise.all(Array.from({ length: 4 }, () => remindOfKeyEnds(test.store, now)));
  await remindOfKeyEnds(test.store, inDays(0.2));
  expect((await reminders()).sort()).toEqual(ending.map(({ id }) => id.userId).sort());
  const [first] = ending;
  const found = first && (await findConnection(test.store.db, first.id));
  expect([found?.key_reminded_at, found?.state]).toEqual([now, "active"]);
});

it("reminds of more keys than one transaction takes", async () => {
  for (let count = 0; count < 120; count += 1) await endingAt(inDays(1));
  await remindOfKeyEnds(test.store, now);
  expect(await reminders()).toHaveLength(120);
});

const grant = (endsAt: Date | null): Grant => ({
  consent: "key",
  accessToken: "t",
  expiresAt: null,
  providerUserId: "1",
  scopes: [],
  renewal: { kind: "key", key: "k", endsAt },
});

it("does not believe a date that is over while the key is accepted", () => {
  expect(keyEndOf(grant(inDays(30)), now)).toEqual(inDays(30));
  expect(keyEndOf(grant(inDays(-1)), now)).toBeNull();
  expect(keyEndOf(grant(null), now)).toBeNull();
  expect(keyEndOf({ ...grant(null), renewal: null }, now)).toBeNull();
});

it.each([
  ["garmin", "PROVIDER_UNAUTHORIZED", -1, "key_ended"],
  ["garmin", "PROVIDER_UNAUTHORIZED", 1, "key_refused"],
  ["garmin", "PROVIDER_UNAUTHORIZED", null, "key_refused"],
  ["garmin", "PROVIDER_FORBIDDEN", -1, null],
  ["polar", "PROVIDER_UNAUTHORIZED", null, null],
] as const)("of %s, %s with a key that ends in %s days is %s", (provider, code, days, trouble) => {
  const key_ends_at = days === null ? null : inDays(days);
  expect(keyTrouble({ provider, key_ends_at }, code, now)).toBe(trouble);
});
