import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import type { TestEnvironment } from "../../test/support/database.ts";
import type { NotificationMeaning } from "../providers/provider.ts";
import { noEnvironment } from "../store/identifiers.ts";
import { saveSubscription, setSubscriptionState } from "../store/provider-configs.ts";
import { nextFetchOrders } from "../store/raw-payloads.ts";
import { NotificationEndpoint } from "./accept.ts";
import { readGiven } from "./given.ts";
import { NotificationWriter } from "./notification-writer.ts";
import { Recipients } from "./recipients.ts";
import type { ArrivedNotification } from "./refusals.ts";
import { RefusalLog } from "./refusals.ts";

const person = new CairnPerson();
let endpoint: NotificationEndpoint;
let refusals: RefusalLog;
let counted: string[];
beforeEach(async () => {
  // Signatures are checked for every environment, and refusals are counted by the hour.
  await person.store.db
    .deleteFrom("provider_configs")
    .where("environment_id", "!=", person.environment.environmentId)
    .execute();
  await person.store.db.deleteFrom("notifications").execute();
  counted = [];
  const { store } = person;
  const { log } = person.deps();
  refusals = new RefusalLog({ store, log, count: (...what) => void counted.push(what.join(" ")) });
  endpoint = new NotificationEndpoint({
    recipients: new Recipients(store, person.clients),
    writer: new NotificationWriter(store),
    refusals,
    nextFetchOrders: (count) => nextFetchOrders(store.db, count),
  });
  await subscribe(person.environment, "secret");
});
afterEach(() => refusals.close());

async function subscribe({ environmentId }: TestEnvironment, secret: string): Promise<void> {
  const { db, keyRing } = person.store;
  const held = { remoteId: "r", secret, action: "created" } as const;
  await saveSubscription(db, keyRing, { environmentId, provider: "cairn" }, "https://systole.example", held);
}

const arrived = (body: string, secret = "secret", providerSlug = "cairn"): ArrivedNotification => ({
  providerSlug,
  headers: { secret },
  body: Buffer.from(body),
  traceId: "trace",
});
const says = (...meanings: NotificationMeaning[]) => JSON.stringify(meanings);
const data = (providerUserId = person.connection.provider_user_id): NotificationMeaning => ({
  kind: "data",
  event: "DAY",
  providerUserId,
  fetches: [{ resource: "day", key: "2025-03-01" }],
});
const accept = (body: string, secret?: string) => endpoint.accept(arrived(body, secret));
const notifications = () =>
  person.store.db.selectFrom("notifications").selectAll().orderBy("notification_id").execute();

describe("a notification", () => {
  it("is accepted once it is written with its task and the job", async () => {
    const accepted = await accept(says(data()));
    expect(accepted).toEqual({ acknowledgement: { status: "success" }, answer: null });
    const [task, ...others] = await person.tasks();
    expect(others).toEqual([]);
    expect(task).toMatchObject({ kind: "announced", state: "accepted", trace_id: "trace" });
    expect((await person.jobs()).map(({ taskId }) => taskId)).toEqual([task?.task_id]);
    expect(await notifications()).toMatchObject([
      { state: "accepted", event: "DAY", body: Buffer.from(says(data())) },
    ]);
  });

  it("belongs to every environment that shares the secret, and to no other", async () => {
    const [same, other] = [await person.configured(), await person.configured()];
    await subscribe(same, "secret");
    await subscribe(other, "another secret");
    await accept(says(data()));
    const ids = (await notifications()).map((row) => row.environment_id);
    expect(ids.sort()).toEqual([person.environment.environmentId, same.environmentId].sort());
  });

  it("of an unknown person is kept until they connect, and the provider is told so", async () => {
    const { acknowledgement } = await accept(says(data("nobody")));
    expect(acknowledgement).toMatchObject({ status: "ignored", code: "NOTIFICATION_USER_UNKNOWN" });
    expect(await person.tasks()).toMatchObject([{ state: "waiting", code: "NOTIFICATION_USER_UNKNOWN" }]);
    expect(await person.jobs()).toEqual([]);
  });

  it("is a success if one of several people is known", async () => {
    const { acknowledgement } = await accept(says(data("nobody"), data()));
    expect([acknowledgement, (await person.tasks()).length]).toEqual([{ status: "success" }, 2]);
  });

  it("of an unknown event is kept and makes no task", async () => {
    const { acknowledgement } = await accept(says({ kind: "unknown", event: "MOON" }));
    expect(acknowledgement).toMatchObject({
      status: "ignored",
      code: "NOTIFICATION_EVENT_UNKNOWN",
      event: "MOON",
    });
    expect(await notifications()).toMatchObject([{ state: "ignored", event: "MOON" }]);
    expect(await person.tasks()).toEqual([]);
  });

  it("that brings the data of several people is kept with none of them: each one's task has their part, in the order of the body", async () => {
    const other = await person.connect();
    const pushed = (providerUserId: string, key: string): NotificationMeaning => ({
      kind: "pushed",
      event: "DAY",
      providerUserId,
      bodies: [{ resource: "day", key, body: { of: providerUserId } }],
    });
    const me = person.connection.provider_user_id;
    await accept(says(pushed(me, "mine"), pushed(other.provider_user_id, "theirs")));
    expect((await notifications()).map(({ body }) => body)).toEqual([null, null]);
    const given = (await person.tasks()).map(({ kind, provider_user_id, body }) => ({
      kind,
      provider_user_id,
      ...readGiven(body),
    }));
    expect(
      given.map(({ kind, provider_user_id, bodies }) => [kind, provider_user_id, bodies[0]?.key]).sort(),
    ).toEqual(
      [
        ["given", me, "mine"],
        ["given", other.provider_user_id, "theirs"],
      ].sort(),
    );
    const orderOf = (person: string) =>
      Number(given.find(({ provider_user_id }) => provider_user_id === person)?.fetchOrder);
    expect(orderOf(me)).toBeGreaterThan(0);
    expect(orderOf(other.provider_user_id)).toBeGreaterThan(orderOf(me));
  });

  it.each<[string, (about: { event: string; providerUserId: string }) => NotificationMeaning, string]>([
    [
      "what was deleted",
      (about) => ({ ...about, kind: "deleted", parts: [{ resource: "day", key: "a" }] }),
      "given",
    ],
    ["the end of a permission", (about) => ({ ...about, kind: "permission-ended" }), "permission-ended"],
    ["other scopes", (about) => ({ ...about, kind: "scopes-changed", scopes: ["days"] }), "scopes-changed"],
  ])("of %s is a task of its own kind", async (_, meaning, kind) => {
    await accept(says(meaning({ event: "X", providerUserId: person.connection.provider_user_id })));
    expect(await person.tasks()).toMatchObject([{ kind, fetches: [], state: "accepted" }]);
  });
});

