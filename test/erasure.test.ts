/**
 * One of two people is erased: nothing of theirs is left in any table except what SECURITY.md lists, nor in
 * the files.
 */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { DemoPerson } from "../src/demo/person.ts";
import type { EmbeddedServer } from "../src/store/embedded/server.ts";
import { decompress } from "../src/store/zstd.ts";
import { startTestServer } from "./support/embedded.ts";
import { daysAgo, exercise, night } from "./support/polar-bodies.ts";
import { type Receiver, startReceiver } from "./support/receiver.ts";
import { settled } from "./support/sync.ts";
import { keyHeaders, type System, startSystem } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

type Json = ReturnType<typeof JSON.parse>;

/** Values that clearly belong to one person. */
interface Marks {
  readonly word: string;
  readonly reference: string;
  /** The time of day at which their workout began. */
  readonly clock: string;
  person: DemoPerson;
  formerUserId: string;
}

const marks = (word: string, clock: string): Marks => ({
  word,
  reference: `Reference-${word}`,
  clock,
  person: { userId: "", sandboxUserId: "" },
  formerUserId: "",
});
const gone = marks("Quixotrel", "03:17:43");
const staying = marks("Brumvalde", "04:28:51");

let directory: string;
let server: EmbeddedServer;
let system: System;
let echo: Receiver;
let receipt: Json;
/** Bytes that only the database's own files contain: hashes and compressed bodies. */
const bytesOf = new Map<Marks, Buffer[]>();
/** PostgreSQL keeps long values in chunks of this length: a slice of two of them is nowhere in one piece. */
const chunkBytes = 1_996;
const sliceBytes = 40;
const left = new Map<Marks, string[]>();

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "systole-erasure-"));
  server = await startTestServer(directory);
  vi.stubEnv("TEST_DATABASE_URL", server.connectionString);
  // The run's template is on another server.
  vi.stubEnv("TEST_DATABASE_TEMPLATE", undefined);
  system = await startSystem();
  // Attempts keep a target's answers.
  echo = await startReceiver((response, request) => response.writeHead(200).end(request.body));
  await system.admin("POST", "/destinations", { kind: "webhook", settings: { url: echo.url } });
  expect((await system.admin("POST", "/receivers")).status).toBe(201);
  for (const one of [gone, staying]) await live(one);
  echo.answer((response) => response.writeHead(503).end());
  for (const one of [gone, staying]) await askForData(one);
  await waitFor("pending deliveries", async () => {
    const pending =
      "SELECT FROM deliveries d JOIN events e USING (event_id) WHERE user_id = $1 AND d.state = 'pending'";
    return (await system.query(pending, [gone.person.userId])).length > 0;
  });
  await keepOwnBytes();
});
afterAll(async () => {
  await system?.close();
  await echo?.close();
  await server?.stop();
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true, force: true });
});

/** Connects twice, syncs, and is named wherever a person can be. */
async function live(one: Marks): Promise<void> {
  const former = await system.connect(one.reference);
  one.formerUserId = former.userId;
  await system.upload(former, "exercises", exercise(`first${one.word}`, { [`note${one.word}`]: 1 }));
  await waitFor("the first workout", () => sentTo(one, `first${one.word}`));
  one.person = await connectOnPage(one.reference, former.sandboxUserId);
  const changes = {
    start_time: `${daysAgo(3)}T${one.clock}`,
    [`note${one.word}`]: `own words ${one.word}`,
    calories: `${one.word} kcal`,
  };
  await system.upload(one.person, "exercises", exercise(`second${one.word}`, changes));
  await system.upload(one.person, "sleep", night(daysAgo(4), daysAgo(5), { [`dream${one.word}`]: one.word }));
  await waitFor("the second workout", () => sentTo(one, `second${one.word}`));
  await settled(system);
  await askAbout(one);
}

/** Connects through a connect link, so that an agreement is stored. */
async function connectOnPage(reference: string, sandboxUserId: string): Promise<DemoPerson> {
  const { url } = system.server;
  const headers = { ...keyHeaders, "content-type": "application/json" };
  const body = JSON.stringify({ reference_id: reference });
  const made = await fetch(`${url}/v2/auth/generateWidgetSession`, { method: "POST", headers, body });
  const { url: link }: Json = await made.json();
  const form = new URLSearchParams({ answer: "agree" });
  const begun = await fetch(`${link}/polar`, { method: "POST", body: form, redirect: "manual" });
  const cookie = begun.headers.getSetCookie().map((set) => set.split(";")[0]);
  const consent = `${begun.headers.get("location")}&sandbox_user=${sandboxUserId}`;
  const { headers: agreed } = await fetch(consent, { redirect: "manual" });
  const landed = await fetch(agreed.get("location") ?? "", { headers: { cookie: cookie.join("; ") } });
  expect(landed.status).toBe(200);
  const found = await fetch(`${url}/v2/userInfo?reference_id=${reference}`, { headers: keyHeaders });
  const { users }: Json = await found.json();
  return { userId: users[0].user_id, sandboxUserId };
}

