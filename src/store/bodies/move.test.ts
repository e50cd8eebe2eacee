/** Bodies are moved out of the database while the server works, and a killed move is begun anew. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../../test/support/database.ts";
import { KeptPerson } from "../../../test/support/kept-person.ts";
import { waitFor } from "../../../test/support/wait.ts";
import { announce, announced } from "../../ingest/announce.ts";
import { findChoosing } from "../data-choices.ts";
import { findEvent } from "../events.ts";
import { keepRawPayload, readRawPayload } from "../raw-payloads.ts";
import { writeRecord } from "../record-writer.ts";
import { readFrames } from "../records.ts";
import type { Store } from "../store.ts";
import { decompress } from "../zstd.ts";
import { directoryBodies } from "./directory.ts";
import { countUnmoved, type MoveCursor, moveStep } from "./move.ts";
import { type OutsideBodies, outsideBodies } from "./outside.ts";
import { removeDueBodies } from "./removals.ts";
import { toArray } from "./to-array.fixture.ts";

const days = 25;

let test: TestStore;
let directory: string;
let person: KeptPerson;
let store: Store & { readonly outside: OutsideBodies };
beforeAll(async () => {
  test = await startTestStore(false);
});
afterAll(() => test.close());
beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "systole-move-"));
  const bodies = directoryBodies(directory);
  store = { ...test.store, bodies, outside: outsideBodies(test.store.db, bodies, 1) };
  person = await KeptPerson.connect(test.store, await createEnvironment(test.store));
  return () => rm(directory, { recursive: true, force: true });
});

const keyOf = (day: number): string => `2026-03-${String(day + 1).padStart(2, "0")}`;

interface Kept {
  readonly rawPayloadId: string;
  readonly naturalKey: string;
  readonly padding: string;
}

/** Keeps a raw payload, and writes a record with its event, in rows. */
async function keep(naturalKey: string, padding = randomBytes(3_000).toString("base64")): Promise<Kept> {
  const json = JSON.stringify({ padding });
  const rawPayloadId = await test.store.db.transaction().execute(async (tx) => {
    const content = {
      type: "daily" as const,
      naturalKey,
      summaryId: null,
      mapperVersion: 1,
      json: Buffer.from(json),
      summaryJson: "{}",
      startTime: `${naturalKey}T00:00:00`,
      endTime: null,
      rawPayloadIds: [],
    };
    const written = await writeRecord(tx, person.id, content);
    const connection = await findChoosing(tx, person.id);
    if (written === null || connection === null) throw new Error("nothing was written");
    await announce(tx, test.store, connection, {
      records: [announced(content, written)],
      traceId: naturalKey,
    });
    return keepRawPayload(tx, {
      resource: "exercises",
      key: naturalKey,
      connection: person.id,
      provider: "polar",
      request: { method: "GET", path: `/v3/exercises/${naturalKey}` },
      response: { status: 200, contentType: "application/json", body: Buffer.from(json) },
      taskId: person.id.userId,
    });
  });
  return { rawPayloadId, naturalKey, padding };
}

async function moveAll(): Promise<number> {
  let [moved, from]: [number, MoveCursor | undefined] = [0, undefined];
  for (;;) {
    const step = await moveStep(store, from);
    moved += step.moved;
    if (step.next === null) return moved;
    from = step.next;
  }
}

async function expectReadable({ rawPayloadId, naturalKey, padding }: Kept): Promise<void> {
  const json = JSON.stringify({ padding });
  expect(String(await readRawPayload(store, person.id, rawPayloadId))).toBe(json);
  const [frame] = await readFrames(store, { ...person.id, type: "daily" }, [naturalKey]);
  expect(String(await decompress(frame?.zstd ?? Buffer.alloc(0)))).toBe(json);
  const { event_id } = await store.db
    .selectFrom("events")
    .select("event_id")
    .where("user_id", "=", person.id.userId)
    .where("trace_id", "like", `${naturalKey}:%`)
    .executeTakeFirstOrThrow();
  expect(String((await findEvent(store, person.id.environmentId, event_id))?.body)).toContain(json);
}

const objects = (): Promise<string[]> =>
  toArray(store.bodies.list(`${person.id.environmentId}/${person.id.userId}/`));

it("a move that is killed is begun anew: everything is outside once, and can be read all the time", async () => {
  const kept: Kept[] = [];
  for (let day = 0; day < days; day++) kept.push(await keep(keyOf(day)));
  const unmoved = await countUnmoved(store);
  expect(unmoved.bodies).toBe(3 * days);
  const fixture = path.join(import.meta.dirname, "killed-mover.fixture.ts");
  const mover = spawn(process.execPath, [fixture, test.connectionString, directory], { stdio: "inherit" });
  const exited = once(mover, "exit");
  await waitFor("some bodies", async () => (await objects()).length >= 8);
  for (const one of kept) await expectReadable(one);
  mover.kill("SIGKILL");
  await exited;
  const left = await countUnmoved(store);
  expect(left.bodies).toBeGreaterThan(0);
  expect(left.bodies).toBeLessThan(unmoved.bodies);
  expect(await moveAll()).toBe(left.bodies);
  expect(await countUnmoved(store)).toEqual({ bodies: 0, bytes: 0 });
  for (const one of kept) await expectReadable(one);
  // The body that was stored when the process was killed, and has no row, goes an hour later.
  await sql`UPDATE body_removals SET due_at = now()`.execute(store.db);
  await removeDueBodies(store);
  expect(await objects()).toHaveLength(unmoved.bodies);
  expect(await moveAll()).toBe(0);
});

it("a record that is revised while its body is moved keeps its new body", async () => {
  await keep("2026-04-01");
  const outside: OutsideBodies = {
    ...store.outside,
    async put(owner, packed) {
      const key = await store.outside.put(owner, packed);
      if (owner.sha256 !== undefined && isFirst) {
        isFirst = false;
        await keep("2026-04-01", "revised");
      }
      return key;
    },
  };
  let isFirst = true;
  await moveStep({ ...store, outside }, { table: "records", after: null });
  const [row] = await person.rows();
  expect(row).toMatchObject({ revision: 2, body_key: null });
  expect(String(await decompress(row?.detailed ?? Buffer.alloc(0)))).toBe('{"padding":"revised"}');
  expect(await removeDueBodies(store)).toBe(1);
  expect(await objects()).toEqual([]);
});

it("a server that keeps bodies in its database refuses", async () => {
  const { outside: _, ...without } = store;
  await expect(moveStep(without)).rejects.toMatchObject({ code: "BODY_STORE_NOT_SET" });
});
