import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createEnvironment, type TestEnvironment } from "../../test/support/database.ts";
import { collectingLog } from "../../test/support/delivery.ts";
import { KeptPerson, polar } from "../../test/support/kept-person.ts";
import { exercise } from "../../test/support/polar-bodies.ts";
import { startTestApi, type TestApi } from "../api/testing/api.ts";
import type { ConnectionId } from "../store/connections.ts";
import { UnknownLeaves } from "./unknown-leaves.ts";

let api: TestApi;
let environment: TestEnvironment;
let keptId: string;
let personId: ConnectionId;
let counted: Record<string, number>;
let now: number;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  environment = await createEnvironment(api.store);
  const person = await KeptPerson.connect(api.store, environment);
  personId = person.id;
  keptId = await person.keep("exercise", "kept", exercise("kept"));
  counted = {};
  now = 0;
});

const { log, lines } = collectingLog();
const watch = () =>
  new UnknownLeaves({
    store: api.store,
    log,
    now: () => now,
    count(kind, provider, resource, count) {
      const name = `${kind} ${provider} ${resource}`;
      counted[name] = (counted[name] ?? 0) + count;
    },
  });
const origin = (rawPayloadId = keptId, id = personId) => ({
  ...id,
  provider: polar,
  rawPayloadId,
});
const parts = (value: object) => [{ resource: "exercise", key: "e1", value }];
type Shown = {
  kind: string;
  path: string;
  times: number;
  resource: string;
  raw_payload_id: string;
  raw: string | null;
};
const shown = async (): Promise<Shown[]> =>
  (await api.about(environment).get("/providers/polar/unknown-leaves")).body.data as Shown[];
const rows = async () => (await shown()).map(({ path, times }) => [path, times]);

it("counts leaves that no ledger knows, and shows each with a body to look at", async () => {
  const person = await KeptPerson.connect(api.store, environment);
  const id = await person.keep("exercise", "e1", exercise("e1", { brand_new: { depth: 3 } }));
  const leaves = watch();
  leaves.look(origin(id, person.id), parts(exercise("e1", { brand_new: { depth: 3 } })));
  leaves.look(origin(id, person.id), parts(exercise("e1")));
  await leaves.close();
  expect(counted).toEqual({ "unknown polar exercise": 1 });
  expect(await shown()).toEqual([
    {
      resource: "exercise",
      kind: "unknown",
      path: "brand_new.depth",
      times: 1,
      first_seen_at: expect.any(String),
      last_seen_at: expect.any(String),
      raw_payload_id: id,
      raw: `/admin/v1/users/${person.id.userId}/raw/${id}`,
    },
  ]);
  expect(await (await api.about(api.environment).get("/providers/polar/unknown-leaves")).body.data).toEqual(
    [],
  );
  expect((await api.about(environment).get("/providers/nobody/unknown-leaves")).body.code).toBe(
    "PROVIDER_UNKNOWN",
  );
});

it("counts and shows unreadable leaves too, each kind with a body", async () => {
  const person = await KeptPerson.connect(api.store, environment);
  const id = await person.keep("exercise", "e1", exercise("e1", { calories: "?" }));
  const leaves = watch();
  const value = exercise("e1", { calories: null, brand_new: 1 });
  const part = { resource: "exercise", value, unreadable: ["calories"] };
  // One item of a body, stored under two keys.
  leaves.look(origin(id, person.id), [
    { ...part, key: "e1" },
    { ...part, key: "e2" },
  ]);
  await leaves.close();
  expect(counted).toEqual({ "unreadable polar exercise": 1, "unknown polar exercise": 1 });
  const found = await shown();
  expect(found.map(({ kind, path, times }) => [kind, path, times])).toEqual([
    ["unknown", "brand_new", 1],
    ["unreadable", "calories", 1],
  ]);
  for (const { raw } of found) expect(raw).toBe(`/admin/v1/users/${person.id.userId}/raw/${id}`);
});

it("writes each path at most once a minute, and loses no count", async () => {
  const leaves = watch();
  const seen = () => leaves.look(origin(), parts({ new_field: 1 }));
  for (let time = 0; time < 10; time++) seen();
  now += 59_999;
  seen();
  await leaves.settled();
  expect(await rows()).toEqual([["new_field", 1]]);
  now += 1;
  seen();
  await leaves.settled();
  expect(await rows()).toEqual([["new_field", 12]]);
  seen();
  await leaves.close();
  expect(await rows()).toEqual([["new_field", 13]]);
  expect(counted).toEqual({ "unknown polar exercise": 13 });
});

it("is not flooded by bodies with invented names", async () => {
  const leaves = watch();
  for (let body = 0; body < 60; body++) {
    const fields = Array.from({ length: 5_000 }, (_, index) => [`f${body}_${index}${"x".repeat(500)}`, 1]);
    leaves.look(origin(), parts(Object.fromEntries(fields)));
  }
  await leaves.close();
  const found = await shown();
  expect(found).toHaveLength(500);
  expect(Math.max(...found.map(({ path }) => path.length))).toBe(200);
  expect(counted).toEqual({ "unknown polar exercise": 60 * 50 });
  // A path known before the flood is still counted.
  leaves.look(origin(), parts({ [String(found[0]?.path)]: 1 }));
  await leaves.close();
  expect((await shown()).find(({ path }) => path === found[0]?.path)?.times).toBe(2);
});

it("writes nothing about a body that was erased meanwhile", async () => {
  const leaves = watch();
  leaves.look(origin(randomUUID()), parts({ own_words: 1 }));
  leaves.look(origin(), parts({ new_field: 1 }));
  await leaves.close();
  expect(await rows()).toEqual([["new_field", 1]]);
});

it("ignores a failing database, and a body that it cannot search", async () => {
  const failing = {
    ...api.store,
    db: {
      getExecutor: () => {
        throw new Error("away");
      },
    } as never,
  };
  const leaves = new UnknownLeaves({ store: failing, log, count: () => {} });
  leaves.look(origin(), parts({ new_field: 1 }));
  await leaves.close();
  expect(lines.some(({ msg }) => msg === "unknown leaves not written down")).toBe(true);
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level++) deep = { deep };
  watch().look(origin(), parts({ new_field: deep }));
});
