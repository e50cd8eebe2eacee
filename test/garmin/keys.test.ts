/**
 * The key that a person pastes: refused, ended, taken back, replaced, and of somebody else. Each test has people of its
 * own, and counts the calls that the sandbox got.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { daysAgo } from "../invented/hub.ts";
import { credentials } from "../support/system.ts";
import { waitFor } from "../support/wait.ts";
import { type Asked, type GarminWorld, startGarminWorld } from "./garmin-world.ts";

let world: GarminWorld;
beforeAll(async () => {
  world = await startGarminWorld();
});
afterAll(() => world?.close());

const day = daysAgo(0);
const night = (person: number) => {
  const end = Date.parse(`${day}T05:30:00Z`);
  const start = end - 7 * 3_600_000;
  return {
    id: start,
    userProfilePK: person,
    calendarDate: day,
    sleepTimeSeconds: 24_000,
    sleepStartTimestampGMT: start,
    sleepEndTimestampGMT: end,
    sleepStartTimestampLocal: start,
    sleepEndTimestampLocal: end,
  };
};

const exchanges = (asked: readonly Asked[]) => asked.filter(({ method }) => method === "POST");
const events = (type: string, userId: string) =>
  world.hub.events(type).filter(({ body }) => body.user?.user_id === userId);

async function connected(endsAt?: string) {
  const person = await world.person();
  await world.put(person, "sleep", night(person));
  const link = await world.hub.connectLink(`person-${person}`);
  const key = await world.newKey(person);
  const { status } = await world.paste(link, { key, ...(endsAt && { ends_at: endsAt }) });
  expect(status).toBe(200);
  return { person, userId: await world.connection(person) };
}

const shown = async (userId: string) => {
  const headers = { authorization: `Bearer ${credentials.adminToken}` };
  const answer = await fetch(`${world.hub.url}/admin/v1/users/${userId}`, { headers });
  return (await answer.json()) as {
    key_ends_at: string | null;
    state: string;
    error: { code: string } | null;
  };
};

describe.concurrent("a pasted key", () => {
  it("is asked for in four steps, with the date on which it ends", async () => {
    const page = await (await fetch(await world.hub.connectLink("page"))).text();
    expect(/<ol>.*<\/ol>/s.exec(page)?.[0].match(/<li>/g)).toHaveLength(4);
    expect(page).toContain('type="date" name="ends_at"');
    expect(page).toContain("connect.garmin.com/app/settings/personalApiToken");
  });

  it.each([
    ["too short", "short"],
    ["of no person", "x".repeat(43)],
    ["of another service", "ghp_0123456789abcdefghijABCDEFGHIJ012345"],
  ])(
    "that is %s is refused on the page with its code, and the page takes the right one",
    async (_what, wrong) => {
      const person = await world.person();
      const link = await world.hub.connectLink(`wrong-${person}`);
      const refused = await world.paste(link, { key: wrong });
      expect([refused.status, refused.text.includes("PROVIDER_KEY_REFUSED")]).toEqual([400, true]);
      expect(refused.text).toContain("does not accept this key");
      expect(refused.text).not.toContain(wrong);
      const taken = await world.paste(link, { key: ` ${await world.newKey(person)}\n` });
      expect(taken.status).toBe(200);
      await world.connection(person);
    },
  );

  it("that has ended is refused after one exchange", async () => {
    const person = await world.person();
    const key = await world.newKey(person);
    await world.control("POST", "/faults", { kind: "revoke", user_id: person });
    const refused = await world.paste(await world.hub.connectLink("ended"), { key });
    expect([refused.status, refused.text.includes("PROVIDER_KEY_REFUSED")]).toEqual([400, true]);
    expect((await world.asked(person)).map(({ status }) => status)).toEqual([401]);
  });

  it.each([
    [503, 503],
    [429, 503],
  ])("is not lost while Garmin answers %d", async (status, answered) => {
    const person = await world.person();
    const key = await world.newKey(person);
    const link = await world.hub.connectLink(`outage-${person}`);
    const path = "/usersummary-service/usersummary/daily";
    await world.control("POST", "/faults", { kind: "outage", status, path, user_id: person, times: 1 });
    const first = await world.paste(link, { key });
    expect([first.status, first.text.includes("PROVIDER_")]).toEqual([answered, true]);
    expect((await world.paste(link, { key })).status).toBe(200);
    await world.connection(person);
  });

  it("has its end shown to the developer; a date that is over is not believed", async () => {
    const { userId } = await connected("2031-05-01");
    expect((await shown(userId)).key_ends_at).toBe("2031-05-01T23:59:59.000Z");
    const odd = await connected("2020-01-01");
    expect((await shown(odd.userId)).key_ends_at).toBeNull();
  });
});

describe.concurrent("a key that Garmin no longer takes", () => {
  it.each([400, 401, 403])(
    "after %d is told once with its reason, after one exchange, and waits",
    async (status) => {
      const { person, userId } = await connected();
      await world.settled(userId);
      const before = (await world.asked(person)).length;
      const path = "/personalapitoken-service/";
      await world.control("POST", "/faults", { kind: "outage", status, path, user_id: person });
      await world.control("POST", "/faults", { kind: "expire", user_id: person });
      await world.refresh(userId);
      await waitFor("the word about it", () => events("connection_error", userId).length > 0);
      await world.settled(userId);
      // Asked again, by the developer.
      await world.refresh(userId);
      await world.settled(userId);
      const told = events("connection_error", userId);
      expect(told.map(({ body }) => body.reason)).toEqual(["key_refused"]);
      expect(told[0]?.body.user).toMatchObject({ active: false });
      expect(events("access_revoked", userId)).toEqual([]);
      const asked = (await world.asked(person)).slice(before);
      expect(asked.filter(({ method }) => method === "GET").every((one) => one.status === 401)).toBe(true);
      expect(exchanges(asked).map((one) => one.status)).toEqual([status]);
      expect(await shown(userId)).toMatchObject({
        state: "revoked",
        error: { code: "PROVIDER_UNAUTHORIZED" },
      });
    },
  );

  it("after the date that the person told, says that it has ended", async () => {
    const { person, userId } = await connected("2031-05-01");
    await world.settled(userId);
    await world.hub.query("UPDATE connections SET key_ends_at = now() WHERE user_id = $1", [userId]);
    await world.control("POST", "/faults", { kind: "revoke", user_id: person });
    await world.refresh(userId);
    await waitFor("the word about it", () => events("connection_error", userId).length > 0);
    expect(events("connection_error", userId).map(({ body }) => body.reason)).toEqual(["key_ended"]);
  });

  it("is replaced by a new one: the records stay, and what waited comes", async () => {
    const { person, userId } = await connected();
    await world.settled(userId);
    await world.control("POST", "/faults", { kind: "revoke", user_id: person });
    await world.put(person, "sleep", { ...night(person), sleepTimeSeconds: 23_000 });
    await world.refresh(userId);
    await waitFor("the word about it", () => events("connection_error", userId).length > 0);
    const again = await world.connect(person);
    expect(again).not.toBe(userId);
    const [record, ...others] = await waitFor("the edited night", async () => {
      const found = await world.records(again, "sleep", daysAgo(3), daysAgo(-1));
      return JSON.stringify(found).includes('"duration_asleep_state_seconds":23000') && found;
    });
    expect([record !== undefined, others]).toEqual([true, []]);
    expect((await shown(again)).error).toBeNull();
  });

  it("makes another token while it is good", async () => {
    const { person, userId } = await connected();
    await world.settled(userId);
    const before = (await world.asked(person)).length;
    await world.control("POST", "/faults", { kind: "expire", user_id: person });
    await world.refresh(userId);
    await world.settled(userId);
    const asked = (await world.asked(person)).slice(before);
    expect(exchanges(asked)).toHaveLength(1);
    // Nor is it asked again whose key it is: no path is answered twice.
    const answered = asked.filter(({ status }) => status !== 401).map(({ path }) => path);
    expect(new Set(answered).size).toBe(answered.length);
    expect(await shown(userId)).toMatchObject({ state: "active", error: null });
  });
});

describe.concurrent("a key of another person", () => {
  /** Connects one person, then pastes another one's key under the same reference. */
  async function foreign() {
    const { person, userId } = await connected();
    const other = await world.person();
    const link = await world.hub.connectLink(`person-${person}`);
    const pasted = await fetch(link, {
      method: "POST",
      body: new URLSearchParams({ key: await world.newKey(other) }),
      redirect: "manual",
    });
    expect(pasted.status).toBe(303);
    const cookie = pasted.headers
      .getSetCookie()
      .map((one) => one.split(";")[0])
      .join("; ");
    const question = new URL(pasted.headers.get("location") ?? "", world.hub.url);
    const answer = async (word: "keep" | "replace") =>
      fetch(question, { method: "POST", body: new URLSearchParams({ answer: word }), headers: { cookie } });
    return { person, userId, other, answer };
  }

  it("replaces nothing when the person says so; the developer gets the code", async () => {
    const { person, userId, other, answer } = await foreign();
    expect(await (await answer("keep")).text()).toContain("REPLACEMENT_DECLINED");
    await waitFor("the word about it", () =>
      world.hub
        .events("auth_cancelled")
        .some(
          ({ body }) => body.reason === "replacement_declined" && body.reference_id === `person-${person}`,
        ),
    );
    expect((await shown(userId)).state).toBe("active");
    const rows = await world.hub.query("SELECT FROM connections WHERE provider_user_id = $1", [
      String(other),
    ]);
    expect(rows).toEqual([]);
  });

  it("takes the place of the first, whose data go, when the person says so", async () => {
    const { userId, other, answer } = await foreign();
    expect((await answer("replace")).status).toBe(200);
    const next = await world.connection(other);
    await waitFor("the word about it", () => events("auth", next).length > 0);
    const { status } = await world.hub.call("GET", `/v2/userInfo?user_id=${userId}`);
    expect(status).toBe(404);
    expect(await world.records(next, "sleep", daysAgo(3), daysAgo(-1))).toEqual([]);
  });
});
