/** A person's bodies as ingest would have stored them, and jobs run to their end, batch by batch. */

import { randomUUID } from "node:crypto";
import { connect } from "../../src/api/testing/data.ts";
import { splitBody } from "../../src/ingest/parsing/split.ts";
import { makeRecords } from "../../src/ingest/records.ts";
import { runBatch } from "../../src/ingest/renormalize/batch.ts";
import { beginRenormalization } from "../../src/ingest/renormalize/control.ts";
import { startsOf } from "../../src/ingest/shared-things.ts";
import type { Provider, ResourceRef } from "../../src/providers/provider.ts";
import { providerBySlug } from "../../src/providers/registry.ts";
import { resourceOf } from "../../src/providers/resource-of.ts";
import type { Connection } from "../../src/store/connections.ts";
import { pointParts } from "../../src/store/raw-parts.ts";
import { type FetchedPayload, keepRawPayload, nextFetchOrder } from "../../src/store/raw-payloads.ts";
import type { RenormalizationFilter, RenormalizationOptions } from "../../src/store/renormalization-job.ts";
import { findRenormalization, type Renormalization } from "../../src/store/renormalizations.ts";
import type { Store } from "../../src/store/store.ts";
import type { TestEnvironment } from "./database.ts";
import { parsingOf } from "./parsing.ts";
import { activityDay, exercise, heartRateDay, night, recharge } from "./polar-bodies.ts";

export const polar = providerBySlug("polar");
export const everything: RenormalizationFilter = { userIds: null, types: null, from: null, to: null };
const silently: RenormalizationOptions = { dryRun: false, sendEvents: false, recordsPerSecond: null };

export class KeptPerson {
  readonly #store: Store;
  readonly connection: Connection;

  private constructor(store: Store, connection: Connection) {
    this.#store = store;
    this.connection = connection;
  }

  static async connect(store: Store, environment: TestEnvironment): Promise<KeptPerson> {
    return new KeptPerson(store, await connect(store, environment));
  }

  get id() {
    return { environmentId: this.connection.environment_id, userId: this.connection.user_id };
  }

  /** Does ingest's work on an answer of the provider. */
  async keep(resource: string, key: string, body: unknown, provider: Provider = polar): Promise<string> {
    const { db } = this.#store;
    const ref: ResourceRef = { resource, key };
    const bytes = Buffer.from(JSON.stringify(body));
    const fetchOrder = await nextFetchOrder(db);
    const fetched: FetchedPayload = {
      ...ref,
      connection: this.id,
      provider: "polar",
      request: { method: "GET", path: `/${resource}/${key}` },
      response: { status: 200, contentType: "application/json", body: bytes },
      taskId: randomUUID(),
    };
    const rawPayloadId = await keepRawPayload(db, fetched, this.#store.outside);
    const { parts } = splitBody(resourceOf(provider, ref), ref, bytes);
    await db.transaction().execute((tx) =>
      pointParts(tx, this.id, { rawPayloadId, resourceKey: key, fetchOrder }, parts, {
        startsAt: startsOf(provider),
      }),
    );
    const deps = { store: this.#store, parsing: parsingOf(this.#store) };
    const run = { deps, provider, id: this.id, task: { trace_id: "test" } };
    await makeRecords(run, [{ rawPayloadId, parts }]);
    return rawPayloadId;
  }

  /** Returns the rows of the records with all columns. */
  async rows() {
    return this.#store.db
      .selectFrom("records")
      .selectAll()
      .where("environment_id", "=", this.id.environmentId)
      .where("user_id", "=", this.id.userId)
      .orderBy("type")
      .orderBy("natural_key")
      .execute();
  }
}

/** Returns the next version of the mapping, which writes one field of one type differently. */
export function nextVersion(type: string, change: (record: Record<string, unknown>) => unknown): Provider {
  const normalizers = polar.normalizers.map((normalizer) => ({
    ...normalizer,
    normalize(...given: Parameters<typeof normalizer.normalize>) {
      const record = normalizer.normalize(...given);
      return normalizer.type === type && record !== null ? change(record as Record<string, unknown>) : record;
    },
  }));
  return { ...polar, mapperVersion: polar.mapperVersion + 1, normalizers };
}

/** Begins a job and runs it to its end. */
export async function renormalize(
  store: Store,
  environmentId: string,
  provider: Provider,
  asked: { filter?: Partial<RenormalizationFilter>; options?: Partial<RenormalizationOptions> } = {},
): Promise<Renormalization> {
  const job = await beginRenormalization(store, environmentId, {
    filter: { ...everything, ...asked.filter },
    options: { ...silently, ...asked.options },
  });
  return finish(store, job, provider);
}

/** Runs batch after batch, whatever the queue's times are. */
export async function finish(
  store: Store,
  job: Renormalization,
  provider: Provider,
): Promise<Renormalization> {
  const id = { environmentId: job.environment_id, renormalizationId: job.renormalization_id };
  for (;;) {
    const now = await findRenormalization(store.db, id);
    if (now === null) throw new Error("the job is gone");
    if (now.state !== "running") return now;
    await runBatch({ store, parsing: parsingOf(store), providerOf: () => provider }, id, now.step);
  }
}

/** Stores a week's bodies: a list, single things, a night with its recharge. */
export async function keepSome(person: KeptPerson): Promise<void> {
  await person.keep("activity", "*", [
    activityDay("2026-03-01"),
    activityDay("2026-03-02"),
    activityDay("2026-03-03"),
  ]);
  await person.keep("continuous-heart-rate", "2026-03-02", heartRateDay("2026-03-02", [["10:00:00", 71]]));
  await person.keep("sleep", "*", { nights: [night("2026-03-02", "2026-03-01")] });
  await person.keep("nightly-recharge", "2026-03-02", recharge("2026-03-02"));
  await person.keep("exercise", "e1", exercise("e1", { start_time: "2026-03-02T08:00:00" }));
  await person.keep("exercise", "e2", exercise("e2", { start_time: "2026-03-03T08:00:00" }));
}

/** Returns a job's counts of one type when nothing has changed. */
export const identical = (count: number) => ({ identical: count, changed: 0, new: 0, unmakeable: {} });
