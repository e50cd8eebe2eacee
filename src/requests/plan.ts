/**
 * Plans data that is requested "to the webhook": planned while the caller waits, sent by the workers.
 *
 * Planning reads only which records there are and how large they are. It writes one job for each event to be sent, in
 * one transaction with the events that announce a long request. So once the caller has its answer, the request survives
 * any crash. An empty range sends nothing and the acknowledgement says so: an event without data would only confuse the
 * receiver. If the request was announced, the announcement says that none will come.
 */
import { emitEvents, type NewEvent } from "../delivery/emit.ts";
import type { DataSentToWebhook } from "../models/index.ts";
import type { Connection } from "../store/connections.ts";
import type { NewJob } from "../store/queue.ts";
import { listEntries, type RecordEntry } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { newTraceId } from "../telemetry/trace.ts";
import { terraUser } from "../terra/user.ts";
import { type DataRequest, recordSetOf } from "./data-request.ts";
import { groupBySize } from "./groups.ts";

export interface DataToSend extends DataRequest {
  /** The id that every event of the answer carries as `terra-reference`. */
  readonly reference: string;
}

/** 10 MB, with room for the JSON around the records. */
const chunkBytes = 10_000_000 - 4_096;

const messages = {
  long: "Large request submitted. The data is being processed and will be sent to your destination in chunks",
  nothing: "There is no data in this range; nothing will be sent",
};

/** Plans the data to be sent to the environment's destinations. Returns the acknowledgement. */
export async function requestData(
  store: Store,
  connection: Connection,
  request: DataToSend,
): Promise<DataSentToWebhook> {
  const entries = await listEntries(store.db, recordSetOf(connection, request), request.range, request);
  const long = request.range?.long ?? false;
  const groups = long ? groupBySize(entries, chunkBytes) : entries.length > 0 ? [entries] : [];
  await store.db.transaction().execute(async (tx) => {
    if (long) await emitEvents(tx, store.queue, announcements(connection, request, groups.length));
    await store.queue.enqueue(
      tx,
      "request",
      groups.map((group, index) => jobOf(connection, request, group, long ? index + 1 : null)),
    );
  });
  return acknowledgement(
    connection,
    request,
    long ? messages.long : groups.length === 0 ? messages.nothing : null,
  );
}

function jobOf(
  connection: Connection,
  { type, withSamples, reference }: DataToSend,
  group: readonly RecordEntry[],
  chunk: number | null,
): NewJob<"request"> {
  return {
    data: {
      environmentId: connection.environment_id,
      userId: connection.user_id,
      type,
      withSamples,
      reference,
      traceId: chunk === null ? reference : `${reference}:chunk:${chunk}`,
      naturalKeys: group.map(({ naturalKey }) => naturalKey),
      requestedAt: Date.now(),
    },
  };
}

/** Returns the two events that come before the chunks of a long request. */
function announcements(connection: Connection, { reference }: DataToSend, expected: number): NewEvent[] {
  const user = terraUser(connection);
  const event = (type: string, facts: Record<string, unknown>): NewEvent => ({
    environmentId: connection.environment_id,
    userId: connection.user_id,
    referenceId: connection.reference_id,
    provider: connection.provider,
    type,
    records: [],
    reference,
    traceId: newTraceId(),
    body: JSON.stringify({ type, ...facts, user, reference }),
  });
  const message = `Large request processed. The data will be sent in ${expected} chunks`;
  return [
    event("large_request_processing", { status: "processing", message: messages.long }),
    event("large_request_sending", { status: "success", message, expected_payloads: expected }),
  ];
}

function acknowledgement(
  connection: Connection,
  { type, reference }: DataToSend,
  message: string | null,
): DataSentToWebhook {
  const acknowledged = {
    status: "success" as const,
    type,
    reference,
    trace_id: reference,
    user: terraUser(connection),
  };
  return message === null ? acknowledged : { ...acknowledged, message };
}
