import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { connect } from "../api/testing/data.ts";
import type { ConnectionId } from "./connections.ts";
import {
  createUploadToken,
  endUploadTokens,
  findUploadToken,
  makeUploadToken,
  revokeUploadToken,
  rotateUploadToken,
} from "./upload-tokens.ts";

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
const find = async (token: string) => {
  const found = await findUploadToken(test.store.db, token, "uploads");
  return typeof found === "string" ? found : { environmentId: found.environment_id, userId: found.user_id };
};
const rows = ({ userId }: ConnectionId) =>
  test.store.db.selectFrom("upload_tokens").selectAll().where("user_id", "=", userId).execute();
const endAt = ({ userId }: ConnectionId, expires_at: Date) =>
  test.store.db.updateTable("upload_tokens").set({ expires_at }).where("user_id", "=", userId).execute();

describe("an upload token", () => {
  it("finds its own connection, and so does each of several", async () => {
    const [one, other] = [await person(), await person()];
    const [first, second, theirs] = [await create(one), await create(one), await create(other)];
    expect([await find(first), await find(second), await find(theirs)]).toEqual([one, one, other]);
    expect(await find(`${first}x`)).toBe("unknown");
    expect(await find("")).toBe("unknown");
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

  it("has its use noted once a minute", async () => {
    const one = await person();
    const token = await create(one);
    const usedAgain = async (secondsAgo: number) => {
      const last_used_at = new Date(Date.now() - secondsAgo * 1_000);
      await test.store.db
        .updateTable("upload_tokens")
        .set({ last_used_at })
        .where("user_id", "=", one.userId)
        .execute();
      expect(await find(token)).toEqual(one);
      return (await rows(one))[0]?.last_used_at?.getTime() !== last_used_at.getTime();
    };
    expect([await usedAgain(20), await usedAgain(100)]).toEqual([false, true]);
  });

  it("is valid until its end, and later uses are not noted", async () => {
    const one = await person();
    const token = await create(one);
    await endAt(one, new Date(Date.now() + 3_600_000));
    expect(await find(token)).toEqual(one);
    await endAt(one, new Date(Date.now() - 1_000));
    const before = await rows(one);
    expect(await find(token)).toBe("revoked");
    expect(await rows(one)).toEqual(before);
  });

  it("is known as ended after its connection, by its hash alone", async () => {
    const one = await person();
    const token = await create(one);
    await test.store.db.transaction().execute(async (tx) => {
      await endUploadTokens(tx, one);
      await tx.deleteFrom("connections").where("user_id", "=", one.userId).execute();
    });
    expect(await find(token)).toBe("connection ended");
    expect(await rows(one)).toEqual([]);
    const kept = await test.store.db.selectFrom("ended_upload_tokens").selectAll().execute();
    expect(Object.keys(kept[0] ?? {}).sort()).toEqual(["ended_at", "environment_id", "token_hash"]);
  });

  it("is replaced with an overlap, which a second rotation never prolongs", async () => {
    const one = await person();
    const { token, row } = await makeUploadToken(test.store.db, one);
    const rotate = (seconds: number) =>
      rotateUploadToken(test.store.db, { ...one, tokenId: row.token_id }, seconds);
    const first = await rotate(60);
    expect([await find(token), await find(first?.successor.token ?? "")]).toEqual([one, one]);
    const second = await rotate(3_600);
    expect(second?.former.expires_at).toEqual(first?.former.expires_at);
    await rotate(0);
    expect(await find(token)).toBe("revoked");
    expect(await rotate(60)).toBeNull();
  });

  it("of an SDK ends with the token that it was made with", async () => {
    const one = await person();
    const refresh = await makeUploadToken(test.store.db, one, { kind: "refresh" });
    const access = await makeUploadToken(test.store.db, one, {
      kind: "access",
      parentId: refresh.row.token_id,
      lifetimeSeconds: 3_600,
    });
    expect([await find(access.token), await find(refresh.token)]).toEqual([one, "unknown"]);
    await revokeUploadToken(test.store.db, { ...one, tokenId: refresh.row.token_id });
    expect(await find(access.token)).toBe("revoked");
    expect(await findUploadToken(test.store.db, refresh.token, "refreshing")).toBe("revoked");
  });
});