async function askAbout({ person, reference, word }: Marks): Promise<void> {
  const renormalization = { user_ids: [person.userId], dry_run: true };
  const { id }: Json = await (await system.admin("POST", "/renormalizations", renormalization)).json();
  await waitFor("the job", async () => {
    const [row] = await system.query("SELECT state FROM renormalizations WHERE renormalization_id = $1", [
      id,
    ]);
    return row?.state === "done";
  });
  for (const route of ["authenticateUser?resource=POLAR", "generateWidgetSession", "generateAuthToken"]) {
    const mark = `reference_id=${reference}`;
    const where = `${system.server.url}/v2/auth/${route}${route.includes("?") ? "&" : "?"}${mark}`;
    const body = JSON.stringify({ reference_id: reference });
    const headers = { ...keyHeaders, "content-type": "application/json" };
    expect((await fetch(where, { method: "POST", headers, body })).status, route).toBeLessThan(300);
  }
  const forged = JSON.stringify({
    event: "EXERCISE",
    user_id: Number(person.sandboxUserId),
    entity_id: word,
  });
  const headers = { "content-type": "application/json", "polar-webhook-signature": "00" };
  await fetch(`${system.server.url}/v2/hooks/polar`, { method: "POST", headers, body: forged });
  const leaves = async () =>
    (await system.query("SELECT FROM unknown_leaves WHERE path LIKE $1", [`%${word}%`])).length;
  await waitFor("unknown leaves", async () => (await leaves()) >= 2);
  const answers = async () =>
    (await system.query("SELECT FROM attempts WHERE response LIKE $1", [`%${word}%`])).length;
  await waitFor("a kept answer", async () => (await answers()) > 0);
}

async function askForData({ person }: Marks): Promise<void> {
  const asked = { type: "activity", start_date: daysAgo(5), end_date: daysAgo(1) };
  expect((await system.admin("POST", `/users/${person.userId}/request-data`, asked)).status).toBe(202);
}

const sentTo = ({ person, formerUserId }: Marks, workout: string): boolean =>
  system
    .events("activity")
    .some(
      ({ raw, body }) =>
        raw.includes(workout) && [person.userId, formerUserId].includes(String(body.user?.user_id)),
    );

const userIds = ({ person, formerUserId }: Marks): string[] => [person.userId, formerUserId];

/**
 * Stores the bytes of each person's bodies. Bodies that say nothing about a person, such as files of workouts
 * at the same time, have the same bytes for both.
 */
async function keepOwnBytes(): Promise<void> {
  const [theirs, others] = [await readBytes(gone), await readBytes(staying)];
  const without = (own: readonly Buffer[], other: readonly Buffer[]) =>
    own.filter((bytes) => !other.some((same) => same.equals(bytes)));
  bytesOf.set(gone, without(theirs, others));
  bytesOf.set(staying, without(others, theirs));
}

async function readBytes(one: Marks): Promise<Buffer[]> {
  const ids = [userIds(one)];
  const raw = await system.query("SELECT sha256, body FROM raw_payloads WHERE user_id = ANY($1)", ids);
  const records = await system.query(
    "SELECT content_hash, detailed FROM records WHERE user_id = ANY($1)",
    ids,
  );
  // Short bodies are too similar for a slice to identify a person.
  const theirs = raw.filter(({ body }) => body.length > 200);
  const slice = (body: Buffer): Buffer => {
    const end = body.length - 20;
    const chunk = end - (end % chunkBytes);
    return end - chunk < sliceBytes
      ? body.subarray(chunk - sliceBytes, chunk)
      : body.subarray(end - sliceBytes, end);
  };
  return [
    ...theirs.flatMap(({ sha256, body }) => [sha256, slice(body)]),
    ...records.map(({ content_hash }) => content_hash),
  ];
}

