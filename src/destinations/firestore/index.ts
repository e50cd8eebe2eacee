/** Firestore: a document for each record, newest wins. See README.md. */
import { batchTime } from "../attempt-time.ts";
import { defineDestination, type Sender, type SenderContext } from "../destination.ts";
import { writeNewest } from "../kit/documents/newest.ts";
import { documentSender } from "../kit/documents/sender.ts";
import { openGoogleApi } from "../kit/google/api.ts";
import { Api } from "./api.ts";
import { checkDatabase } from "./check.ts";
import { clearResources } from "./clear.ts";
import { firestoreStore } from "./newest.ts";
import { type Settings, settings } from "./settings.ts";

/** Reads and writes documents, and cannot change permissions. */
const scope = "https://www.googleapis.com/auth/datastore";

export default defineDestination({
  kind: "firestore",
  displayName: "Firestore",
  formats: ["fhir"],
  settings,
  batch: { maxEvents: 60, maxBytes: 4 * 1_024 * 1_024 },
  time: batchTime,
  connect,
});

function connect(given: Settings, context: SenderContext, format = "terra"): Sender {
  const google = openGoogleApi(given, scope, context);
  const root = `projects/${given.project_id}/databases/${given.database}/documents`;
  const api = new Api(google, root);
  return documentSender({
    write: (entries, signal) => writeNewest(firestoreStore(api), entries, signal),
    clear: (records, signal) => clearResources(api, records, signal),
    check: (signal) => checkDatabase(api, format, signal),
    close: () => google.close(),
  });
}
