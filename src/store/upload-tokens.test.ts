import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { connect } from "../api/testing/data.ts";
import type { ConnectionId } from "./connections.ts";
import { createUploadToken, findByUploadToken } from "./upload-tokens.ts";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());

async function person(): Promise<ConnectionId> {
  const connection = await connect(test.store, await createEnvironment(test.store));
  return { environmentId: connection.environment_id, userId: connection.user_id };
}
const create = (id: ConnectionId) => createUploadToken(test.store.db, id);
const find = (token: string) => findByUploadToken(test.store.db, token);
const rows = ({ userId }: ConnectionId) =>
  test.store.db.selectFrom("upload_tokens").selectAll().where("user_id", "=", userId).execute();
const endAt = ({ userId }: ConnectionId, expires_at: Date) =>
  test.store.db.updateTable("upload_tokens").set({ expires_at }).where("user_id", "=", userId).execute();

describe("an upload token", () => {
  it("finds its own connection, and so does each of several", async () => {
    const [one, other] = [await person(), await person()];
    const [first, second, theirs] = [await create(one), await create(one), await create(other)];
    expect([await find(first), await find(second), await find(theirs)]).toEqual([one, one, other]);
    expect(await find(`${first}x`)).toBeNull();
    expect(await find("")).toBeNull();
  });

  it("is stored only as its hash, with the time of its last use", async () => {
    const one = await person();
    const token = await create(one);
    const [unused] = await rows(one);
    expect(unused?.last_used_at).toBeNull();
    expect(Object.values(unused ?? {}).map(String)).not.toContain(token);
    await find(token);
    expect((await rows(one))[0]?.last_used_at).not.toBeNull();
  });

  it("is valid until its end, and later uses are not noted", async () => {
    const one = await person();
    const token = await create(one);
    await endAt(one, new Date(Date.now() + 3_600_000));
    expect(await find(token)).toEqual(one);
    await endAt(one, new Date(Date.now() - 1_000));
    const before = await rows(one);
    expect(await find(token)).toBeNull();
    expect(await rows(one)).toEqual(before);
  });

  it("ends with its connection", async () => {
    const one = await person();
    const token = await create(one);
    await test.store.db.deleteFrom("connections").where("user_id", "=", one.userId).execute();
    expect(await find(token)).toBeNull();
  });
});
