/** MongoDB: a document for each record, newest wins. See README.md. */
import { batchTime } from "../attempt-time.ts";
import { defineDestination, type Sender, type SenderContext } from "../destination.ts";
import type { Entry } from "../kit/documents/entries.ts";
import { documentSender, type Failures } from "../kit/documents/sender.ts";
import { checkDatabase } from "./check.ts";
import { openClient } from "./client.ts";
import { thrownFailure } from "./failure.ts";
import { Indexes } from "./indexes.ts";
import { Writer } from "./newest.ts";
import { type Settings, settings } from "./settings.ts";

export default defineDestination({
  kind: "mongodb",
  displayName: "MongoDB",
  settings,
  batch: { maxEvents: 200, maxBytes: 8 * 1_024 * 1_024 },
  time: batchTime,
  connect,
});

function connect(given: Settings, context: SenderContext): Sender {
  const { client, db } = openClient(given, context);
  const indexes = new Indexes(db);

  /** Collections side by side. */
  async function write(entries: readonly Entry[], signal: AbortSignal): Promise<Failures> {
    const writer = new Writer(db, signal);
    const groups = [...Map.groupBy(entries, ({ collection }) => collection)];
    await Promise.all(
      groups.map(async ([collection, some]) => {
        try {
          await indexes.ensure(collection);
          await writer.write(collection, some);
        } catch (thrown) {
          const failure = thrownFailure(thrown, "update");
          for (const entry of some) writer.failures.set(entry, failure);
        }
      }),
    );
    return writer.failures;
  }
  return documentSender({
    write,
    check: (signal) => checkDatabase(db, signal),
    close: () => client.close(),
  });
}
