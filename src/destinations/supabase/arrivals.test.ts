/** Rows and objects, as a developer reads them. */
import { describe, expect, it } from "vitest";
import { deadline, failure } from "../conformance/bench.ts";
import { dataEvent, newUser, plainEvent, revised, type TestEvent } from "../conformance/events.ts";
import { DeliveryError } from "../destination.ts";
import { connect, download, noServer, objects, open, rowsOf } from "./projects.ts";

const night = { naturalKey: "night", startTime: "2025-10-01T23:00:00.000000+02:00" };

describe.skipIf(noServer)("what arrives", () => {
  it("is a row for each record, and an object where Terra's clients look for it", async () => {
    const place = await open();
    const event = dataEvent("sleep", [{ ...night, revision: 4 }]);
    await connect(place.settings).deliver(event, deadline());
    const [row] = await rowsOf(place, "terra_data_payloads");
    expect(row).toMatchObject({
      user_id: event.userId,
      data_type: "sleep",
      created_at: new Date(event.orderingTimestamp),
      start_time: new Date("2025-10-01T21:00:00Z"),
      natural_key: "night",
      revision: "4",
      event_id: event.id,
      supersedes: null,
    });
    expect(await objects(place)).toEqual([`sleep/${row?.payload_id}.json`]);
    const object = await download(place, `sleep/${row?.payload_id}.json`, place.project.serviceRoleKey);
    expect(object.headers.get("content-type")).toBe("application/json");
    expect(JSON.parse(await object.text())).toEqual(JSON.parse(event.body.toString("utf8")).data[0]);
  });

  it("has the facts of the latest event about a person, in any order of events", async () => {
    const place = await open();
    const sender = connect(place.settings);
    const userId = newUser();
    const state = async () => (await rowsOf(place, "terra_users")).map((row) => row.state);
    const auth = plainEvent("auth", { userId, orderingTimestamp: 1_000 });
    const deauth = plainEvent("deauth", { userId, orderingTimestamp: 3_000 });
    const data = dataEvent("sleep", [{}], { userId, orderingTimestamp: 2_000 });
    for (const event of [auth, deauth, data, auth]) await sender.deliver(event, deadline());
    expect(await state()).toEqual(["deauth"]);
    expect((await rowsOf(place, "terra_users"))[0]).toMatchObject({
      user_id: userId,
      reference_id: "person-1",
      provider: "POLAR",
      event_id: deauth.id,
    });
    await sender.deliver(plainEvent("access_revoked", { userId, orderingTimestamp: 4_000 }), deadline());
    expect(await state()).toEqual(["access_revoked"]);
  });

  it("has a row also where there is no person", async () => {
    const place = await open();
    const event = plainEvent("auth_cancelled", { userId: null, referenceId: null });
    await connect(place.settings).deliver(event, deadline());
    expect(await rowsOf(place, "terra_users")).toEqual([]);
    const [row] = await rowsOf(place, "terra_misc_payloads");
    expect(row).toMatchObject({ user_id: null, data_type: event.type, payload_type: event.type });
    expect(await objects(place)).toEqual([`auth_cancelled/${row?.payload_id}.json`]);
  });

  it("leaves no object of a revision that a newer one took the place of", async () => {
    const place = await open();
    const sender = connect(place.settings);
    const userId = newUser();
    const [first, second, third] = [1, 2, 3].map((revision) => revised("sleep", night, revision, userId));
    if (!first || !second || !third) throw new Error("three were made");
    const standing = async () =>
      (await rowsOf(place, "terra_data_payloads")).map((row) => `sleep/${row.payload_id}.json`);
    await sender.deliver(second, deadline());
    const before = await standing();
    expect(await objects(place)).toEqual(before);
    await sender.deliver(first, deadline());
    expect(await objects(place)).toEqual(before);
    await sender.deliver(third, deadline());
    expect(await standing()).not.toEqual(before);
    expect(await objects(place)).toEqual(await standing());
    await sender.deliverBatch?.([first, third, second, first], deadline());
    expect(await objects(place)).toEqual(await standing());
  });

  it("is never a row without its object", async () => {
    const place = await open();
    await place.sql.project("update storage.buckets set allowed_mime_types = '{image/png}'");
    const sender = connect(place.settings);
    const refused = { code: "DELIVERY_FAILED", retry: "later" };
    expect(await failure(sender.deliver(dataEvent(), deadline()))).toMatchObject(refused);
    const outcomes = await sender.deliverBatch?.([dataEvent(), plainEvent("auth")], deadline());
    expect(outcomes).toMatchObject([refused, refused]);
    for (const table of ["terra_users", "terra_data_payloads", "terra_misc_payloads"]) {
      expect(await rowsOf(place, table)).toEqual([]);
    }
  });

  it("is deleted with the person's row", async () => {
    const place = await open();
    const event = dataEvent();
    await connect(place.settings).deliver(event, deadline());
    await place.sql.project("delete from public.terra_users");
    expect(await rowsOf(place, "terra_data_payloads")).toEqual([]);
    expect(await rowsOf(place, "terra_misc_payloads")).toEqual([]);
  });

  it("is all there when batches with the same records cross", async () => {
    const place = await open();
    const people = [newUser(), newUser(), newUser()];
    const made = (revision: number): TestEvent[] =>
      people.flatMap((userId) =>
        ["a", "b", "c", "d"].map((naturalKey) =>
          revised("sleep", { ...night, naturalKey }, revision, userId),
        ),
      );
    const senders = [connect(place.settings), connect(place.settings)];
    const batches = Array.from({ length: 10 }, (_, index) => made(index + 1));
    const outcomes = await Promise.all(
      batches.flatMap((batch) => [
        senders[0]?.deliverBatch?.(batch, deadline()),
        senders[1]?.deliverBatch?.(batch.toReversed(), deadline()),
      ]),
    );
    expect(outcomes.flat().filter((outcome) => outcome instanceof DeliveryError)).toEqual([]);
    const rows = await rowsOf(place, "terra_data_payloads");
    expect(rows.map(({ revision }) => revision)).toEqual(Array.from({ length: 12 }, () => "10"));
    expect(await objects(place)).toEqual(rows.map((row) => `sleep/${row.payload_id}.json`).sort());
  });
});
