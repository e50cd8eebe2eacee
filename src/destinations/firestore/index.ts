/** Firestore: a document for each record, newest wins. See README.md. */
import { batchTime } from "../attempt-time.ts";
import { defineDestination, type Sender, type SenderContext } from "../destination.ts";
import { documentSender } from "../kit/documents/sender.ts";
import { readServiceAccount } from "../kit/google/service-account.ts";
import { openTokens } from "../kit/google/token.ts";
import { openHttp } from "../kit/http.ts";
import { Api } from "./api.ts";
import { checkDatabase } from "./check.ts";
import { Writer } from "./newest.ts";
import { type Settings, settings } from "./settings.ts";

/** Reads and writes documents; no say in who else may. */
const scope = "https://www.googleapis.com/auth/datastore";

export default defineDestination({
  kind: "firestore",
  displayName: "Firestore",
  settings,
  batch: { maxEvents: 60, maxBytes: 4 * 1_024 * 1_024 },
  time: batchTime,
  connect,
});

function connect(given: Settings, context: SenderContext): Sender {
  const account = readServiceAccount(given.service_account);
  const endpoint = new URL(given.endpoint);
  for (const { hostname } of [endpoint, account.tokenUrl]) context.assertAddressAllowed(hostname);
  const http = openHttp(context);
  const tokens = openTokens(account, scope, http);
  const root = `projects/${given.project_id}/databases/${given.database}/documents`;
  const api = new Api({ endpoint, http, tokens, root });
  return documentSender({
    async write(entries, signal) {
      const writer = new Writer(api, signal);
      await writer.write(entries);
      return writer.failures;
    },
    check: (signal) => checkDatabase(api, signal),
    close: () => http.close(),
  });
}
