/** Tests of the contents of Terra's tables, run by each kind on its own server. */
import { describe, expect } from "vitest";
import { dataEvent, linkOf, newUser, plainEvent, revised } from "../../conformance/events.ts";
import type { DeliveryError, OutgoingEvent } from "../../destination.ts";
import { recordId } from "../identity.ts";
import type { Answer, SqlTarget } from "./place.fixture.ts";
import { deadline, type Kind, onServer } from "./stage.fixture.ts";

const startTime = "2025-10-01T23:00:00.000000+02:00";

export function testTerraTables<Target extends SqlTarget>(kind: Kind<Target>): void {
  describe("Terra's tables", () => {
    const test = onServer(kind);

    test("have the columns that Terra's readers know", async ({ place, connect }) => {
      const userId = newUser();
      const event = dataEvent("sleep", [{ naturalKey: "night-1", startTime, revision: 3 }], { userId });
      const auth = plainEvent("auth", { userId });
      for (const one of [event, auth]) await connect(place.settings).deliver(one, deadline());
      const createdAt = (one: OutgoingEvent): string =>
        new Date(one.orderingTimestamp).toISOString().replace("Z", "000+00:00");
      expect(await place.query("SELECT * FROM terra_data_payloads")).toEqual([
        {
          user_id: userId,
          data_type: "sleep",
          created_at: createdAt(event),
          payload_id: recordId(userId, "sleep", "night-1"),
          start_time: startTime,
          end_time: "2026-03-01T06:50:00.000000+02:00",
          payload_url: linkOf(event.id),
          natural_key: "night-1",
          revision: 3,
          event_id: event.id,
          payload: expect.anything(),
        },
      ]);
      expect(await place.query("SELECT * FROM terra_other_payloads")).toEqual([
        {
          user_id: userId,
          data_type: "auth",
          payload_type: "auth",
          created_at: createdAt(auth),
          payload_id: auth.id,
          payload_url: linkOf(auth.id),
          event_id: auth.id,
          payload: expect.anything(),
        },
      ]);
    });

    test("keep the newest facts about a person, in any order of events", async ({ place, connect }) => {
      const userId = newUser();
      const user = {
        user_id: userId,
        provider: "POLAR",
        reference_id: "r",
        scopes: "a,b",
        created_at: startTime,
      };
      const auth = withUser(plainEvent("auth", { userId }), { user });
      const data = dataEvent("sleep", [{}], { userId });
      const deauth = plainEvent("deauth", { userId, referenceId: "changed" });
      const silent = withUser(plainEvent("permission_change", { userId }), {
        user: { user_id: userId, active: false, reference_id: "changed" },
      });
      const sender = connect(place.settings);
      const state = async (): Promise<Answer | undefined> =>
        (await place.query("SELECT * FROM terra_users"))[0];
      await sender.deliver(data, deadline());
      await sender.deliver(auth, deadline());
      expect(await state()).toMatchObject({ state: "active", reference_id: "person-1", created_at: null });
      for (const event of [deauth, data, auth]) await sender.deliver(event, deadline());
      expect(await state()).toMatchObject({ state: "deauth", reference_id: "changed" });
      await sender.deliverBatch?.([silent, auth, data], deadline());
      expect(await state()).toMatchObject({
        state: "deauth",
        provider: "POLAR",
        ordering_timestamp: silent.orderingTimestamp,
      });
      expect(await place.query("SELECT user_id FROM terra_users")).toHaveLength(1);
    });

    test("keep facts about a person that a later event does not mention", async ({ place, connect }) => {
      const userId = newUser();
      const user = { user_id: userId, provider: "POLAR", scopes: "a,b", created_at: startTime };
      const auth = withUser(plainEvent("auth", { userId }), { user });
      const later = withUser(plainEvent("deauth", { userId }), { user: { user_id: userId } });
      for (const event of [auth, later]) await connect(place.settings).deliver(event, deadline());
      expect(await place.query("SELECT * FROM terra_users")).toMatchObject([
        { provider: "POLAR", granted_scopes: "a,b", created_at: startTime, state: "deauth" },
      ]);
    });

    test("have both people when one connection takes the other's place", async ({ place, connect }) => {
      const [old_user, new_user] = ["old", "new"].map((name) => ({ user_id: name, provider: "POLAR" }));
      const event = withUser(plainEvent("user_reauth", { userId: "new" }), { old_user, new_user });
      await connect(place.settings).deliver(event, deadline());
      expect(await place.query("SELECT user_id, state FROM terra_users ORDER BY user_id")).toEqual([
        { user_id: "new", state: "active" },
        { user_id: "old", state: "user_reauth" },
      ]);
    });

    test("that Terra itself has made are taken over with their rows", async ({ place, connect }) => {
      const text = "VARCHAR(100)";
      const theirs = { ...place.typed, layout: "terra" };
      await place.queryAs(
        theirs,
        `CREATE TABLE terra_users (user_id VARCHAR(36) PRIMARY KEY, reference_id TEXT, created_at ${text} NOT NULL,
         granted_scopes TEXT, provider ${text} NOT NULL, state VARCHAR(20))`,
      );
      await place.queryAs(
        theirs,
        `CREATE TABLE terra_data_payloads (user_id VARCHAR(36) NOT NULL, data_type ${text}, created_at ${text},
         payload_id ${text} NOT NULL, start_time ${text}, end_time ${text}, payload_url TEXT)`,
      );
      await place.query("INSERT INTO terra_data_payloads (user_id, payload_id) VALUES ('u', 'theirs')");
      await place.query(
        "INSERT INTO terra_users (user_id, created_at, provider) VALUES ('u', '2020-01-01T00:00:00Z', 'POLAR')",
      );
      const sender = connect(theirs);
      for (const revision of [1, 2]) {
        const event = revised("sleep", { naturalKey: "n", startTime }, revision, "u");
        const text = event.body.toString("utf8").replace('"user_id"', '"created_at":"2026","user_id"');
        await sender.deliver({ ...event, body: Buffer.from(text) }, deadline());
      }
      expect(
        await place.query("SELECT payload_id, revision FROM terra_data_payloads ORDER BY revision"),
      ).toEqual(
        expect.arrayContaining([
          { payload_id: "theirs", revision: null },
          { payload_id: recordId("u", "sleep", "n"), revision: 2 },
        ]),
      );
      expect(await place.query("SELECT state, created_at FROM terra_users")).toEqual([
        { state: "active", created_at: "2026" },
      ]);
    });

    test("of a server that cannot be written to at all are tried again later", async ({ place, connect }) => {
      const broken = { ...place.settings, database: "nowhere" };
      const thrown: DeliveryError = await connect(broken)
        .deliver(dataEvent(), deadline())
        .then(
          () => expect.unreachable("it was delivered"),
          (error) => error,
        );
      expect(thrown.retry).toBe("later");
      expect(["DESTINATION_TARGET_MISSING", "DESTINATION_PERMISSION_MISSING"]).toContain(thrown.code);
    });

    test("take batches of the same records in any order side by side, and the newest stand", async ({
      place,
      connect,
    }) => {
      const userId = newUser();
      const revisions = Array.from({ length: 40 }, (_, index) =>
        revised("sleep", { naturalKey: `night-${index % 4}`, startTime }, index, userId),
      );
      const senders = [connect(place.settings), connect(place.settings)];
      const halves = [revisions.slice(0, 20), revisions.slice(20)];
      const reversed = halves.map((half) => half.toReversed());
      const batches = [...halves, ...reversed];
      await Promise.all(batches.map((batch, index) => senders[index % 2]?.deliverBatch?.(batch, deadline())));
      expect(
        await place.query("SELECT natural_key, revision FROM terra_data_payloads ORDER BY natural_key"),
      ).toEqual([36, 37, 38, 39].map((revision, index) => ({ natural_key: `night-${index}`, revision })));
    });
  });
}

function withUser(event: OutgoingEvent, parts: object): OutgoingEvent {
  return { ...event, body: Buffer.from(JSON.stringify({ type: event.type, ...parts })) };
}
