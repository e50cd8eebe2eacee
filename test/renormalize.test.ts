/** Rebuilding records in a whole system: the command, the server, the worker, the receiver. */
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DemoPerson } from "../src/demo/person.ts";
import { activityDay, daysAgo, exercise, night, recharge } from "./support/polar-bodies.ts";
import { runSystole } from "./support/process.ts";
import { credentials, type System, startSystem } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

let system: System;
let person: DemoPerson;
beforeAll(async () => {
  system = await startSystem();
  person = await system.connect("renormalize");
  await system.upload(person, "activities", activityDay(daysAgo(2)));
  await system.upload(person, "nightly-recharge", recharge(daysAgo(1)));
  await system.upload(person, "sleep", night(daysAgo(1), daysAgo(2)));
  const run = exercise("run1", { a_new_field: { of: "Polar's" } });
  await system.control("PUT", `/_sandbox/users/${person.sandboxUserId}/exercises?notify=false`, run);
  await putPackedTcx("run1");
  await system.upload(person, "exercises", run);
  await waitFor("the records", async () => (await types()).join() === "activity,daily,sleep");
  await settled();
});
afterAll(() => system.close());

/** Uploads a compressed TCX: Polar has been seen to send one without saying so. */
async function putPackedTcx(id: string): Promise<void> {
  const at = `${system.server.sandboxUrl}/_sandbox/users/${person.sandboxUserId}/exercises/${id}/tcx`;
  const body = new Uint8Array(gzipSync("<TrainingCenterDatabase/>"));
  const headers = { "content-type": "application/octet-stream" };
  expect((await fetch(at, { method: "PUT", headers, body })).status).toBe(200);
}

const types = async (): Promise<string[]> => {
  const rows = await system.query<{ type: string }>(
    "SELECT DISTINCT type FROM records WHERE type IN ('activity', 'daily', 'sleep') ORDER BY type",
  );
  return rows.map(({ type }) => type);
};
/** Resolves when nothing is under way any more, except looks much later. */
const settled = () =>
  waitFor("everything to settle", async () => {
    const [row] = await system.query<{ open: number }>(
      `SELECT (SELECT count(*)::int FROM fetch_tasks WHERE state = 'accepted'
                AND (next_attempt_at IS NULL OR next_attempt_at < now() + interval '3 seconds'))
            + (SELECT count(*)::int FROM deliveries WHERE state = 'pending') AS open`,
    );
    return row?.open === 0;
  });
const records = () => system.query("SELECT * FROM records ORDER BY user_id, type, natural_key");
const renormalize = (...args: string[]) =>
  runSystole(["renormalize", ...args, "--url", system.server.url], {
    SYSTOLE_ADMIN_TOKEN: credentials.adminToken,
  });

describe("systole renormalize", () => {
  it("of an unchanged system writes no revision and sends nothing", async () => {
    const [before, events] = [await records(), system.events().length];
    const { exitCode, output } = await renormalize("--all", "--send-events");
    expect([exitCode, output]).toEqual([0, expect.stringContaining("sleep: 1 identical, 0 changed, 0 new")]);
    expect(output).toContain("activity: 1 identical, 0 changed, 0 new");
    expect(output).not.toMatch(/[1-9]\d* (changed|new)|unmakeable|What differs/);
    await settled();
    expect(await records()).toEqual(before);
    expect(system.events()).toHaveLength(events);
  });

  it("makes revisions of what an older mapping made differently, sends them when asked, and then finds nothing", async () => {
    const older = `UPDATE records SET mapper_version = 0, content_hash = ''::bytea, revision = 4 WHERE type = 'sleep'`;
    await system.query(older);
    const sent = system.events("sleep").length;
    const dry = await renormalize("--type", "sleep", "--dry-run");
    expect(dry.output).toContain("sleep: 0 identical, 1 changed, 0 new");
    expect((await system.query("SELECT revision FROM records WHERE type = 'sleep'"))[0]).toEqual({
      revision: 4,
    });
    const real = await renormalize("--user", person.userId, "--type", "sleep", "--send-events");
    expect(real.output).toContain("1 event written");
    const event = await waitFor("the event", () => system.events("sleep")[sent]);
    expect(event.headers["x-systole-revision"]).toBe("5");
    expect((await renormalize("--all")).output).toContain("sleep: 1 identical, 0 changed, 0 new");
    await settled();
    expect(system.events("sleep")).toHaveLength(sent + 1);
  });
});

describe("the source of a record", () => {
  const get = async (path: string) =>
    (await (await system.admin("GET", path.replace("/admin/v1", ""))).json()) as Record<string, unknown>;
  type Raw = { resource: string; path: string; bytes: number };

  it("is the exact bodies, including files", async () => {
    const [run] = (await get(`/users/${person.userId}/records?type=activity`)).data as { raw: string }[];
    const bodies = (await get(String(run?.raw))).data as Raw[];
    const json = bodies.find(({ resource }) => resource === "exercise");
    const text = await (await system.admin("GET", String(json?.path).replace("/admin/v1", ""))).text();
    expect([JSON.parse(text)].flat()).toMatchObject([{ id: "run1" }]);
    expect(Buffer.byteLength(text)).toBe(json?.bytes);
  });

  it("can be downloaded if it is a file", async () => {
    // The TCX itself is compressed; exactly its bytes are stored and returned.
    for (const [format, type, ending] of [
      ["fit", "application/octet-stream", "fit"],
      ["tcx", "application/vnd.garmin.tcx+xml", "tcx.gz"],
    ]) {
      const { data } = await get(`/users/${person.userId}/raw?resource=exercise-${format}`);
      const [{ id, bytes } = { id: "", bytes: 0 }] = data as { id: string; bytes: number }[];
      const file = await system.admin("GET", `/users/${person.userId}/raw/${id}`);
      expect(file.headers.get("content-type"), format).toContain(type);
      expect(file.headers.get("content-disposition")).toBe(
        `attachment; filename="polar-exercise-${format}-run1-${id}.${ending}"`,
      );
      expect((await file.arrayBuffer()).byteLength).toBe(bytes);
    }
  });

  it("stays known: no payload that a record names is missing", async () => {
    const missing = await system.query(
      `SELECT r.type FROM records r CROSS JOIN unnest(r.raw_payload_ids) AS named(id)
        LEFT JOIN raw_payloads p ON p.user_id = r.user_id AND p.raw_payload_id = named.id
        WHERE p.raw_payload_id IS NULL`,
    );
    expect(missing).toEqual([]);
  });
});

it("a field that no ledger knows is counted and shown", async () => {
  const metrics = await (await fetch(`${system.server.url}/metrics`)).text();
  expect(metrics).toMatch(/systole_unknown_leaves_total\{provider="polar",resource="exercise"\} [1-9]/);
  const response = await system.admin("GET", "/providers/polar/unknown-leaves");
  const { data } = (await response.json()) as { data: { path: string; raw: string }[] };
  const leaf = data.find(({ path }) => path === "a_new_field.of");
  expect(data.filter(({ path }) => !path.startsWith("a_new_field"))).toEqual([]);
  const body = await system.admin("GET", String(leaf?.raw).replace("/admin/v1", ""));
  expect(await body.text()).toContain("a_new_field");
});
