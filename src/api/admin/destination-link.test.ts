import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEnvironment } from "../../../test/support/database.ts";
import { createDestination, findDestination } from "../../store/destinations.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const path = "/admin/v1/destinations";
const create = (json: object) => api.admin(path, { method: "POST", json });
const patch = (id: unknown, json: object) => api.admin(`${path}/${id}`, { method: "PATCH", json });
const remove = (id: unknown) => api.admin(`${path}/${id}`, { method: "DELETE" });
const find = (id: unknown) => {
  const target = { environmentId: api.environment.environmentId, destinationId: String(id) };
  return findDestination(api.store.db, api.store.keyRing, target);
};

const kafka = {
  kind: "kafka",
  settings: { brokers: "127.0.0.1:9092", topic: "events", mechanism: "none", tls: false },
};
const webhook = { kind: "webhook", settings: { url: "http://127.0.0.1:9/" } };
const bucket = {
  kind: "s3",
  settings: {
    bucket: "payloads",
    region: "eu-north-1",
    access_key_id: "AKIAEXAMPLE",
    secret_access_key: "an example's secret key",
  },
};

describe("a destination's settings", () => {
  test("are shown in full, with the defaults", async () => {
    const { body } = await create(webhook);
    expect(body).toMatchObject({
      format: "terra",
      payload: "inline",
      link: { destination_id: null, expires_in: 86_400 },
      failing_since: null,
    });
    expect(await find(body.id)).toMatchObject({ ordered: false });
    const since = new Date();
    await api.store.db
      .updateTable("destinations")
      .set({ failing_since: since })
      .where("destination_id", "=", String(body.id))
      .execute();
    expect((await api.admin(`${path}/${body.id}`)).body.failing_since).toBe(since.toISOString());
  });

  test("include whether it keeps order, which its settings say", async () => {
    const { body } = await create(kafka);
    expect(await find(body.id)).toMatchObject({ ordered: true });
    await api.store.db.updateTable("destinations").set({ ordered: false }).execute();
    await patch(body.id, { active: false });
    expect(await find(body.id)).toMatchObject({ ordered: false });
    await patch(body.id, { settings: { topic: "others" } });
    expect(await find(body.id)).toMatchObject({ ordered: true });
  });

  test("are refused where they are impossible", async () => {
    const wrong = [
      { ...webhook, format: "tcx" },
      { ...webhook, when_unsupported: "drop" },
      { ...webhook, payload: "none" },
      { ...webhook, link: { expires_in: 59 } },
      { ...webhook, link: { expires_in: 604_801 } },
      { ...webhook, link: { destination_id: "x" } },
      { ...webhook, link: { somewhere: 1 } },
    ];
    for (const json of wrong) expect((await create(json)).body.code).toBe("REQUEST_INVALID");
  });
});

describe("links", () => {
  test("are possible for kinds that take them", async () => {
    const taken = await create({ ...kafka, payload: "link" });
    expect(taken.body).toMatchObject({ payload: "link" });
    expect((await create({ ...webhook, payload: "link" })).body).toMatchObject({ payload: "link" });
    const refused = await create({ ...bucket, payload: "link" });
    expect([refused.status, refused.body.code]).toEqual([400, "REQUEST_INVALID"]);
    expect(refused.body.detail).toContain("payload: ");
    const { id } = (await create(bucket)).body;
    expect((await patch(id, { payload: "link" })).body.code).toBe("REQUEST_INVALID");
  });

  test("can be changed field by field", async () => {
    const store = (await create(bucket)).body.id;
    const { id } = (await create({ ...kafka, link: { destination_id: store, expires_in: 60 } })).body;
    expect((await patch(id, { link: { expires_in: 604_800 } })).body.link).toEqual({
      destination_id: store,
      expires_in: 604_800,
    });
    expect((await patch(id, { active: false })).body.link).toMatchObject({ destination_id: store });
    expect((await patch(id, { link: { destination_id: null } })).body.link).toEqual({
      destination_id: null,
      expires_in: 604_800,
    });
  });

  test("use only an object store of the same environment", async () => {
    const other = await createEnvironment(api.store);
    const { db, keyRing } = api.store;
    const theirs = await createDestination(db, keyRing, other.environmentId, {
      ...bucket,
      eventTypes: null,
      active: true,
    });
    const store = (await create(bucket)).body.id;
    const plain = (await create(webhook)).body.id;
    const wrong = [theirs.destination_id, plain, randomUUID()];
    for (const destination_id of wrong) {
      const answer = await create({ ...kafka, link: { destination_id } });
      expect([answer.status, answer.body.code]).toEqual([400, "REQUEST_INVALID"]);
      expect(answer.body.detail).toContain("link.destination_id: ");
    }
    const itself = await patch(store, { link: { destination_id: store } });
    expect(itself.body.detail).toContain("itself");
  });

  test("prevent deleting the object store", async () => {
    const store = (await create(bucket)).body.id;
    const ids = await Promise.all(
      [1, 2].map(async () => (await create({ ...kafka, link: { destination_id: store } })).body.id),
    );
    const refused = await remove(store);
    expect([refused.status, refused.body.code]).toEqual([409, "DESTINATION_IN_USE"]);
    expect(refused.body.details).toEqual({ destinations: ids.sort() });
    expect((await remove(ids[0])).status).toBe(204);
    await patch(ids[1], { link: { destination_id: null } });
    expect((await remove(store)).status).toBe(204);
  });

  test("never use an object store that is deleted at the same moment", async () => {
    for (let n = 0; n < 8; n++) {
      const store = (await create(bucket)).body.id;
      const [linked, removed] = await Promise.all([
        create({ ...kafka, link: { destination_id: store } }),
        remove(store),
      ]);
      expect([201, 400, 404]).toContain(linked.status);
      expect([204, 409]).toContain(removed.status);
      expect(linked.status === 201).toBe(removed.status === 409);
      if (linked.status === 201) expect(await find(store)).not.toBeNull();
    }
  });
});
