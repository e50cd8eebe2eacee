/** PostgreSQL: records become rows of tables, of which the newest revision stands. See README.md. */
import { batchTime } from "../attempt-time.ts";
import { defineDestination } from "../destination.ts";
import { layoutOf } from "../kit/sql/layouts.ts";
import { sqlSender } from "../kit/sql/sender.ts";
import { postgresDatabase } from "./database.ts";
import { settings } from "./settings.ts";

const mebibyte = 1_048_576;

export default defineDestination({
  kind: "postgres",
  displayName: "PostgreSQL",
  formats: ["fhir"],
  settings,
  batch: { maxEvents: 200, maxBytes: 4 * mebibyte },
  time: batchTime,
  connect(given, context, format) {
    context.assertAddressAllowed(given.host);
    return sqlSender(postgresDatabase(given, context), layoutOf(given.layout, format));
  },
});
