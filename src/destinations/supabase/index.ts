/** Supabase: payloads in a bucket, and rows that point to them in Terra's tables. See README.md. */

import { batchTime } from "../attempt-time.ts";
import { defineDestination, type Sender, type SenderContext } from "../destination.ts";
import { uuidOf } from "../kit/identity.ts";
import { openSender } from "../kit/sender.ts";
import { Bucket } from "./bucket.ts";
import { checkProject } from "./check.ts";
import { Delivery } from "./delivery.ts";
import { Http } from "./http.ts";
import { type SupabaseSettings, supabaseSettings } from "./settings.ts";
import { setupOver } from "./setup.ts";
import { Tables } from "./tables.ts";

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
  return openSender({
    deliverBatch: (events, signal) => delivery.deliver(events, signal),
    check: (signal) => checkProject(settings, bucket, tables, signal),
    /** The object's name can be learned from its address only. */
    async share(event, expiresInSeconds, signal) {
      const path = `links/${uuidOf(event.id)}.json`;
      await bucket.mostBytes(signal);
      await bucket.put(path, event.body, signal);
      return bucket.sign(path, expiresInSeconds, signal);
    },
    close: () => http.close(),
  });
}
