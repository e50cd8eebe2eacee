/** A reference of its own for each event that answers no request, the kept ones included: they may still be sent. */
import type { Migration } from "./migration.ts";

export const ownReferences: Migration = {
  number: 11,
  name: "own-references",
  statements: [
    // What answers a request is traced by its reference alone, or by that and the number of a chunk.
    `UPDATE events SET reference = event_id::text
      WHERE starts_with(trace_id, reference || ':') AND NOT starts_with(trace_id, reference || ':chunk:')`,
  ],
};
