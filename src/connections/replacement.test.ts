import { beforeEach, describe, expect, it } from "vitest";
import { addresses, beginLogin, browser, eventTypes, finishLogin } from "../../test/support/cairn-login.ts";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import { findByReference } from "../store/connections.ts";
import { openGrants } from "../store/grants.ts";
import { answerQuestion, endExpiredFlows, showQuestion } from "./replacement.ts";

const person = new CairnPerson();
let former: string;
let next: string;
let question: string;
/** A person is connected with account 7, and has just agreed with account 8. */
beforeEach(async () => {
  const login = async (account: string) => {
    person.serve({ "/token": { status: 200, body: { token: `of ${account}`, person: account } } });
    const begun = await beginLogin(person);
    return { ...begun, end: await finishLogin(person, begun) };
  };
  former = (await login("7")).userId;
  const asked = await login("8");
  next = asked.userId;
  question = asked.end.question ?? "";
});

const connections = async () =>
  (await findByReference(person.store.db, person.environment.environmentId, "me")).map((one) => [
    one.user_id,
    one.provider_user_id,
  ]);
const show = (by = browser) => showQuestion(person.deps(), { question, browser: by });
const answer = (replace: boolean, by = browser) =>
  answerQuestion(person.deps(), { question, browser: by, replace });
/** Returns the accounts whose permissions are to be revoked, with their tokens. */
const revoked = async () =>
  (await person.tasks())
    .filter(({ kind }) => kind === "revoke")
    .map(({ body, user_id }) => {
      const id = { environmentId: person.environment.environmentId, userId: user_id ?? "" };
      return openGrants(person.store.keyRing, id, body ?? Buffer.alloc(0))[0]?.accessToken;
    });
const expire = () =>
  person.store.db
    .updateTable("auth_flows")
    .set({ expires_at: new Date(0) })
    .execute();

describe("the question whether an account replaces another", () => {
  it("names the provider, the date of the other connection, and the addresses of the answer", async () => {
    expect(await show()).toEqual({
      provider: "Cairn",
      connectedSince: [expect.any(Date)],
      leadsTo: [addresses.success_url, addresses.failure_url],
      environmentId: expect.any(String),
      language: null,
    });
  });

  it("is shown to its own browser only, and answered by it only", async () => {
    await expect(show("another cookie")).rejects.toMatchObject({ code: "OAUTH_OTHER_BROWSER" });
    await expect(answer(true, "another cookie")).rejects.toMatchObject({ code: "OAUTH_OTHER_BROWSER" });
    expect(await connections()).toEqual([[former, "7"]]);
  });

  it("answered with yes replaces the account: the former is erased and its permission revoked", async () => {
    expect(await answer(true)).toMatchObject({ outcome: "connected", userId: next });
    expect(await connections()).toEqual([[next, "8"]]);
    expect(await revoked()).toEqual(["of 7"]);
    // The events of the erased connection are gone too, except the one about its end.
    expect(await eventTypes(person)).toEqual(expect.arrayContaining(["auth", "user_reauth"]));
  });

  it("answered with no keeps the former account, and revokes the new permission", async () => {
    expect(await answer(false)).toMatchObject({
      outcome: "failed",
      code: "REPLACEMENT_DECLINED",
      redirectUrl: addresses.failure_url,
    });
    expect(await connections()).toEqual([[former, "7"]]);
    expect(await revoked()).toEqual(["of 8"]);
    expect(await eventTypes(person)).toEqual(["auth", "auth_cancelled"]);
  });

  it("is answered once, though yes and no come at the same moment", async () => {
    const ends = await Promise.allSettled([answer(true), answer(false)]);
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const reasons = ends.flatMap((end) => (end.status === "rejected" ? [end.reason.code] : []));
    expect(reasons).toEqual(["REPLACEMENT_EXPIRED"]);
    expect(await revoked()).toHaveLength(1);
    await expect(show()).rejects.toMatchObject({ code: "REPLACEMENT_EXPIRED" });
  });

  it("without an answer in time counts as declined", async () => {
    await endExpiredFlows(person.deps(), new Date());
    expect(await revoked()).toEqual([]);
    await expire();
    await expect(answer(true)).rejects.toMatchObject({ code: "REPLACEMENT_EXPIRED" });
    await endExpiredFlows(person.deps(), new Date());
    await endExpiredFlows(person.deps(), new Date());
    expect([await revoked(), await connections()]).toEqual([["of 8"], [[former, "7"]]]);
    expect(person.lines.filter(({ flow_id }) => flow_id === next)).toHaveLength(1);
  });
});
