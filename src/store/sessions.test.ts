import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import {
  createAuthToken,
  createSession,
  dropExpiredSessions,
  findSession,
  isSessionOpen,
  spendSession,
} from "./sessions.ts";

const hourMs = 3_600_000;
let test: TestStore;
let environmentId: string;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.store.db.deleteFrom("widget_sessions").execute();
  ({ environmentId } = await createEnvironment(test.store));
});

async function create(lifetimeSeconds = 900) {
  const given = {
    environment_id: environmentId,
    providers: null,
    reference_id: "me",
    language: null,
    success_url: null,
    failure_url: null,
    user_id: null,
  };
  const { session, link } = await createSession(test.store.db, given, lifetimeSeconds);
  return { link, session, id: { environmentId, sessionId: session.session_id } };
}
const spend = (id: Parameters<typeof spendSession>[1]) =>
  test.store.db.transaction().execute((tx) => spendSession(tx, id));
const find = (link: string) => findSession(test.store.db, link);
const isOpen = (id: Parameters<typeof isSessionOpen>[1]) => isSessionOpen(test.store.db, id);

describe("a session", () => {
  it("is found by its link, of which only the hash is stored, and lasts as long as intended", async () => {
    const before = Date.now();
    const { link, session } = await create(900);
    expect(await find(link)).toEqual(session);
    expect(session.expires_at.getTime() - before).toBeGreaterThanOrEqual(900_000);
    expect(session.expires_at.getTime() - Date.now()).toBeLessThanOrEqual(900_000);
    expect(Object.values(session).map(String)).not.toContain(link);
    expect(await find(session.session_id)).toBeNull();
  });

  it("that has expired opens nothing, but a login begun through it may be finished", async () => {
    const { link, id } = await create(-1);
    expect(await find(link)).toBeNull();
    expect(await isOpen(id)).toBe(true);
    expect(await spend(id)).toBe(true);
  });

  it("is good for one connection, however many are made at the same moment; its link still finds it", async () => {
    const { link, id } = await create();
    expect((await Promise.all([spend(id), spend(id), spend(id)])).toSorted()).toEqual([false, false, true]);
    expect(await isOpen(id)).toBe(false);
    expect(await find(link)).toMatchObject({ used_at: expect.any(Date) });
  });

  it("cannot be used up by another environment", async () => {
    const { id } = await create();
    const foreign = { ...id, environmentId: (await createEnvironment(test.store)).environmentId };
    expect([await isOpen(foreign), await spend(foreign), await isOpen(id)]).toEqual([false, false, true]);
  });
});

describe("unusable credentials", () => {
  it("are deleted: sessions an hour after their end, tokens a day after theirs", async () => {
    const { session, id } = await create(0);
    await createAuthToken(test.store.db, { environmentId, referenceId: "me" }, 0);
    const lasting = await createAuthToken(test.store.db, { environmentId, referenceId: "me" }, 3_600);
    const tokens = () =>
      test.store.db
        .selectFrom("auth_tokens")
        .selectAll()
        .where("environment_id", "=", environmentId)
        .execute();
    expect((await tokens()).flatMap((row) => Object.values(row).map(String))).not.toContain(lasting);
    const end = session.expires_at.getTime();
    await dropExpiredSessions(test.store.db, new Date(end + hourMs - 1_000));
    expect([(await tokens()).length, await isOpen(id)]).toEqual([2, true]);
    await dropExpiredSessions(test.store.db, new Date(end + hourMs + 1_000));
    expect([(await tokens()).length, await isOpen(id)]).toEqual([2, false]);
    await dropExpiredSessions(test.store.db, new Date(end + 24 * hourMs + 1_000));
    expect((await tokens()).map((row) => row.expires_at.getTime() - end > hourMs / 2)).toEqual([true]);
  });
});
