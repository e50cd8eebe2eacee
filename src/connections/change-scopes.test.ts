import { describe, expect, it } from "vitest";
import { cairn } from "../../test/support/cairn.ts";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import { lockAwaited } from "../../test/support/locks.ts";
import { openGrants } from "../store/grants.ts";
import { changeScopes } from "./change-scopes.ts";
import { usableGrant } from "./tokens.ts";

const person = new CairnPerson();
const kept = async () => {
  const { grant_sealed: sealed } = await person.reread();
  return openGrants(person.store.keyRing, person.id, sealed);
};

describe("the scopes of a connection", () => {
  const scopes = async () => [(await person.reread()).scopes, (await kept()).map((grant) => grant.scopes)];

  it("are changed in its first grant and in its row; another connection's stay", async () => {
    const other = await person.connect();
    await changeScopes(person.store, cairn, person.id, ["days", "notes"]);
    expect(await scopes()).toEqual(["days notes", [["days", "notes"]]]);
    expect((await person.reread(other)).scopes).toBe("days");
    await changeScopes(person.store, cairn, person.id, []);
    expect(await scopes()).toEqual([null, [[]]]);
  });

  it("are changed after a renewal under way, which would write the former ones back", async () => {
    const renewal = { kind: "refresh-token", token: "refresh" } as const;
    person.connection = await person.connect({ grant: { renewal, expiresAt: new Date(0) } });
    const fresh = JSON.stringify({ token: "fresh", refresh: "next", seconds: 3_600 });
    let changing = Promise.resolve();
    person.serve({
      "/refresh": (response) => {
        changing = changeScopes(person.store, cairn, person.id, ["notes"]);
        void lockAwaited(person.store.db).then(() => response.writeHead(200).end(fresh));
      },
    });
    await usableGrant(person.deps(), { provider: cairn, id: person.id, api: "cairn-v1" });
    await changing;
    expect(await scopes()).toEqual(["notes", [["notes"]]]);
    expect(await kept()).toMatchObject([{ accessToken: "fresh" }]);
  });

  it("create tasks for newly granted data, and none when there are only fewer scopes", async () => {
    person.connection = await person.connect({ scopes: "notes", grant: { scopes: ["notes"] } });
    await changeScopes(person.store, cairn, person.id, []);
    expect(await person.tasks()).toEqual([]);
    await changeScopes(person.store, cairn, person.id, ["days"]);
    expect((await person.tasks())[0]).toMatchObject({ kind: "connect", user_id: person.id.userId });
  });

  it("of an erased person are not written", async () => {
    await person.leave();
    await changeScopes(person.store, cairn, person.id, ["notes"]);
    expect(await person.tasks()).toEqual([]);
  });
});
