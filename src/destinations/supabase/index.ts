/** Supabase: payloads in a bucket, and rows that point to them in Terra's tables. See README.md. */

import { batchTime } from "../attempt-time.ts";
import {
  DeliveryError,
  type DeliveryReceipt,
  defineDestination,
  type OutgoingEvent,
  type Sender,
  type SenderContext,
} from "../destination.ts";
import { openAttempts } from "../kit/attempts.ts";
import { Bucket } from "./bucket.ts";
import { checkProject } from "./check.ts";
import { Delivery } from "./delivery.ts";
import { Http } from "./http.ts";
import { type SupabaseSettings, supabaseSettings } from "./settings.ts";
import { setupOver } from "./setup.ts";
import { Tables } from "./tables.ts";
import { idOf } from "./text.ts";

export default defineDestination({
  kind: "supabase",
  displayName: "Supabase",
  settings: supabaseSettings,
  batch: { maxEvents: 100, maxBytes: 16 * 1_024 * 1_024 },
  time: batchTime,
  connect,
});

function connect(settings: SupabaseSettings, context: SenderContext): Sender {
  const http = new Http(settings, context);
  const { database_url } = settings;
  const setup = database_url === undefined ? null : setupOver(database_url, settings, context);
  const bucket = new Bucket(http, settings.bucket);
  const tables = new Tables(http, setup);
  const delivery = new Delivery(bucket, tables);
  const attempts = openAttempts(() => http.close());

  async function deliver(event: OutgoingEvent, signal: AbortSignal): Promise<DeliveryReceipt> {
    const [outcome] = await delivery.deliver([event], signal);
    if (outcome instanceof DeliveryError) throw outcome;
    return outcome as DeliveryReceipt;
  }

  /** Plainly there, under a name that only its address tells. */
  async function share(event: OutgoingEvent, expiresInSeconds: number, signal: AbortSignal): Promise<string> {
    const path = `links/${idOf(event.id)}.json`;
    await bucket.mostBytes(signal);
    await bucket.put(path, event.body, signal);
    return bucket.sign(path, expiresInSeconds, signal);
  }
  return {
    deliver: (event, signal) => attempts.run(signal, () => deliver(event, signal)),
    deliverBatch: (events, signal) => attempts.run(signal, () => delivery.deliver(events, signal)),
    check: (signal) => attempts.run(signal, () => checkProject(settings, bucket, tables, signal)),
    share: (event, expiresIn, signal) => attempts.run(signal, () => share(event, expiresIn, signal)),
    close: attempts.close,
  };
}
