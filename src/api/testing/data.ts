/** Makes connections and records as ingest would. */
import { randomUUID } from "node:crypto";
import type { TestEnvironment } from "../../../test/support/database.ts";
import { type DataType, type ModelOf, naturalKey, withoutSamples } from "../../models/index.ts";
import { type Connection, insertConnection } from "../../store/connections.ts";
import { sealGrants } from "../../store/grants.ts";
import { writeRecord } from "../../store/record-writer.ts";
import type { Store } from "../../store/store.ts";

export function connect(
  store: Store,
  { environmentId }: TestEnvironment,
  given: { readonly referenceId?: string; readonly scopes?: string } = {},
): Promise<Connection> {
  const userId = randomUUID();
  const providerUserId = String(Math.floor(Math.random() * 1e9));
  const grant = {
    consent: "accesslink-v3",
    accessToken: "token",
    renewal: null,
    expiresAt: null,
    providerUserId,
    scopes: [],
  };
  return store.db.transaction().execute((tx) =>
    insertConnection(tx, {
      environment_id: environmentId,
      user_id: userId,
      provider: "polar",
      provider_user_id: providerUserId,
      reference_id: given.referenceId ?? null,
      state: "active",
      grant_sealed: sealGrants(store.keyRing, { environmentId, userId }, [grant]),
      scopes: given.scopes ?? null,
    }),
  );
}

export async function keep<Type extends DataType>(
  store: Store,
  connection: Connection,
  type: Type,
  record: ModelOf[Type],
): Promise<void> {
  const { metadata } = record as {
    metadata?: { start_time: string; end_time: string; summary_id?: string };
  };
  const id = { environmentId: connection.environment_id, userId: connection.user_id };
  await store.db.transaction().execute((tx) =>
    writeRecord(tx, id, {
      type,
      naturalKey: naturalKey(type, record),
      summaryId: metadata?.summary_id ?? null,
      mapperVersion: 1,
      json: Buffer.from(JSON.stringify(record)),
      summaryJson: JSON.stringify(withoutSamples(type, record)),
      startTime: metadata?.start_time ?? null,
      endTime: metadata?.end_time ?? null,
      rawPayloadIds: [],
    }),
  );
}

/** Makes a run of an hour with one heart-rate sample a second, for as many samples as asked. */
export function activity(startTime: string, samples = 3, id: string = randomUUID()): ModelOf["activity"] {
  return {
    metadata: { summary_id: id, start_time: startTime, end_time: startTime, type: 8, upload_type: 1 },
    heart_rate_data: {
      summary: { avg_hr_bpm: 120 },
      detailed: {
        hr_samples: Array.from({ length: samples }, (_, index) => ({
          timestamp: startTime,
          bpm: 60 + (index % 120),
          timer_duration_seconds: index,
        })),
      },
    },
  };
}
