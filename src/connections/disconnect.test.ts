import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { cairn } from "../../test/support/cairn.ts";
import { eventTypes } from "../../test/support/cairn-login.ts";
import { CairnPerson, daysReply, idOf } from "../../test/support/cairn-person.ts";
import { fetchResource } from "../ingest/fetch.ts";
import { makeRecords } from "../ingest/records.ts";
import { findConnection, updateConnection } from "../store/connections.ts";
import { disconnect } from "./disconnect.ts";

const person = new CairnPerson();
const leave = (id = person.id) => disconnect(person.deps(), { ...id, signal: AbortSignal.timeout(30_000) });
const revocations = async () => (await person.tasks()).filter(({ kind }) => kind === "revoke");
const done = { "/revoke": { status: 204 } } as const;

async function ingest(): Promise<void> {
  person.serve({ "/day/*": daysReply({ "2025-03-01": 1 }) });
  const run = await person.run({}, { provider: cairn });
  await makeRecords(run, (await fetchResource(run, { resource: "day", key: "*" })).pages);
}

describe("a person who leaves", () => {
  it("is erased, the permission is revoked, and the developer is told", async () => {
    await ingest();
    person.serve(done);
    const receipt = await leave();
    expect(receipt).toMatchObject({ permission: "given_back", user_id: person.id.userId, provider: "cairn" });
    expect(receipt.deleted).toMatchObject({ connections: 1, records: 1, raw_payloads: 1 });
    expect(person.server.asked.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ["/revoke", "Bearer token"],
    ]);
    expect(await findConnection(person.store.db, person.id)).toBeNull();
    expect([await person.days(), await person.bodies(), await revocations()]).toEqual([{}, [], []]);
    expect(await eventTypes(person)).toEqual(["deauth"]);
  });

  it("is erased at once though the provider cannot be reached, and the permission is revoked later", async () => {
    await ingest();
    person.serve({ "/revoke": { status: 503 } });
    expect(await leave()).toMatchObject({ permission: "ordered" });
    expect(await person.days()).toEqual({});
    expect(await revocations()).toMatchObject([
      { user_id: person.id.userId, body: person.connection.grant_sealed, state: "accepted" },
    ]);
  });

  it("whose permission had already ended has none to revoke", async () => {
    await updateConnection(person.store.db, person.id, { state: "revoked" });
    person.connection = await person.reread();
    expect(await leave()).toMatchObject({ permission: "given_back" });
    expect([person.asked(), await revocations()]).toEqual([[], []]);
  });

  it("gets one receipt for two requests at the same moment; later requests find no user", async () => {
    person.serve(done);
    const answers = await Promise.allSettled([leave(), leave()]);
    const receipts = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    const refused = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason] : []));
    expect(new Set(receipts.map(({ erasure_id }) => erasure_id)).size).toBe(1);
    // The second may begin when the first has ended.
    for (const error of refused) expect(error).toMatchObject({ code: "USER_NOT_FOUND" });
    await expect(leave()).rejects.toMatchObject({ code: "USER_NOT_FOUND" });
    expect(await eventTypes(person)).toEqual(["deauth"]);
  });

  it("and is unknown, or is another environment's, is not found", async () => {
    for (const id of [
      { ...person.id, userId: randomUUID() },
      { ...person.id, environmentId: randomUUID() },
    ]) {
      await expect(leave(id)).rejects.toMatchObject({ code: "USER_NOT_FOUND" });
    }
    expect(await findConnection(person.store.db, person.id)).not.toBeNull();
  });
});

describe("an account that another connection uses", () => {
  const account = () => ({ provider_user_id: person.connection.provider_user_id });

  it("keeps its permission: in the same environment, and in one that shares the client", async () => {
    const shared = await person.configured("shared client");
    person.environment = await person.configured("shared client");
    person.connection = await person.connect();
    const elsewhere = await person.connect({ ...account(), environment: shared });
    const here = await person.connect(account());
    expect(await leave()).toMatchObject({ permission: "kept" });
    expect(await leave(idOf(here))).toMatchObject({ permission: "kept" });
    expect([person.asked(), await revocations()]).toEqual([[], []]);
    person.serve(done);
    expect(await leave(idOf(elsewhere))).toMatchObject({ permission: "given_back" });
  });

  it("of another client, or with an ended permission, is no reason to keep it", async () => {
    await person.connect({ ...account(), environment: await person.configured("another client") });
    const ended = await person.connect(account());
    await updateConnection(person.store.db, idOf(ended), { state: "revoked" });
    person.serve(done);
    expect(await leave()).toMatchObject({ permission: "given_back" });
  });
});
