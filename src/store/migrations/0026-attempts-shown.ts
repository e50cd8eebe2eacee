/** The requests of attempts, the pauses of destinations, and indexes for what is shown of both. */
import type { Migration } from "./migration.ts";

export const attemptsShown: Migration = {
  number: 26,
  name: "attempts-shown",
  statements: [
    "ALTER TABLE attempts ADD COLUMN request json",
    "ALTER TABLE destinations ADD COLUMN paused_until timestamptz, ADD COLUMN paused_after integer",
    // Statistics read nothing but this index.
    `CREATE INDEX attempts_destination ON attempts (environment_id, destination_id, attempt_id DESC)
      INCLUDE (started_at, duration_ms, outcome)`,
    `CREATE INDEX events_reference_id ON events (environment_id, reference_id, event_id DESC)
      WHERE reference_id IS NOT NULL`,
    "CREATE INDEX deliveries_dead_event ON deliveries (environment_id, event_id DESC) WHERE state = 'dead'",
  ],
};
