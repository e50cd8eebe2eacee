/**
 * Renormalising 10,000 activities: ten people's runs of ten minutes at 1 Hz, stored as by ingest. Ours is a
 * job of a running Systole, from the request over HTTP until its end: every body is read, mapped, compared,
 * and searched for further records. The floor only normalises the same bodies.
 *
 * `npm run bench -- renormalize:500` uses another number of activities.
 */
import { createHash, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import { normalizedText } from "../src/ingest/parsing/normalized-text.ts";
import { contentOf } from "../src/ingest/record-content.ts";
import { providerBySlug } from "../src/providers/registry.ts";
import { newId } from "../src/store/identifiers.ts";
import type { RecordContent } from "../src/store/record-writer.ts";
import type { Store } from "../src/store/store.ts";
import { compress } from "../src/store/zstd.ts";
import { credentials } from "../test/support/system.ts";
import type { Bench } from "./support/benchmark.ts";
import { hourOfRunning } from "./support/hour.ts";
import type { Result } from "./support/report.ts";
import { compare, type Round, takeTurns } from "./support/rounds.ts";

const people = 10;
const allActivities = 10_000;
const rounds = 5;
const lengthMs = 600_000;
/** The id in the body, as long as the ids that replace it. */
const template = "bench1";
const lookMs = 10;
const polar = providerBySlug("polar");

export async function benchRenormalize({ openTestBed, progress, parts }: Bench): Promise<Result[]> {
  await using opened = new AsyncDisposableStack();
  const testBed = await openTestBed();
  const activities = Math.ceil(Number(parts[0] ?? allActivities) / people) * people;
  const databaseUrl = await testBed.createDatabase();
  const systole = await testBed.startSystole(databaseUrl);
  opened.defer(() => systole.stop());
  const store = await testBed.openStore(databaseUrl, opened);
  const body = hourOfRunning(1, { lengthMs });
  progress(`keeping ${activities} activities`);
  const users = await keepAll(store, body, activities / people);

  const perRound = Math.floor(people / rounds);
  const what = `${activities} runs of 10 minutes`;
  progress(`${rounds} rounds: ${what}`);
  const next = users.values();
  const count = (activities / people) * perRound;
  const ours = () =>
    renormalize(
      systole.url,
      Array.from({ length: perRound }, () => String(next.next().value)),
      count,
    );
  normalizeAlone(body, 200);
  const turns: Round<number>[] = await takeTurns(rounds, ours, () => normalizeAlone(body, count));
  const against = "parts, record and text of the same bodies, and nothing else";
  return [{ benchmark: "renormalize", what, unit: "/s", ...compare(turns, "higher"), against }];
}

/** Returns activities per second. @throws when one of them differed from before */
async function renormalize(url: string, userIds: readonly string[], count: number): Promise<number> {
  const began = performance.now();
  const job = await admin(url, "POST", "", { user_ids: userIds });
  for (;;) {
    const { state, types } = await admin(url, "GET", `/${job.id}`);
    if (state === "done") {
      const found = JSON.stringify(types);
      const expected = JSON.stringify({ activity: { identical: count, changed: 0, new: 0, unmakeable: {} } });
      if (found !== expected) throw new Error(`Expected ${expected}, found ${found}`);
      return (count / (performance.now() - began)) * 1_000;
    }
    if (state !== "running") throw new Error(`The job is ${state}`);
    await pause(lookMs);
  }
}

async function admin(
  url: string,
  method: string,
  path: string,
  json?: object,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/admin/v1/renormalizations${path}`, {
    method,
    headers: { authorization: `Bearer ${credentials.adminToken}`, "content-type": "application/json" },
    ...(json && { body: JSON.stringify(json) }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer}`);
  return JSON.parse(answer);
}

/** Returns activities per second. */
function normalizeAlone(body: string, count: number): number {
  const began = performance.now();
  let characters = 0;
  for (let activity = 0; activity < count; activity++) characters += contentFor(body).json.length;
  if (characters === 0) throw new Error("Nothing was made");
  return (count / (performance.now() - began)) * 1_000;
}

function contentFor(body: string): RecordContent {
  const resource = polar.resources.find(({ name }) => name === "exercise");
  const [part] = resource?.parts("", resource.decode(Buffer.from(body))) ?? [];
  const normalizer = polar.normalizers.find(({ type }) => type === "activity");
  const text = part && normalizer && normalizedText(normalizer, [part], part.key);
  if (part === undefined || !text) throw new Error("The run made no record");
  const ref = { type: "activity", naturalKey: part.key } as const;
  return contentOf(polar, ref, { text, rawPayloadIds: [], summaryId: part.key, ownId: part.key });
}

async function keepAll(store: Store, body: string, perPerson: number): Promise<string[]> {
  const { environment_id: environmentId } = await store.db
    .selectFrom("environments")
    .select("environment_id")
    .executeTakeFirstOrThrow();
  const content = contentFor(body);
  const users: string[] = [];
  for (let person = 0; person < people; person++) {
    const userId = randomUUID();
    await store.db
      .insertInto("connections")
      .values({
        environment_id: environmentId,
        user_id: userId,
        provider: polar.slug,
        provider_user_id: userId,
        reference_id: null,
        state: "active",
        grant_sealed: Buffer.alloc(1),
        scopes: null,
      })
      .execute();
    for (let index = 0; index < perPerson; index++) {
      const id = index.toString(36).padStart(template.length, "x");
      await keepOne(store, { environmentId, userId }, id, body, content);
    }
    users.push(userId);
  }
  await sql`ANALYZE`.execute(store.db);
  return users;
}

/** Stores the body with another id, its part, and its record. */
async function keepOne(
  { db }: Store,
  { environmentId, userId }: { environmentId: string; userId: string },
  id: string,
  body: string,
  content: RecordContent,
): Promise<void> {
  const text = body.replaceAll(template, id);
  const json = Buffer.from(content.json.toString("utf8").replaceAll(template, id));
  const rawPayloadId = newId();
  const owner = { environment_id: environmentId, user_id: userId };
  await db.transaction().execute(async (tx) => {
    await sql`SET LOCAL synchronous_commit = off`.execute(tx);
    await tx
      .insertInto("raw_payloads")
      .values({
        ...owner,
        raw_payload_id: rawPayloadId,
        provider: polar.slug,
        resource: "exercise",
        resource_key: id,
        request_method: "GET",
        request_path: `/v3/exercises/${id}`,
        response_status: 200,
        content_type: "application/json",
        body: await compress(text, "small"),
        body_bytes: text.length,
        sha256: createHash("sha256").update(text).digest(),
        fetched_at: new Date(),
        task_id: null,
      })
      .execute();
    const part = { resource: "exercise", part_key: id, raw_payload_id: rawPayloadId, resource_key: id };
    await tx
      .insertInto("raw_parts")
      .values({ ...owner, ...part, fetch_order: "1" })
      .execute();
    await tx
      .insertInto("records")
      .values({
        ...owner,
        type: "activity",
        natural_key: id,
        summary_id: id,
        revision: 1,
        mapper_version: 0,
        start_date: content.startTime?.slice(0, 10) ?? null,
        start_time: content.startTime,
        end_time: content.endTime,
        summary: content.summaryJson.replaceAll(template, id),
        detailed: await compress(json),
        detailed_bytes: json.length,
        content_hash: createHash("sha256").update(json).digest(),
        raw_payload_ids: [rawPayloadId],
      })
      .execute();
  });
}
