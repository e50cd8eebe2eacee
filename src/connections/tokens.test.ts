import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { cairn } from "../../test/support/cairn.ts";
import { CairnPerson, idOf } from "../../test/support/cairn-person.ts";
import { waitingForLocks } from "../../test/support/locks.ts";
import { waitFor } from "../../test/support/wait.ts";
import type { Grant } from "../providers/provider.ts";
import { updateConnection } from "../store/connections.ts";
import { openGrants, sealGrants } from "../store/grants.ts";
import { lockTokens, usableGrant } from "./tokens.ts";

const hourMs = 3_600_000;
const person = new CairnPerson();
const renewal = { kind: "refresh-token", token: "refresh 1" } as const;
const ended: Partial<Grant> = { renewal, expiresAt: new Date(Date.now() - hourMs) };

const connectWith = async (grant: Partial<Grant>) => {
  person.connection = await person.connect({ grant });
};
const use = (refusedToken: string | null = null) =>
  usableGrant(person.deps(), { provider: cairn, id: person.id, api: "cairn-v1" }, refusedToken);
const tokenOf = async (grant: Promise<Grant | null>) => (await grant)?.accessToken ?? null;
const kept = async () => {
  const { grant_sealed: sealed } = await person.reread();
  return openGrants(person.store.keyRing, person.id, sealed);
};
const fresh = { status: 200, body: { token: "fresh", refresh: "refresh 2", seconds: 3_600 } } as const;

describe("a token", () => {
  it.each<[string, Partial<Grant>]>([
    ["has time left", { renewal, expiresAt: new Date(Date.now() + hourMs) }],
    ["has no end", { renewal, expiresAt: null }],
    ["cannot be renewed, however old it is", { renewal: null, expiresAt: new Date(0) }],
  ])("is used as it is where it %s", async (_, grant) => {
    await connectWith(grant);
    expect(await tokenOf(use())).toBe("token");
    expect(person.asked()).toEqual([]);
  });

  it.each<[string, Partial<Grant>, string | null]>([
    ["has ended", ended, null],
    ["would end on the way to the provider", { renewal, expiresAt: new Date(Date.now() + 59_000) }, null],
    ["was just refused", { renewal, expiresAt: null }, "token"],
  ])("is renewed where it %s, and the new one is kept before anybody uses it", async (_, grant, refused) => {
    await connectWith(grant);
    person.serve({ "/refresh": fresh });
    expect(await tokenOf(use(refused))).toBe("fresh");
    expect(await kept()).toMatchObject([{ accessToken: "fresh", renewal: { token: "refresh 2" } }]);
    expect(person.server.asked.map(({ body }) => body)).toEqual(["token=refresh+1"]);
  });

  it("that was refused and renewed by another process meanwhile is not renewed again", async () => {
    await connectWith({ renewal, accessToken: "newer", expiresAt: null });
    expect(await tokenOf(use("token"))).toBe("newer");
    expect(person.asked()).toEqual([]);
  });

  it("is renewed once for all callers at the same time, of all processes", async () => {
    await connectWith(ended);
    person.serve({ "/refresh": fresh });
    const elsewhere = () => {
      const deps = person.deps();
      return usableGrant(
        { ...deps, store: { ...deps.store } },
        { provider: cairn, id: person.id, api: "cairn-v1" },
      );
    };
    const callers = Array.from({ length: 6 }, (_, n) => tokenOf(n % 2 === 0 ? use() : elsewhere()));
    expect(new Set(await Promise.all(callers))).toEqual(new Set(["fresh"]));
    expect(person.asked()).toEqual(["/refresh"]);
  });

  it("is renewed with one connection to the database for all callers of a process", async () => {
    await connectWith(ended);
    const answer = Promise.withResolvers<void>();
    person.serve({});
    person.server.script = async () => {
      await answer.promise;
      return fresh;
    };
    const tokens = Array.from({ length: 6 }, () => tokenOf(use()));
    await waitFor("the renewal", async () => person.asked().length > 0);
    await pause(100);
    const waiting = await waitingForLocks(person.store.db);
    answer.resolve();
    expect(new Set(await Promise.all(tokens))).toEqual(new Set(["fresh"]));
    expect(waiting).toBe(0);
  });

  it("that cannot be renewed just now stays, and the next caller tries again", async () => {
    await connectWith(ended);
    person.serve({ "/refresh": { status: 503 } });
    await expect(use()).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    expect(await kept()).toMatchObject([{ accessToken: "token", renewal }]);
    person.serve({ "/refresh": fresh });
    expect(await tokenOf(use())).toBe("fresh");
  });

  it("whose renewal is refused ends the permission", async () => {
    await connectWith(ended);
    person.serve({ "/refresh": { status: 400 } });
    await expect(use()).rejects.toMatchObject({ code: "PROVIDER_UNAUTHORIZED" });
  });

  it("whose renewal is refused is not renewed again, by callers at the same time or later ones", async () => {
    await connectWith(ended);
    person.serve({ "/refresh": { status: 400 } });
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => use()));
    await expect(use()).rejects.toMatchObject({ code: "PROVIDER_UNAUTHORIZED", retry: "never" });
    for (const one of outcomes)
      expect(one).toMatchObject({ status: "rejected", reason: { code: "PROVIDER_UNAUTHORIZED" } });
    expect(person.asked()).toEqual(["/refresh"]);
  });

  it("whose renewal is refused because another process has renewed it is that process's token", async () => {
    await connectWith(ended);
    const other: Grant = { ...(await kept())[0], accessToken: "theirs" } as Grant;
    const grant_sealed = sealGrants(person.store.keyRing, person.id, [other]);
    person.serve({
      "/refresh": (response) =>
        void updateConnection(person.store.db, person.id, { grant_sealed }).then(() =>
          response.writeHead(400).end(),
        ),
    });
    expect(await tokenOf(use())).toBe("theirs");
  });

  it("of an erased person is not returned, before or during a renewal", async () => {
    await connectWith(ended);
    person.serve({
      "/refresh": (response) =>
        void person.leave().then(() => response.writeHead(200).end(JSON.stringify(fresh.body))),
    });
    expect(await use()).toBeNull();
    expect(await use()).toBeNull();
    expect(person.asked()).toEqual(["/refresh"]);
  });
});

describe("the lock of a connection's grants", () => {
  it("does not make others wait", async () => {
    const other = await person.connect();
    await person.store.db.transaction().execute(async (tx) => {
      await lockTokens(tx, person.id);
      await person.store.db.transaction().execute((second) => lockTokens(second, idOf(other)));
    });
  });
});