/** Returns `table.column` of every row of every schema that contains data of one person, compressed or not. */
async function namedIn(one: Marks): Promise<string[]> {
  const texts = [one.word, one.clock, ...userIds(one)];
  const account = new RegExp(`\\b${one.person.sandboxUserId}\\b`);
  const tables = await system.query<{ schema: string; name: string }>(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const found = new Set<string>();
  for (const { schema, name } of tables) {
    for (const row of await system.query(`SELECT * FROM "${schema}"."${name}"`)) {
      for (const [column, value] of Object.entries(row)) {
        const text = await shown(value);
        const isNamed = texts.some((mark) => text.includes(mark)) || account.test(text);
        if (isNamed) found.add(`${name.replace(/_[0-9a-z]*\d{4,}.*$/, "")}.${column}`);
      }
    }
  }
  return [...found].sort();
}

async function shown(value: unknown): Promise<string> {
  if (!Buffer.isBuffer(value))
    return value instanceof Date ? value.toISOString() : (JSON.stringify(value) ?? "");
  const isZstd = value.subarray(0, 4).toString("hex") === "28b52ffd";
  return (isZstd ? await decompress(value) : value).toString("latin1");
}

/** Returns how many of one person's marks are in the cluster's files. */
async function marksInFiles(one: Marks): Promise<number> {
  const wanted = [
    ...(bytesOf.get(one) ?? []),
    ...[one.clock, `first${one.word}`, `note${one.word}`].map((text) => Buffer.from(text)),
  ];
  const found = new Set<number>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const content = await readFile(path.join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
    for (const [index, mark] of wanted.entries()) if (content.includes(mark)) found.add(index);
  }
  return found.size;
}

/** Returns the statements that the guide gives to operators. */
async function statementsOfGuide(): Promise<string[]> {
  const guide = await readFile(new URL("../docs/guides/operations.md", import.meta.url), "utf8");
  const block = /## Erasing from the files[\s\S]*?```sql\n([\s\S]*?)```/.exec(guide)?.[1] ?? "";
  return block
    .split(";")
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}

describe("erasing one of two people", () => {
  it("answers with a receipt, and a second time with the same", async () => {
    for (const one of [gone, staying]) left.set(one, await namedIn(one));
    const answer = await system.admin("DELETE", `/users/${gone.person.userId}`);
    expect(answer.status).toBe(200);
    receipt = await answer.json();
    expect(receipt).toMatchObject({
      user_id: gone.person.userId,
      provider: "polar",
      permission: "given_back",
    });
    expect(receipt.deleted).toMatchObject({
      connections: 1,
      widget_sessions: 2,
      auth_tokens: 1,
      auth_flows: 1,
    });
    for (const table of [
      "records",
      "raw_payloads",
      "raw_parts",
      "coverage",
      "events",
      "deliveries",
      "attempts",
      "notifications",
      "fetch_tasks",
      "unknown_leaves",
      "agreements",
      "receiver_requests",
    ]) {
      expect(receipt.deleted[table], table).toBeGreaterThan(0);
    }
    expect(receipt.sent_to).toHaveLength(3);
    const text = JSON.stringify(receipt);
    for (const mark of [gone.word, gone.clock, gone.formerUserId]) expect(text).not.toContain(mark);
    expect(await (await system.admin("DELETE", `/users/${gone.person.userId}`)).json()).toEqual(receipt);
    expect(await (await system.admin("GET", `/erasures/${receipt.id}`)).json()).toEqual(receipt);
    const { data }: Json = await (
      await system.admin("GET", `/erasures?user_id=${gone.person.userId}`)
    ).json();
    expect(data).toEqual([receipt]);
    expect((await system.admin("GET", `/erasures/${gone.person.userId}`)).status).toBe(404);
  });

  it("leaves in all tables only what SECURITY.md lists, and everything of the other", async () => {
    await waitFor("deauth", () => system.events("deauth").length === 1);
    await waitFor("deauth at the built-in receiver", async () => {
      const found = await system.query("SELECT FROM receiver_requests WHERE type = 'deauth'");
      return found.length > 0;
    });
    await settled(system);
    expect(left.get(gone)?.length).toBeGreaterThan(25);
    expect(await namedIn(gone)).toEqual([
      "audit_log.target",
      "audit_outcomes.after",
      "erasures.user_id",
      "events.body",
      "events.reference_id",
      "events.user_id",
      "receiver_requests.body",
      "receiver_requests.reference_id",
      "receiver_requests.user_id",
    ]);
    const received = await system.query("SELECT type FROM receiver_requests WHERE user_id = $1", [
      gone.person.userId,
    ]);
    expect(received).toEqual([{ type: "deauth" }]);
    const events = await system.query("SELECT type FROM events WHERE user_id = $1", [gone.person.userId]);
    expect(events).toEqual([{ type: "deauth" }]);
    expect(await namedIn(staying)).toEqual(left.get(staying));
  });

  it("leaves nothing of theirs in any rewritten file, after the guide's statements", async () => {
    // The log breaks what stands across two of its pages, so the tables' own pages have to be there as well.
    await system.query("CHECKPOINT");
    const all = await marksInFiles(staying);
    expect(all).toBe((bytesOf.get(staying)?.length ?? 0) + 3);
    expect(await marksInFiles(gone)).toBeGreaterThan(10);
    const statements = await statementsOfGuide();
    expect(statements.length).toBeGreaterThan(3);
    const client = new pg.Client({ connectionString: system.databaseUrl });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
    expect(await marksInFiles(gone)).toBe(0);
    expect(await marksInFiles(staying)).toBeGreaterThan(10);
  });
});
