/** MongoDB: a document for each record, newest wins. See README.md. */
import { batchTime } from "../attempt-time.ts";
import { defineDestination, type Sender, type SenderContext } from "../destination.ts";
import type { Entry } from "../kit/documents/entries.ts";
import { type Failures, writeNewest } from "../kit/documents/newest.ts";
import { documentSender } from "../kit/documents/sender.ts";
import { checkDatabase } from "./check.ts";
import { clearResources } from "./clear.ts";
import { openClient } from "./client.ts";
import { Indexes } from "./indexes.ts";
import { collectionStore } from "./newest.ts";
import { type Settings, settings } from "./settings.ts";

export default defineDestination({
  kind: "mongodb",
  displayName: "MongoDB",
  formats: ["fhir"],
  settings,
  batch: { maxEvents: 200, maxBytes: 8 * 1_024 * 1_024 },
  time: batchTime,
  connect,
});

function connect(given: Settings, context: SenderContext, format = "terra"): Sender {
  const { client, db } = openClient(given, context);
  const indexes = new Indexes(db);

  /** Collections are written side by side. */
  async function write(entries: readonly Entry[], signal: AbortSignal): Promise<Failures> {
    const groups = [...Map.groupBy(entries, ({ collection }) => collection)];
    const written = groups.map(([collection, some]) =>
      writeNewest(collectionStore(db, collection, indexes), some, signal),
    );
    return new Map((await Promise.all(written)).flatMap((failures) => [...failures]));
  }
  return documentSender({
    write,
    clear: (records, signal) => clearResources(db, records, signal),
    check: (signal) => checkDatabase(db, format, signal),
    close: () => client.close(),
  });
}