describe("a PING", () => {
  const ping = says({ kind: "ping" });

  it("that is signed is answered and leaves nothing", async () => {
    expect((await accept(ping)).acknowledgement).toEqual({ status: "success" });
    expect(await notifications()).toEqual([]);
  });

  it("may arrive before the secret is known, while the webhook is being created; nothing else may", async () => {
    const id = { environmentId: person.environment.environmentId, provider: "cairn" };
    await setSubscriptionState(person.store.db, id, "creating", null);
    expect((await accept(ping, "of a webhook that is being made")).acknowledgement).toEqual({
      status: "success",
    });
    const forged = accept(says(data()), "of a webhook that is being made");
    await expect(forged).rejects.toMatchObject({ code: "NOTIFICATION_SIGNATURE_INVALID" });
    expect(await person.tasks()).toEqual([]);
  });

  it("is refused like anything else once the webhook exists", async () => {
    await expect(accept(ping, "forged")).rejects.toMatchObject({ code: "NOTIFICATION_SIGNATURE_INVALID" });
  });
});

describe("a notification that is refused", () => {
  const trace = async () =>
    (await notifications()).map(({ environment_id, state, code }) => [environment_id, state, code]);

  it("for its signature is recorded without an environment, and counted", async () => {
    await expect(accept(says(data()), "forged")).rejects.toMatchObject({
      code: "NOTIFICATION_SIGNATURE_INVALID",
    });
    expect(await trace()).toEqual([[noEnvironment, "refused", "NOTIFICATION_SIGNATURE_INVALID"]]);
    expect(counted).toEqual(["cairn NOTIFICATION_SIGNATURE_INVALID"]);
  });

  it("for its size is not even read", async () => {
    await expect(accept("x".repeat(1_025))).rejects.toMatchObject({
      code: "NOTIFICATION_TOO_LARGE",
      details: { limit_bytes: 1_024 },
    });
    expect((await notifications())[0]?.body?.length).toBe(256);
  });

  it("for its body was genuine, and has no task", async () => {
    await expect(accept("no JSON")).rejects.toMatchObject({ code: "NOTIFICATION_BODY_INVALID" });
    expect(await trace()).toEqual([[noEnvironment, "refused", "NOTIFICATION_BODY_INVALID"]]);
    expect(await person.tasks()).toEqual([]);
  });

  it("for an unknown provider is counted under no name of its own, and not stored", async () => {
    const made = endpoint.accept(arrived("{}", "secret", "any text"));
    await expect(made).rejects.toMatchObject({ code: "PROVIDER_UNKNOWN" });
    expect([counted, await notifications()]).toEqual([["unknown PROVIDER_UNKNOWN"], []]);
  });

  it("while no secret is known says so", async () => {
    const { db } = person.store;
    await db.updateTable("provider_configs").set({ subscription_secret_sealed: null }).execute();
    await expect(accept(says(data()))).rejects.toMatchObject({ code: "NOTIFICATION_SECRET_UNKNOWN" });
  });
});

describe("a secret that another process has just learnt", () => {
  it("is looked up before a notification is refused", async () => {
    await accept(says(data()));
    await subscribe(person.environment, "the next secret");
    expect((await accept(says(data()), "the next secret")).acknowledgement).toMatchObject({
      status: "success",
    });
  });
});

describe("a request that tests our address", () => {
  const shake = (query: Record<string, string>, slug = "cairn") =>
    endpoint.handshake({
      ...arrived(""),
      method: "GET",
      query: new URLSearchParams(query),
      providerSlug: slug,
    });

  it("is answered by the environment that recognises it, whatever the others say", async () => {
    await person.configured("me");
    await person.configured("another");
    expect(await shake({ challenge: "c", client: "me" })).toEqual({ status: 200, body: "c" });
  });

  it("is refused if no environment recognises it, and needs a challenge to be such a request", async () => {
    expect(await shake({ challenge: "c", client: "nobody" })).toEqual({ status: 403 });
    expect(await shake({})).toBeNull();
    await expect(shake({}, "unknown")).rejects.toMatchObject({ code: "PROVIDER_UNKNOWN" });
  });
});
